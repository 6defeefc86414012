"""Processes that run beside each other and end together; none is left behind."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

PATIENCE = 60  # seconds for a process to start listening
GRACE = 5  # seconds for a process to end by itself


class DidNotStart(Exception):
    """A process ended, or kept silent, before it was of use. The text holds the end of its log."""


def free_port(first: int, *, taken: frozenset[int] = frozenset()) -> int:
    """The first port from `first` on that nobody on this machine listens to."""
    for port in range(first, first + 100):
        if port not in taken and not _listens(port):
            return port
    raise DidNotStart(f"No free port between {first} and {first + 99}.")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Processes:
    """A context in which processes run; leaving it, in whatever way, ends them in reverse order."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: list[tuple[subprocess.Popen[bytes], Path]] = []

    def __enter__(self) -> Self:
        # Terminals end with SIGHUP, supervisors with SIGTERM; both shall end as Ctrl-C does.
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for process, _log in reversed(self._running):
            process.terminate()
        for process, _log in self._running:
            try:
                process.wait(GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start(self, name: str, *arguments: str, port: int | None = None) -> None:
        """Start Python with these arguments, and wait until it listens. Raises `DidNotStart`."""
        log = self._logs / f"{name}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(  # noqa: S603 - our own arguments
                [sys.executable, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                # Ctrl-C reaches this process alone, which then ends the others in order.
                start_new_session=True,
            )
        self._running.append((process, log))
        deadline = time.monotonic() + PATIENCE
        while port and not _listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise DidNotStart(f"{name} did not start:\n{_tail(log)}")
            time.sleep(0.1)

    def wait(self) -> None:
        """Return never, unless a process ends by itself: then raise `DidNotStart`."""
        while True:
            for process, log in self._running:
                if process.poll() is not None:
                    raise DidNotStart(f"{log.stem} ended:\n{_tail(log)}")
            time.sleep(0.5)


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-20:])
