"""The Prefect server as a child process: serves on a socket that its parent has opened, and ends with its parent.

The parent listens before the server is there, so a port in use shows at once, no port can be lost between asking and
taking, and clients that come early wait instead of failing.
"""

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

from copydesk.up_children import end_with_parent, start_child
from tasks.errors import UsageError

LOG = "server.log"

EVERY_SERVER = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT__SERVER_FINAL": "1",
    # Into a log file, whatever is to be seen of a server that Prefect starts by itself (`prefect_home.QUIET`).
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    # By default each state of each task run is a transaction of its own. While they are written, creating a flow run
    # meets 'database is locked' and its client waits two seconds: seen in half of all runs, in none with batches.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    # The maintenance flow deletes old runs; the server then clears away what they leave behind.
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,orphans",
}

PRIVATE_SERVER = {
    "PREFECT__SERVER_EPHEMERAL": "1",
    # Nobody watches: no event feed, no automations.
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
}


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes any free one.

    Raises:
        UsageError: the address cannot be listened on; exit code 1 for a port in use, because nothing is misspelt.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=128)
    except socket.gaierror as error:
        raise UsageError(f"--host {host} is no address of this machine ({error.strerror}).") from None
    except OSError as error:
        raise PortError(_port_message(host, port, error)) from None


class PortError(UsageError):
    """The port cannot be listened on."""

    exit_code = 1


PORT_TROUBLES = {
    errno.EADDRINUSE: "is in use by another program",
    errno.EACCES: "needs more rights than this user has",
    errno.EADDRNOTAVAIL: "is at no address of this machine",
}


def _port_message(host: str, port: int, error: OSError) -> str:
    trouble = PORT_TROUBLES.get(error.errno or 0, f"cannot be used ({error.strerror})")
    return f"Port {port} of {host} {trouble}: name another with --port, or another address with --host."


def url_of(listening: socket.socket) -> str:
    """The address at which this machine reaches a listening socket."""
    host, port = listening.getsockname()[:2]
    local = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - compared, not bound
    return f"http://{local}:{port}"


def start_server(home: Path, listening: socket.socket, lock: int, *, ui: bool) -> subprocess.Popen[bytes]:
    """A starting Prefect server on the socket, with its database in the home and its words in `server.log`.

    Args:
        home: Folder that becomes its PREFECT_HOME.
        listening: What `listen` gave; the caller closes its own copy.
        lock: Descriptor of the home's lock, held by the server as long as it lives.
        ui: Also serve the UI and run the services of a lasting server (schedule, late runs); else only the API.
    """
    env = {**os.environ, **_server_env(home, listening, ui=ui)}
    # A server asks nobody else's API.
    env.pop("PREFECT_API_URL", None)
    fds = (listening.fileno(), lock)
    return start_child("copydesk.up_server", [str(listening.fileno())], env, pass_fds=fds, log=home / LOG)


def _server_env(home: Path, listening: socket.socket, *, ui: bool) -> dict[str, str]:
    host, port = listening.getsockname()[:2]
    address = {
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_API_HOST": host,
        "PREFECT_SERVER_API_PORT": str(port),
        # Relative: the UI calls the address that the browser came by, not the default port.
        "PREFECT_SERVER_UI_API_URL": "/api",
        # Prefect allows every origin: any page open in the same browser could start runs here.
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": url_of(listening),
        "PREFECT_SERVER_UI_ENABLED": "true" if ui else "false",
    }
    return {**EVERY_SERVER, **({} if ui else PRIVATE_SERVER), **address}


def main() -> None:
    """Serve until SIGTERM or the parent's end."""
    end_with_parent()
    import uvicorn
    from prefect.server.api.server import create_app
    from prefect.settings import PREFECT_SERVER_API_KEEPALIVE_TIMEOUT

    listening = socket.socket(fileno=int(sys.argv[1]))
    config = uvicorn.Config(
        create_app(),
        log_level="warning",
        lifespan="on",
        timeout_keep_alive=PREFECT_SERVER_API_KEEPALIVE_TIMEOUT.value(),
        # An open browser tab keeps its event stream open: without this the stop would wait for it.
        timeout_graceful_shutdown=2,
    )
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
