"""Settle from a ledger: read it, share every quarter hour, price every house."""

from datetime import date
from decimal import Decimal
from pathlib import Path

# This must come first: it keeps Home Assistant, which nothing here needs, out.
from script.settle_lib import pure_wings  # noqa: F401

# isort: split

from custom_components.leg_invoicing.billing.agreements import Agreement, Party
from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.money import UnitPrice
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.tariffs import Price, Tariff, TariffVersion
from custom_components.leg_invoicing.billing.terms import Community, Terms
from custom_components.leg_invoicing.ledger import Ledger

START_OF_TIME = date(2020, 1, 1)


def open_file(path: Path) -> tuple[Ledger, Terms]:
    """Open the ledger, as Home Assistant does once when it starts."""
    ledger = Ledger.open(path)
    return ledger, terms_of(ledger.houses())


def run(opened: tuple[Ledger, Terms], start: int, end: int) -> float:
    """Settle a span, down to each house's total; return the shared kWh."""
    ledger, terms = opened
    span = Span(start, end)
    settlement = settle(terms, span, ledger.measurements(span))
    if settlement.findings or not all(s.total for s in settlement.statements):
        raise ValueError("the ledger is not whole")
    return float(settlement.community.shared.kwh)


def terms_of(houses: tuple[str, ...]) -> Terms:
    """Return the terms of a community that trades with the grid for its members."""
    version = TariffVersion(
        valid_from=START_OF_TIME,
        p_pv=Price.flat(UnitPrice(Decimal(20))),
        p_con=Price.flat(UnitPrice(Decimal(25))),
        p_grid_del=Price.flat(UnitPrice(Decimal(6))),
        p_grid_con=Price.flat(UnitPrice(Decimal(30))),
    )
    return Terms(
        community=Community(
            timezone="Europe/Zurich",
            currency="CHF",
            model=Model.SPLIT,
            grid_tariff="Standard",
        ),
        tariffs={"Standard": Tariff("Standard", (version,))},
        agreements=tuple(
            Agreement(
                house_id=house,
                participant=Party(name=house),
                tariff_id="Standard",
                first=START_OF_TIME,
            )
            for house in houses
        ),
    )
