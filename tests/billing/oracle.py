"""A second settlement, slow and obvious, to hold the real one against.

It shares no code with what it checks: fractions instead of integers and decimals,
one interval and one house at a time, and each interval priced by itself on the
local day it begins on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import floor
from zoneinfo import ZoneInfo

from custom_components.leg_invoicing.billing.agreements import Agreement
from custom_components.leg_invoicing.billing.bands import DAYS, HOLIDAY, Window
from custom_components.leg_invoicing.billing.tariffs import Price, TariffVersion
from custom_components.leg_invoicing.billing.terms import Terms

type Cell = tuple[int, int]
"""Import and export in mWh."""


@dataclass
class Bill:
    """What one agreement comes to."""

    imported: int = 0
    exported: int = 0
    local_import: int = 0
    local_export: int = 0
    cost: Fraction = Fraction(0)
    revenue: Fraction = Fraction(0)


@dataclass
class Books:
    """What a span comes to."""

    bills: dict[tuple[str, str], Bill] = field(default_factory=dict)
    """By house and first day of the agreement."""
    grid_import_value: Fraction = Fraction(0)
    grid_export_value: Fraction = Fraction(0)
    balance: Fraction = Fraction(0)


def shares(claims: Sequence[int], supply: int) -> list[int]:
    """Share by proportion, in whole mWh, the largest remainders first."""
    whole = sum(claims)
    given = min(whole, supply)
    if not whole:
        return [0 for _ in claims]
    exact = [Fraction(given) * claim / whole for claim in claims]
    parts = [floor(share) for share in exact]
    while sum(parts) < given:
        lacks = [share - part for share, part in zip(exact, parts, strict=True)]
        parts[lacks.index(max(lacks))] += 1
    return parts


def settle_slowly(
    terms: Terms, rows: Mapping[int, Mapping[str, Cell]], houses: Sequence[str]
) -> Books:
    """Settle intervals given as start -> house -> cell; absent cells are zero."""
    books = Books()
    for start in sorted(rows):
        cells = [rows[start].get(house, (0, 0)) for house in houses]
        production = sum(exported for _, exported in cells)
        consumption = sum(imported for imported, _ in cells)
        bought = shares([imported for imported, _ in cells], production)
        sold = shares([exported for _, exported in cells], consumption)
        local = datetime.fromtimestamp(start, UTC).astimezone(
            ZoneInfo(terms.community.timezone)
        )
        for house, cell, buys, sells in zip(houses, cells, bought, sold, strict=True):
            for agreement in terms.agreements:
                if agreement.house_id == house and _is_valid(agreement, local):
                    _bill(books, terms, agreement, local, (*cell, buys, sells))
        _grid(books, terms, local, consumption, production)
        if str(terms.community.model) == "break_even":
            _break_even(books, terms, local, dict(zip(houses, cells, strict=True)))
    return books


def _break_even(
    books: Books, terms: Terms, local: datetime, cells: Mapping[str, Cell]
) -> None:
    """Price an interval by the published rule, with our exceptions."""
    version = _prices(terms, terms.community.grid_tariff, local)
    if version is None:
        return
    pv, sold, grid = (
        _rate(price, version, terms, local)
        for price in (version.p_pv, version.p_grid_del, version.p_grid_con)
    )
    used = sum(imported for imported, _ in cells.values())
    made = sum(exported for _, exported in cells.values())
    if not used:
        p_con, p_pv = grid, sold
    else:
        other = grid if made < used else sold
        p_con, p_pv = other + Fraction(made, used) * (pv - other), pv
        if p_con > grid:
            p_con = grid
            if made < used:
                p_pv = grid
            elif made:
                p_pv = (used * grid + (made - used) * sold) / made
    for house, (imported, exported) in cells.items():
        for agreement in terms.agreements:
            if agreement.house_id == house and _is_valid(agreement, local):
                bill = books.bills[house, agreement.first.isoformat()]
                if _prices(terms, agreement.tariff_id, local) is not None:
                    bill.cost += imported * p_con / 10**6
                    bill.revenue += exported * p_pv / 10**6
                    books.balance += (imported * p_con - exported * p_pv) / 10**6


def _is_valid(agreement: Agreement, local: datetime) -> bool:
    day = local.date()
    return agreement.first <= day and not (agreement.end and agreement.end <= day)


def _prices(terms: Terms, tariff_id: str, local: datetime) -> TariffVersion | None:
    valid = [
        version
        for version in terms.tariffs[tariff_id].versions
        if version.valid_from <= local.date()
    ]
    return max(valid, key=lambda version: version.valid_from, default=None)


def claims(window: Window, time: datetime, holidays: frozenset[date]) -> bool:
    """Tell in the plainest way whether a window of a band holds a local time."""
    for begins in (time.date(), time.date() - timedelta(days=1)):
        kind = HOLIDAY if begins in holidays else begins.weekday()
        if kind not in window.days or not window.season.covers(begins):
            continue
        midnight = datetime.combine(begins, datetime.min.time())
        start = midnight + timedelta(minutes=window.start)
        minutes = window.end - window.start
        length = timedelta(minutes=minutes if minutes > 0 else minutes + 24 * 60)
        if start <= time < start + length:
            return True
    return False


def _rate(
    price: Price, version: TariffVersion, terms: Terms, local: datetime
) -> Fraction:
    rates = dict(price.rates)
    if None in rates:
        return Fraction(rates[None].ct_per_kwh)
    assert version.bands is not None
    asks = any(
        HOLIDAY in window.days and len(window.days) < len(DAYS)
        for band in version.bands.bands
        for window in band.windows
    )
    holidays = terms.community.holidays if asks else frozenset()
    wall = local.replace(tzinfo=None)
    for band in version.bands.bands:
        if any(claims(window, wall, holidays) for window in band.windows):
            return Fraction(rates[band.name].ct_per_kwh)
    return Fraction(rates[version.bands.rest].ct_per_kwh)


def _bill(
    books: Books,
    terms: Terms,
    agreement: Agreement,
    local: datetime,
    energies: tuple[int, int, int, int],
) -> None:
    imported, exported, buys, sells = energies
    key = (agreement.house_id, agreement.first.isoformat())
    bill = books.bills.setdefault(key, Bill())
    bill.imported += imported
    bill.exported += exported
    bill.local_import += buys
    bill.local_export += sells
    prices = _prices(terms, agreement.tariff_id, local)
    if prices is None:
        return
    p_pv, p_con, p_del, p_grid = (
        _rate(price, prices, terms, local)
        for price in (prices.p_pv, prices.p_con, prices.p_grid_del, prices.p_grid_con)
    )
    if str(terms.community.model) == "break_even":
        return
    cost, revenue = {
        "pool": (imported * p_con, exported * p_pv),
        "split": (
            buys * p_con + (imported - buys) * p_grid,
            sells * p_pv + (exported - sells) * p_del,
        ),
        "local_only": (buys * p_con, sells * p_pv),
    }[str(terms.community.model)]
    bill.cost += cost / 10**6
    bill.revenue += revenue / 10**6
    books.balance += (cost - revenue) / 10**6


def _grid(
    books: Books, terms: Terms, local: datetime, consumption: int, production: int
) -> None:
    prices = _prices(terms, terms.community.grid_tariff, local)
    if prices is None:
        return
    bought, sold = (
        _rate(price, prices, terms, local)
        for price in (prices.p_grid_con, prices.p_grid_del)
    )
    paid = max(0, consumption - production) * bought
    got = max(0, production - consumption) * sold
    books.grid_import_value += paid / 10**6
    books.grid_export_value += got / 10**6
    if str(terms.community.model) != "local_only":
        books.balance += (got - paid) / 10**6
