"""One clock that runs fast, for the meters here and Home Assistant over there."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
import time
from typing import override

from script.demo_lib.home_assistant import HomeAssistantProcess
from script.demo_lib.progress import DemoError

_LIBRARY = "libfaketimeMT.so.1"
_FOLDERS = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/opt")


def find_faketime() -> Path | None:
    """Return the library that makes a program believe in another time."""
    for folder in _FOLDERS:
        for pattern in (f"faketime/{_LIBRARY}", f"*/faketime/{_LIBRARY}"):
            if found := next(Path(folder).glob(pattern), None):
                return found
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Seconds that go by faster than real ones."""

    base: int
    """What it showed at `begun`, in Unix seconds."""
    begun: float
    speed: int

    @classmethod
    def begin(cls, base: int, speed: int) -> Clock:
        """Start it now."""
        return cls(base=base, begun=time.time(), speed=speed)

    def now(self) -> float:
        """Return what it shows."""
        return self.base + (time.time() - self.begun) * self.speed

    async def reach(self, instant: float) -> None:
        """Wait until it shows an instant."""
        while (left := instant - self.now()) > 0:
            await asyncio.sleep(left / self.speed)


class FakedHomeAssistant(HomeAssistantProcess):
    """A Home Assistant that lives by our clock."""

    def __init__(
        self, folder: Path, clock: Clock, *, root: Path, python: Path, port: int
    ) -> None:
        """Prepare a new one; raises DemoError where the library is missing."""
        super().__init__(folder, root=root, python=python, port=port)
        if (library := find_faketime()) is None:
            raise DemoError(f"{_LIBRARY} was not found (Debian: faketime).")
        self._clock = clock
        self._library = library
        self._real_command = self._command

    @override
    def _start(self) -> None:
        """Start it at the time that it is now: later at every start."""
        now = datetime.fromtimestamp(self._clock.now(), UTC)
        self._command = [
            "/usr/bin/env",
            # In which the library reads the time below; Home Assistant has its own.
            "TZ=UTC",
            f"LD_PRELOAD={self._library}",
            f"FAKETIME=@{now:%Y-%m-%d %H:%M:%S} x{self._clock.speed}",
            *self._real_command,
        ]
        super()._start()
