"""Give a ledger the signals of a community with chargers and a dynamic price.

Usage: python -m benchmarks.make_signals PATH START END

The price changes with every quarter hour; at each charger two tags take turns.
"""

from collections.abc import Iterator
from pathlib import Path
import random
import sys

# This must come first: it keeps Home Assistant, which nothing here needs, out.
from script.settle_lib import pure_wings  # noqa: F401

# isort: split

from custom_components.leg_invoicing.billing.calendar import Instant
from custom_components.leg_invoicing.billing.signals import SignalValue
from custom_components.leg_invoicing.ledger import Ledger

QUARTER_HOUR = 900
PRICE = "spot"
EVERY = 10
"""One house of so many is a charger instead."""


def chargers_of(houses: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """Return the chargers, and the two houses that charge at each."""
    return {
        houses[n]: (houses[n - 2], houses[n - 1])
        for n in range(EVERY - 1, len(houses), EVERY)
    }


def tag_signal(charger: str) -> str:
    """Return the signal that says who charges."""
    return f"tag of {charger}"


def signals(
    houses: tuple[str, ...], start: Instant, end: Instant
) -> Iterator[SignalValue]:
    """Yield what was shown, interval by interval."""
    dice = random.Random(1)
    chargers = chargers_of(houses)
    for at in range(start, end, QUARTER_HOUR):
        yield SignalValue(PRICE, at, f"{dice.uniform(-2, 30):.3f}")
        for charger, users in chargers.items():
            yield SignalValue(tag_signal(charger), at, users[at // 7200 % 2])


def main() -> None:
    """Write the signals of a span."""
    path, start, end = sys.argv[1:]
    ledger = Ledger.open(Path(path))
    ledger.write_signals(signals(ledger.houses(), int(start), int(end)))
    ledger.close()


if __name__ == "__main__":
    main()
