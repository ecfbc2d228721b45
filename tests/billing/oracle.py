"""A second settlement, slow and obvious, to hold the real one against.

It shares no code with what it checks: fractions instead of integers and decimals,
one interval and one house at a time, and each interval priced by itself on the
local day it begins on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import floor
from zoneinfo import ZoneInfo

from custom_components.leg_invoicing.billing.agreements import Agreement
from custom_components.leg_invoicing.billing.bands import DAYS, HOLIDAY, Window
from custom_components.leg_invoicing.billing.money import UnitPrice
from custom_components.leg_invoicing.billing.signal_bands import ModeBands
from custom_components.leg_invoicing.billing.tariffs import Price, TariffVersion
from custom_components.leg_invoicing.billing.terms import Terms
from tests.billing.bill_oracle import Flow

type Cell = tuple[int, int]
"""Import and export in mWh."""


@dataclass
class Bill:
    """What one agreement comes to."""

    imported: int = 0
    exported: int = 0
    local_import: int = 0
    local_export: int = 0
    flows: list[Flow] = field(default_factory=list)
    """What its energy is, where it has prices; for `bill_slowly`."""
    days: dict[date, TariffVersion] = field(default_factory=dict)
    """By which version each day is priced."""
    cost: Fraction = Fraction(0)
    revenue: Fraction = Fraction(0)
    saved: Fraction = Fraction(0)
    """What the energy would have cost more, and brought less, without the community."""
    co2: Fraction = Fraction(0)
    """Grams that are avoided."""
    taken_off: Fraction = Fraction(0)

    def compare(
        self,
        is_charge: bool,
        mwh: int,
        here: Fraction | None,
        elsewhere: Fraction | None,
    ) -> None:
        """Note what is gained, where both prices are known."""
        if here is not None and elsewhere is not None:
            gain = elsewhere - here if is_charge else here - elsewhere
            self.saved += gain * mwh / 10**6


@dataclass
class Books:
    """What a span comes to."""

    signals: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    """What else was so, by start."""
    bills: dict[tuple[str, str], Bill] = field(default_factory=dict)
    """By house and first day of the agreement."""
    grid_import_value: Fraction = Fraction(0)
    grid_export_value: Fraction = Fraction(0)
    balance: Fraction = Fraction(0)


type Priced = tuple[str, Fraction, Fraction]
"""How a printed line stands to VAT: mode, per cent, amount in ct."""


def taxes(lines: Iterable[Priced], unit: Fraction) -> tuple[Fraction, Fraction]:
    """Return the tax on printed lines, and what of it is added to them.

    A tax is rounded to the smallest unit of the currency, once for each rate.
    """
    lines, whole, added = list(lines), Fraction(0), Fraction(0)
    for mode, rate in {line[:2] for line in lines}:
        amount = sum(line[2] for line in lines if line[:2] == (mode, rate))
        tax = amount * rate / (100 if mode == "on_top" else 100 + rate)
        tax = nearest(tax, unit) if mode != "none" else Fraction(0)
        whole += tax
        added += tax if mode == "on_top" else 0
    return whole, added


def nearest(amount: Fraction, unit: Fraction) -> Fraction:
    """Round to a multiple of a unit, the way people do: halves away from zero."""
    sign = -1 if amount < 0 else 1
    return sign * floor(abs(amount) / unit + Fraction(1, 2)) * unit


def shares(
    key: str,
    claims: Sequence[int],
    supply: int,
    weights: Sequence[Fraction],
    order: Sequence[int],
) -> list[int]:
    """Share by a key, in whole mWh, the largest remainders first."""
    supply = min(supply, sum(claims)) if key != "static" else supply
    exact = exact_shares(key, claims, supply, weights, order)
    exact.append(supply - sum(exact))
    parts = [floor(share) for share in exact]
    while sum(parts) < supply:
        lacks = [share - part for share, part in zip(exact, parts, strict=True)]
        parts[lacks.index(max(lacks))] += 1
    return parts[:-1]


def exact_shares(
    key: str,
    claims: Sequence[int],
    supply: int,
    weights: Sequence[Fraction],
    order: Sequence[int],
) -> list[Fraction]:
    """Share by a key without rounding; `order` holds positions."""
    level = [Fraction(1) for _ in claims]
    if key == "proportional":
        return _by_demand([Fraction(claim) for claim in claims], Fraction(supply))
    if key == "equal":
        return _round_by_round(claims, supply, level)
    if key == "static_rounds":
        got = _round_by_round(claims, supply, weights)
        unmet = [claim - share for claim, share in zip(claims, got, strict=True)]
        rest = _round_by_round(unmet, supply - sum(got), level)
        return [a + b for a, b in zip(got, rest, strict=True)]
    if key == "priority":
        return _one_after_the_other(claims, supply, order)
    got = [
        min(Fraction(claim), weight * supply)
        for claim, weight in zip(claims, weights, strict=True)
    ]
    if key == "static":
        return got
    unmet = [claim - share for claim, share in zip(claims, got, strict=True)]
    rest = _by_demand(unmet, supply - sum(got))
    return [a + b for a, b in zip(got, rest, strict=True)]


def _by_demand(claims: Sequence[Fraction], supply: Fraction) -> list[Fraction]:
    whole = sum(claims)
    if not whole:
        return [Fraction(0) for _ in claims]
    return [min(supply, whole) * claim / whole for claim in claims]


def _one_after_the_other(
    claims: Sequence[int], supply: int, order: Sequence[int]
) -> list[Fraction]:
    shares = [Fraction(0) for _ in claims]
    for position in order:
        shares[position] = min(Fraction(claims[position]), supply - sum(shares))
    return shares


def _round_by_round(
    claims: Sequence[int | Fraction],
    supply: int | Fraction,
    weights: Sequence[Fraction],
) -> list[Fraction]:
    """Hand out what is left by weight, and collect what was too much, for ever."""
    shares = [Fraction(0) for _ in claims]
    while True:
        left = supply - sum(shares)
        wanting = [
            i for i, w in enumerate(weights) if w and shares[i] < claims[i] and left
        ]
        if not wanting:
            return shares
        whole = sum(weights[i] for i in wanting)
        for i in wanting:
            shares[i] = min(Fraction(claims[i]), shares[i] + left * weights[i] / whole)


def settle_slowly(
    terms: Terms,
    rows: Mapping[int, Mapping[str, Cell]],
    houses: Sequence[str],
    signals: Mapping[int, Mapping[str, str]],
) -> Books:
    """Settle intervals given as start -> house -> cell; absent cells are zero."""
    books = Books(signals)
    for start in sorted(rows):
        local = datetime.fromtimestamp(start, UTC).astimezone(
            ZoneInfo(terms.community.timezone)
        )
        cells = [
            (0, 0) if is_gone(terms, house, local) else rows[start].get(house, (0, 0))
            for house in houses
        ]
        production = sum(exported for _, exported in cells)
        consumption = sum(imported for imported, _ in cells)
        key, producers, *standing = sharing(terms, local, houses)
        bought = shares(key, [cell[0] for cell in cells], production, *standing)
        sold = shares(producers, [cell[1] for cell in cells], sum(bought), *standing)
        for house, cell, buys, sells in zip(houses, cells, bought, sold, strict=True):
            for agreement in payers(terms, house, local, rows):
                bill(books, terms, agreement, local, (*cell, buys, sells))
        grid(books, terms, local, consumption - sum(bought), production - sum(sold))
        if str(terms.community.model) == "break_even":
            traded = (consumption - sum(bought), production - sum(sold))
            together = dict(zip(houses, cells, strict=True))
            _break_even(books, terms, local, together, traded, rows)
    return books


def _break_even(
    books: Books,
    terms: Terms,
    local: datetime,
    cells: Mapping[str, Cell],
    traded: tuple[int, int],
    rows: Mapping[int, Mapping[str, Cell]],
) -> None:
    """Let consumers pay producers and the grid, and no more than the grid asks."""
    version = _prices(terms, terms.community.grid_tariff, local)
    if version is None:
        return
    three = [
        _known_rate(books, price, version, terms, local)
        for price in (version.p_pv, version.p_grid_del, version.p_grid_con)
    ]
    if None in three:
        return
    pv, sold, grid = three
    used = sum(imported for imported, _ in cells.values())
    made = sum(exported for _, exported in cells.values())
    bought, delivered = traded
    paid = made * pv + bought * grid - delivered * sold
    p_con = min(grid, Fraction(paid, used)) if used else grid
    brought = (used * p_con if used else 0) - bought * grid + delivered * sold
    p_pv = Fraction(brought, made) if made else sold
    for house, (imported, exported) in cells.items():
        for agreement in payers(terms, house, local, rows):
            bill = books.bills[house, agreement.first.isoformat()]
            own = _prices(terms, agreement.tariff_id, local)
            if own is not None:
                for is_charge, mwh, here in (
                    (True, imported, p_con),
                    (False, exported, p_pv),
                ):
                    there = _elsewhere(books, own, terms, local, is_charge=is_charge)
                    bill.compare(is_charge, mwh, here, there)
                bill.cost += imported * p_con / 10**6
                bill.revenue += exported * p_pv / 10**6
                books.balance += (imported * p_con - exported * p_pv) / 10**6


def sharing(
    terms: Terms, local: datetime, houses: Sequence[str]
) -> tuple[str, str, list[Fraction], list[int]]:
    """Return the keys of a day, and weights and order of the houses on it."""
    version = next(
        version
        for version in reversed(terms.community.sharing)
        if version.valid_from <= local.date()
    )
    weights = dict(version.weights)
    known = sorted({a.house_id for a in terms.agreements})
    valid = [a for house in known for a in billed(terms, house, local)]
    for agreement in valid:
        if agreement.weight is not None:
            weights[agreement.house_id] = agreement.weight
    if not weights:
        weights = {a.house_id: Fraction(1, len(valid)) for a in valid}
    unlisted = [house for house in sorted(houses) if house not in version.order]
    order = [house for house in version.order if house in houses] + unlisted
    return (
        str(version.allocation),
        str(version.producers),
        [Fraction(weights.get(house, 0)) for house in houses],
        [list(houses).index(house) for house in order],
    )


def billed(terms: Terms, house: str, local: datetime) -> list[Agreement]:
    """Return who is billed for a house on a day: the owner while nobody has it."""
    own = [a for a in terms.agreements if a.house_id == house]
    valid = [a for a in own if _is_valid(a, local)]
    ended = [a for a in own if a.end and a.end <= local.date()]
    if valid or not ended or is_gone(terms, house, local):
        return valid
    newest = max(ended, key=lambda a: a.end or date.max)
    owner = terms.owners.get(house)
    return [
        replace(
            newest,
            first=newest.end or date.max,
            tariff_id=owner and owner.tariff_id or newest.tariff_id,
            weight=None,
        )
    ]


def payers(
    terms: Terms, house: str, local: datetime, rows: Mapping[int, Mapping[str, Cell]]
) -> list[Agreement]:
    """Return who is billed for a house on a day, or was before anybody came.

    The owner is from the first day on which anything of the house was measured.
    """
    measured = [
        datetime.fromtimestamp(start, UTC).astimezone(local.tzinfo).date()
        for start, cells in rows.items()
        if house in cells
    ]
    if any(day <= local.date() for day in measured):
        return billed_ever(terms, house, local)
    return billed(terms, house, local)


def billed_ever(terms: Terms, house: str, local: datetime) -> list[Agreement]:
    """Return who is billed for a house, which the owner had before anybody came."""
    own = [a for a in terms.agreements if a.house_id == house]
    owner = terms.owners.get(house)
    if not own or not owner or any(a.first <= local.date() for a in own):
        return billed(terms, house, local)
    first = min(own, key=lambda a: a.first)
    return [
        replace(
            first,
            first=date(1970, 1, 1),
            end=first.first,
            tariff_id=owner.tariff_id or first.tariff_id,
            vacancy=True,
        )
    ]


def is_gone(terms: Terms, house: str, local: datetime) -> bool:
    """Tell whether a house has left and not come back."""
    joined = [a.first for a in terms.agreements if a.house_id == house]
    return any(
        day <= local.date() and not any(day <= j <= local.date() for j in joined)
        for day in terms.left.get(house, ())
    )


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
    books: Books,
    price: Price,
    version: TariffVersion,
    terms: Terms,
    local: datetime,
) -> Fraction:
    """Return a price; nothing is paid at one that is not known."""
    return _known_rate(books, price, version, terms, local) or Fraction(0)


def _known_rate(
    books: Books,
    price: Price,
    version: TariffVersion,
    terms: Terms,
    local: datetime,
) -> Fraction | None:
    signals = books.signals.get(int(local.timestamp()), {})
    rate = dict(price.rates).get(_band_of(price, version, terms, local, books))
    if rate is None or isinstance(rate, UnitPrice):
        return None if rate is None else Fraction(rate.ct_per_kwh)
    try:
        seen = Fraction(signals[rate.signal_id])
    except KeyError, ValueError:
        return None
    return seen * Fraction(rate.multiplier) + Fraction(rate.offset)


def _elsewhere(
    books: Books,
    version: TariffVersion,
    terms: Terms,
    local: datetime,
    *,
    is_charge: bool,
) -> Fraction | None:
    """Return what a kWh costs or brings without the community."""
    alone = version.p_standard or version.p_grid_con
    price = alone if is_charge else version.p_grid_del
    return _known_rate(books, price, version, terms, local)


def _band_of(
    price: Price, version: TariffVersion, terms: Terms, local: datetime, books: Books
) -> str | None:
    """Return the band of a price; none where it is the same at all times."""
    if None in dict(price.rates):
        return None
    signals = books.signals.get(int(local.timestamp()), {})
    return _band(version, terms, local, signals)


def _band(
    version: TariffVersion, terms: Terms, local: datetime, signals: Mapping[str, str]
) -> str | None:
    if isinstance(version.bands, ModeBands):
        seen = signals.get(version.bands.signal_id)
        named = [name for name, values in version.bands.modes if seen in values]
        return named[0] if named else version.bands.rest
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
            return band.name
    return version.bands.rest


def bill(
    books: Books,
    terms: Terms,
    agreement: Agreement,
    local: datetime,
    energies: tuple[int, int, int, int],
) -> None:
    """Add an interval of a house to its bill."""
    imported, exported, buys, sells = energies
    key = (agreement.house_id, agreement.first.isoformat())
    bill = books.bills.setdefault(key, Bill())
    bill.imported += imported
    bill.exported += exported
    bill.local_import += buys
    bill.local_export += sells
    told = [v for v in terms.community.benefits if v.valid_from <= local.date()][-1]
    if (factor := told.co2_factor) is not None:
        bill.co2 += Fraction(factor.ct_per_kwh) * buys / 10**6
    if (discount := told.grid_discount) is not None:
        part = Fraction(discount.grid_fee.ct_per_kwh) * Fraction(discount.percent) / 100
        bill.taken_off += part * buys / 10**6
    prices = _prices(terms, agreement.tariff_id, local)
    if prices is None:
        return
    bill.days[local.date()] = prices
    p_pv, p_con, p_del, p_grid = (
        _rate(books, price, prices, terms, local)
        for price in (prices.p_pv, prices.p_con, prices.p_grid_del, prices.p_grid_con)
    )
    if str(terms.community.model) == "break_even":
        return
    sides = {
        "pool": (("p_con", imported, p_con), ("p_pv", exported, p_pv)),
        "split": (
            ("p_con", buys, p_con),
            ("p_grid_con", imported - buys, p_grid),
            ("p_pv", sells, p_pv),
            ("p_grid_del", exported - sells, p_del),
        ),
        "local_only": (("p_con", buys, p_con), ("p_pv", sells, p_pv)),
    }[str(terms.community.model)]
    for name, mwh, _ in sides:
        here = _known_rate(books, getattr(prices, name), prices, terms, local)
        is_charge = name.endswith("con")
        there = _elsewhere(books, prices, terms, local, is_charge=is_charge)
        bill.compare(is_charge, mwh, here, there)
    bill.flows += [
        Flow(
            local.date(),
            name,
            name.endswith("con"),
            _band_of(getattr(prices, name), prices, terms, local, books),
            rate,
            mwh,
            is_priced=_known_rate(books, getattr(prices, name), prices, terms, local)
            is not None,
        )
        for name, mwh, rate in sides
    ]
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


def grid(books: Books, terms: Terms, local: datetime, taken: int, given: int) -> None:
    """Let the community pay the grid, and be paid."""
    prices = _prices(terms, terms.community.grid_tariff, local)
    if prices is None:
        return
    bought, sold = (
        _rate(books, price, prices, terms, local)
        for price in (prices.p_grid_con, prices.p_grid_del)
    )
    paid = taken * bought
    got = given * sold
    books.grid_import_value += paid / 10**6
    books.grid_export_value += got / 10**6
    if str(terms.community.model) != "local_only":
        books.balance += (got - paid) / 10**6
