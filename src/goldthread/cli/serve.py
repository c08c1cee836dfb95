"""goldthread serve: the web process."""

import os
import socket
import sys

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Serve pages until stopped. Run `goldthread work` beside it."""
    require_free(host, port)
    os.environ.setdefault("GOLDTHREAD_POOL", "1")
    from goldthread.cli.start import start

    start()
    run(host, port)


def run(host: str, port: int) -> None:
    """uvicorn until Ctrl-C or SIGTERM."""
    import uvicorn

    uvicorn.run("goldthread.project.asgi:application", host=host, port=port, log_level="warning", lifespan="off")


def require_free(host: str, port: int) -> None:
    """Exit 2 when something else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            print(
                f"Something else uses port {port} on {host}. Choose another with --port, for example --port {port + 1}.",
                file=sys.stderr,
            )
            sys.exit(2)
