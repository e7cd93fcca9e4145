"""`copydesk explore`: serves the pages on this machine until it is told to stop."""

import signal
import socket
import webbrowser
from pathlib import Path
from threading import Timer

import uvicorn

from copydesk.explore.app import make_app
from copydesk.faces import out
from tasks.errors import UsageError
from tasks.io.folder import DataFolder

HOST = "127.0.0.1"
DRAIN_S = 2
"""How long a page that is being made may take after the wish to stop."""
BROWSER_AFTER_S = 0.5


def run_explore(data: Path, port: int, *, browser: bool) -> None:
    """Serve until Ctrl-C or SIGTERM, which both end it cleanly.

    Args:
        data: Data folder; it may be empty, and the pages then say what to do.
        port: Port on 127.0.0.1; 0 takes any that is free.
        browser: Open the first page.

    Raises:
        UsageError: the port is in use.
        DataFolderError: the folder cannot be used.
    """
    DataFolder(data).check()
    listening = listen(port)
    chosen = listening.getsockname()[1]
    app = make_app(data, chosen)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="error",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=DRAIN_S,
        )
    )
    app.state.desk.stopping = lambda: server.should_exit
    # uvicorn raises the signals that stopped it once more when it is done: then they shall do nothing.
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: None)
    url = f"http://{HOST}:{chosen}/"
    out.print(f"{url} shows {data}; Ctrl-C stops it.", markup=False, highlight=False, soft_wrap=True)
    if browser:
        Timer(BROWSER_AFTER_S, webbrowser.open, (url,)).start()
    with listening:
        server.run(sockets=[listening])


def listen(port: int) -> socket.socket:
    """A socket that listens on this machine only.

    Raises:
        UsageError: the port is in use, or not for this user.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise UsageError(
            f"Port {port} cannot be used ({error.strerror}): give another one with --port, or 0 for any that is free."
        ) from error
    return listening
