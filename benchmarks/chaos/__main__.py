"""Let a community go through hours of chaos in minutes, and compare to the last mWh.

    script/benchmark chaos                        an evening, planned by hand
    script/benchmark chaos --hours 24 --seed 7    a day, by chance

Exits with 1 when anything is not as it should be.
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
import sys
import tempfile

from script.demo_lib.broker import find_mosquitto

from .clock import find_faketime
from .conclusion import Outcome
from .play import play
from .run import Run
from .scenario import SHORT, SHORT_SECONDS, by_chance

_ROOT = Path(__file__).parents[2]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="script/benchmark chaos", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--hours", type=float, default=4, help="on the fast clock")
    parser.add_argument("--seed", type=int, help="of troubles by chance")
    parser.add_argument("--environment", default="newest", help="or pinned")
    parser.add_argument("--folder", type=Path, help="to keep what was written")
    for program, found in {
        "mosquitto": find_mosquitto(),
        "faketime": find_faketime(),
    }.items():
        if not found:
            parser.error(f"{program} was not found (Debian: apt-get install {program})")
    return parser.parse_args()


def _run(arguments: argparse.Namespace, folder: Path) -> Run:
    seed, seconds = arguments.seed, int(arguments.hours * 3600)
    return Run(
        root=_ROOT,
        folder=folder,
        environment=arguments.environment,
        seed=seed or 0,
        seconds=SHORT_SECONDS if seed is None else seconds,
        lanes=SHORT if seed is None else by_chance(seed, seconds),
    )


def _lines(outcome: Outcome) -> Iterator[str]:
    """Yield what there is to say."""
    kinds = Counter(d.kind for d in outcome.disturbances)
    yield "disturbed: " + ", ".join(f"{n} × {kind}" for kind, n in kinds.items())
    yield "repairs: " + ", ".join(f"{n} × {key}" for key, n in outcome.repairs.items())
    yield "findings: " + "; ".join(outcome.findings)
    yield ""
    yield (
        f"{'house':8}{'intervals':>10}{'exact':>7}{'flagged':>9}"
        f"{'imported, mWh':>15}{'counted':>12}{'exported, mWh':>15}{'counted':>12}"
    )
    for h in outcome.houses:
        yield (
            f"{h.house:8}{h.intervals:10}{h.exact:7}{h.flagged:9}"
            f"{h.billed.imported:15}{h.true.imported:12}"
            f"{h.billed.exported:15}{h.true.exported:12}"
        )
    yield ""
    yield from outcome.faults or ("Everything is as it should be.",)


def main() -> int:
    """Play, and print what became of it."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="chaos-") as temporary:
        folder = arguments.folder or Path(temporary)
        outcome = asyncio.run(play(_run(arguments, folder)))
    print("\n".join(_lines(outcome)))
    return bool(outcome.faults)


if __name__ == "__main__":
    sys.exit(main())
