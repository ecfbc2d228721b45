"""What a person can ask script/convert for."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from custom_components.leg_invoicing.billing.calendar import INTERVAL_MINUTES
from custom_components.leg_invoicing.formats.grid_csv import Stamp

_MOST_KW = 100_000


def _pair(text: str) -> tuple[str, str]:
    # A house's id has no equals sign in it; a point's may.
    point, _, house = text.rpartition("=")
    if not point.strip() or not house.strip():
        raise ArgumentTypeError(f"{text!r} is not ID=HOUSE")
    return point.strip(), house.strip()


def _zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as err:
        raise ArgumentTypeError(
            f"{text!r} is not a time zone such as Europe/Zurich"
        ) from err


def _kilowatts(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= _MOST_KW):
        raise ArgumentTypeError(f"{text!r} is not a whole number of kW")
    return int(text)


_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "--interval": {
        "type": int,
        "default": 15,
        "choices": INTERVAL_MINUTES,
        "help": "minutes: the intervals of the community",
    },
    "--map": {
        "type": _pair,
        "action": "append",
        "default": [],
        "metavar": "ID=HOUSE",
        "help": "the house of a metering point; may be given again",
    },
    "--partly": {
        "action": "append",
        "default": [],
        "metavar": "HOUSE",
        "help": "a house with a factor in the terms: take all that its meters counted, "
        "also where a file has the part that takes part; may be given again",
    },
    "--timezone": {
        "type": _zone,
        "default": "Europe/Zurich",
        "help": "of grid operators' CSV, whose times are local",
    },
    "--stamp": {
        "choices": tuple(Stamp),
        "help": "what the times of such CSV name",
    },
    "--max-power": {
        "type": _kilowatts,
        "default": 30,
        "metavar": "KW",
        "help": "the most that a house's connection carries; for register readings",
    },
}


def parse_options(arguments: Sequence[str] | None, formats: Iterable[str]) -> Namespace:
    """Read the command line; exits with status 2 where it is wrong."""
    parser = ArgumentParser(
        prog="script/convert",
        description="Turn meter-data files into the CSV of intervals, on stdout.",
    )
    parser.add_argument(
        "files", type=Path, nargs="+", metavar="FILE", help="or a zip archive of files"
    )
    parser.add_argument(
        "--format", choices=tuple(formats), help="instead of finding out"
    )
    for name, settings in _OPTIONS.items():
        parser.add_argument(name, **settings)
    return parser.parse_args(arguments)
