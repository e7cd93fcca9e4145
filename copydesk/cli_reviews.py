"""The commands `rules` and `quarantine`: what a person looks at and decides. Each hands on what it was asked."""

from pathlib import Path
from typing import Annotated

import typer

from copydesk.options import Data, Note

rules = typer.Typer(help="Review what was learned of each site's furniture.", invoke_without_command=True)
RuleId = Annotated[str, typer.Argument(help="Id of the rule, or the beginning of it.")]


@rules.callback()
def list_rules(
    context: typer.Context,
    data: Data = Path("data"),
    site: Annotated[str | None, typer.Option(help="Only this site.")] = None,
    json: Annotated[bool, typer.Option("--json", help="The rules as a JSON list.")] = False,
) -> None:
    """List the lines that sites repeat and that are cut, with in how many articles they stand."""
    if context.invoked_subcommand is None:
        from copydesk.rules import show_rules

        show_rules(data, site, as_json=json)


@rules.command("confirm")
def confirm_rule(rule: RuleId, data: Data = Path("data"), note: Note = None) -> None:
    """Say that a rule is right."""
    from copydesk.faces import out
    from copydesk.rules import decide_rule
    from schemas.reasons import DecisionKind

    out.print(decide_rule(data, rule, DecisionKind.CONFIRM, note=note), highlight=False)


@rules.command("refuse")
def refuse_rule(rule: RuleId, data: Data = Path("data"), note: Note = None) -> None:
    """Say that a rule is wrong: its text stays from the next run on."""
    from copydesk.faces import out
    from copydesk.rules import decide_rule
    from schemas.reasons import DecisionKind

    out.print(decide_rule(data, rule, DecisionKind.REFUSE, note=note), highlight=False)


quarantine = typer.Typer(help="Look at what was refused or held, and why.", invoke_without_command=True)


@quarantine.callback()
def list_quarantine(
    context: typer.Context,
    data: Data = Path("data"),
    by: Annotated[str, typer.Option(help="Group by rule, site or source; row lists each.")] = "rule",
    rule: Annotated[str | None, typer.Option(help="Only what this rule refused.")] = None,
    site: Annotated[str | None, typer.Option(help="Only this site.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Also what is closed, decided, or published since.")] = False,
    json: Annotated[bool, typer.Option("--json", help="A JSON list instead of a table.")] = False,
) -> None:
    """List what was refused and is open, the most frequent first; `copydesk reprocess --quarantined` looks again."""
    if context.invoked_subcommand is None:
        from copydesk.quarantine import show_groups

        show_groups(data, by, rule, site, every=every, as_json=json)


@quarantine.command("show")
def show_refusal(
    refusal: Annotated[str, typer.Argument(help="Id of the refusal, or the beginning of it, or the page's URL.")],
    data: Data = Path("data"),
    json: Annotated[bool, typer.Option("--json", help="The rows as a JSON list.")] = False,
) -> None:
    """Show one refusal: rule, value, limits, the place of the capture, and the row that would have been published."""
    from copydesk.quarantine import show_row

    show_row(data, refusal, as_json=json)
