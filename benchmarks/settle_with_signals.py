"""Settle what `settle_exactly` settles, with chargers, tags and a dynamic price.

Of the same points, some are chargers, whose energy goes to whoever's tag was there;
the grid's price is another one in every quarter hour.
"""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

# This must come first: it keeps Home Assistant, which nothing here needs, out.
from script.settle_lib import pure_wings  # noqa: F401

# isort: split

from benchmarks.make_signals import PRICE, chargers_of, tag_signal
from benchmarks.settle_exactly import run, terms_of
from custom_components.leg_invoicing.billing.meters import Meter, Role
from custom_components.leg_invoicing.billing.rates import SignalPrice
from custom_components.leg_invoicing.billing.tariffs import Price, Tariff
from custom_components.leg_invoicing.billing.terms import Terms
from custom_components.leg_invoicing.ledger import Ledger

__all__ = ["open_file", "run"]


def open_file(path: Path) -> tuple[Ledger, Terms]:
    """Open the ledger, as Home Assistant does once when it starts."""
    ledger = Ledger.open(path)
    return ledger, with_signals(ledger.houses())


def with_signals(points: tuple[str, ...]) -> Terms:
    """Return the terms of the houses among some points, and of the chargers."""
    chargers = chargers_of(points)
    terms = terms_of(tuple(point for point in points if point not in chargers))
    (version,) = terms.tariffs["Standard"].versions
    spot = SignalPrice(PRICE, multiplier=Decimal("1.08"), offset=Decimal("2.5"))
    dynamic = replace(version, p_grid_con=Price.flat(spot))
    return replace(
        terms,
        tariffs={"Standard": Tariff("Standard", (dynamic,))},
        meters=tuple(
            Meter(
                meter_id=charger,
                role=Role.EV_CHARGER,
                house_id=users[0],
                user_signal=tag_signal(charger),
                users={user: user for user in users},
            )
            for charger, users in chargers.items()
        ),
    )
