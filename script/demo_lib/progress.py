"""Tell somebody who waits what is going on, and for how long already."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
import time

_STARTED = time.monotonic()
_HEARTBEAT_SECONDS = 10.0


class DemoError(Exception):
    """Something the demonstration needs did not happen; the text says what."""


def say(text: str) -> None:
    """Print a line with the seconds since the program began."""
    print(f"[{time.monotonic() - _STARTED:6.1f} s] {text}", flush=True)


@asynccontextmanager
async def step(text: str) -> AsyncIterator[None]:
    """Announce a step, and say every now and then that it still goes on."""
    say(f"{text} ...")

    async def beat() -> None:
        while True:
            await asyncio.sleep(_HEARTBEAT_SECONDS)
            say(f"... {text}")

    heart = asyncio.create_task(beat())
    try:
        yield
    finally:
        heart.cancel()
        with suppress(asyncio.CancelledError):
            await heart


async def wait_until[T](
    what: str,
    look: Callable[[], Awaitable[T | None]],
    *,
    seconds: float,
    every: float = 0.5,
) -> T:
    """Look again and again until something other than None or False is seen.

    Raises DemoError naming what never came.
    """
    deadline = time.monotonic() + seconds
    while True:
        if seen := await look():
            return seen
        if time.monotonic() > deadline:
            raise DemoError(f"Waited {seconds:.0f} s in vain: {what}.")
        await asyncio.sleep(every)
