"""A real nginx in front of mocks, on a free port of loopback."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

import pytest


def need_nginx() -> None:
    """Skip the test without nginx; in CI it fails."""
    if shutil.which("nginx") is None:
        reason = "nginx is not installed (Debian package nginx-light)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


@contextmanager
def nginx(folder: Path, configuration: str, port: int) -> Iterator[None]:
    """Run nginx with a configuration that listens on `port`."""
    (folder / "nginx.conf").write_text(configuration)
    alone = f"daemon off; pid {folder}/pid; error_log {folder}/error.log;"
    command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", alone]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 10).close()
        except OSError:
            sleep(0.02)
        else:
            return
    raise AssertionError("nginx does not start")
