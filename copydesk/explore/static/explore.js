// The pages work without this file. With it a query is run in place, and can be cancelled.
"use strict";
(() => {
  const form = document.getElementById("query");
  if (!form) return;
  const sql = document.getElementById("sql");
  const run = document.getElementById("run");
  const cancel = document.getElementById("cancel");
  let asking = null;

  async function ask() {
    if (asking) asking.abort();
    const mine = (asking = new AbortController());
    cancel.hidden = false;
    run.textContent = "Running…";
    form.setAttribute("aria-busy", "true");
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch("/sql", { method: "POST", body, signal: mine.signal });
      const text = await answer.text();
      const found = new DOMParser().parseFromString(text, "text/html").getElementById("answer");
      if (found) document.getElementById("answer").replaceWith(document.adoptNode(found));
      else tell(text);
    } catch (error) {
      if (mine === asking) tell(error.name === "AbortError" ? "The query was cancelled." : "copydesk explore does not answer: is it still running?");
    }
    if (mine !== asking) return;
    asking = null;
    cancel.hidden = true;
    run.textContent = "Run";
    form.removeAttribute("aria-busy");
  }

  function tell(sentence) {
    const box = document.createElement("p");
    box.className = "said bad";
    box.textContent = sentence;
    document.getElementById("answer").replaceChildren(box);
  }

  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.hasAttribute("data-plain")) return;
    event.preventDefault();
    ask();
  });
  cancel.addEventListener("click", () => asking && asking.abort());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target === sql) {
      event.preventDefault();
      ask();
    } else if (event.key === "Escape" && asking) {
      asking.abort();
    }
  });
  document.getElementById("name").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    form.requestSubmit(document.querySelector("button[formaction='/queries']"));
  });
  document.querySelector(".shelf").addEventListener("click", (event) => {
    const word = event.target.closest("[data-insert]");
    if (!word) return;
    sql.setRangeText(word.textContent, sql.selectionStart, sql.selectionEnd, "end");
    sql.focus();
  });
})();
