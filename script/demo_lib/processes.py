"""Programs that we start, and that never outlive us.

Each runs in a session of its own, so a Ctrl-C in the terminal reaches only us and we
stop them in the right order. What is still running when Python ends is killed.
"""

import asyncio
import atexit
from collections.abc import Sequence
from contextlib import suppress
import os
from pathlib import Path
import signal
import socket
import subprocess
import time
from typing import Self

from .progress import DemoError

LOOPBACK = "127.0.0.1"

_running: set[subprocess.Popen[bytes]] = set()


@atexit.register
def _kill_all() -> None:
    for process in list(_running):
        _signal_group(process, signal.SIGKILL)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def is_free(port: int) -> bool:
    """Tell whether a program could listen on a loopback port."""
    with socket.socket() as probe:
        # As servers do: a connection that lingers from before does not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


def answers(port: int) -> bool:
    """Tell whether somebody accepts connections on a loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


class ChildProcess:
    """A program that listens on a port and whose output goes to a log file.

    As a context it is started, and stopped at the end, whatever happened.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        port: int,
        log: Path,
    ) -> None:
        """Describe the program; nothing starts yet."""
        self.name = name
        self.port = port
        self.log = log
        self._command = [str(part) for part in command]
        self._process: subprocess.Popen[bytes] | None = None

    async def __aenter__(self) -> Self:
        """Start."""
        await self.begin()
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Stop."""
        await self.stop()

    @property
    def is_running(self) -> bool:
        """Whether the program was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    async def begin(self) -> None:
        """Start the program, and wait until it accepts connections.

        Raises DemoError when the port is taken or the program ends instead.
        """
        if not is_free(self.port):
            raise DemoError(f"{self.name}: port {self.port} is taken.")
        self._start()
        while not answers(self.port):
            self._check()
            await asyncio.sleep(0.1)

    def _start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        _running.add(self._process)

    def _check(self) -> None:
        if not self.is_running:
            code = self._process.returncode if self._process else None
            raise DemoError(f"{self.name} ended by itself (exit code {code}).")

    async def stop(self, *, patience: float = 180.0) -> None:
        """Ask the program to stop; after a while, kill it and all it started.

        Home Assistant first writes all statistics that are waiting to be written.
        """
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.kill(self._process.pid, signal.SIGTERM)
        deadline = time.monotonic() + patience
        while self._process.poll() is None and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        self.kill()

    def kill(self) -> None:
        """Kill the program and all it started, at once, as a power cut would."""
        if self._process is None:
            return
        _signal_group(self._process, signal.SIGKILL)
        self._process.wait()
        _running.discard(self._process)
        self._process = None

    def last_lines(self, count: int = 40) -> str:
        """Return the end of the log."""
        if not self.log.exists():
            return ""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-count:])
