"""A second way from metering points to bills, slow and obvious.

One interval after the other, in fractions, with nothing prepared in advance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fractions import Fraction
from math import floor
from zoneinfo import ZoneInfo

from custom_components.leg_invoicing.billing.meters import Meter
from custom_components.leg_invoicing.billing.terms import Terms
from tests.billing import oracle
from tests.billing.oracle import Books, Cell

type Lanes = dict[tuple[str, str | None], list[int]]
"""Import and export by house and meter."""


@dataclass
class Moment:
    """One interval."""

    terms: Terms
    houses: Sequence[str]
    start: int
    cells: Mapping[str, Cell]
    tag: str | None
    local: datetime = field(init=False)
    meters: list[Meter] = field(init=False)
    values: dict[str, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        """Find out what counts, and what virtual meters come to."""
        zone = ZoneInfo(self.terms.community.timezone)
        self.local = datetime.fromtimestamp(self.start, UTC).astimezone(zone)
        self.meters = [m for m in self.terms.meters if m.counts_on(self.local.date())]
        measured = {p: list(cell) for p, cell in self.cells.items()}
        self.values = {**measured}
        for meter in self.meters:
            if meter.formula:
                self.values[meter.meter_id] = [
                    max(
                        0,
                        sum(
                            sign * measured.get(p, [0, 0])[i]
                            for sign, p in meter.formula
                        ),
                    )
                    for i in (0, 1)
                ]

    def counting(self) -> dict[str, Meter | None]:
        """Return the points that somebody pays for by themselves."""
        grid = {m.meter_id for m in self.meters if m.role == "grid"}
        added = {p for m in self.meters for sign, p in m.formula if sign == 1} - grid
        instead = {m.house_id for m in self.meters if m.formula and m.role == "house"}
        points: dict[str, Meter | None] = {
            house: None for house in self.houses if house not in instead
        }
        for meter in self.meters:
            if meter.house_id is not None or meter.share is not None:
                points[meter.meter_id] = meter
        return {p: m for p, m in points.items() if p not in added}

    def is_gone(self, house: str | None) -> bool:
        """Tell whether what a house measures is none of the community's."""
        return house is not None and oracle.is_gone(self.terms, house, self.local)

    def take_out(self, point: str, counting: Mapping[str, Meter | None]) -> None:
        """Divide what a point counted among those behind it, and go on with them."""
        meter = counting[point]
        if self.is_gone(meter.house_id if meter else point):
            return
        behind = [
            m.meter_id
            for m in self.meters
            if m.behind == point and m.meter_id in counting
        ]
        for side in (0, 1):
            claims = [self.value(child)[side] for child in behind]
            given = min(sum(claims), self.value(point)[side])
            parts = oracle.shares("proportional", claims, given, [], [])
            self.value(point)[side] -= given
            for child, part in zip(behind, parts, strict=True):
                self.value(child)[side] = part
        for child in behind:
            self.take_out(child, counting)

    def value(self, point: str) -> list[int]:
        """Return what a point has."""
        return self.values.setdefault(point, [0, 0])

    def lanes(self) -> Lanes:
        """Return what each house pays for, by meter."""
        counting = self.counting()
        for point, meter in counting.items():
            above = counting.get(meter.behind or "") if meter else None
            if (
                meter is None
                or meter.behind not in counting
                or self.is_gone(above.house_id if above else meter.behind)
            ):
                self.take_out(point, counting)
        lanes: Lanes = {(house, None): [0, 0] for house in self.houses}
        for point, meter in counting.items():
            if self.is_gone(meter.house_id if meter else point):
                continue
            for side in (0, 1):
                mwh = round(self.value(point)[side] * self.factor(point, meter))
                for lane, part in self.paid(point, meter, mwh):
                    lanes.setdefault(lane, [0, 0])[side] += part
        return lanes

    def factor(self, point: str, meter: Meter | None) -> Fraction:
        """Return the part of a point that takes part."""
        house = point if meter is None else meter.house_id
        if house is None:
            return Fraction(1)
        agreements = oracle.billed_ever(self.terms, house, self.local)
        return next((Fraction(a.factor) for a in agreements), Fraction(1))

    def paid(
        self, point: str, meter: Meter | None, mwh: int
    ) -> list[tuple[tuple[str, str | None], int]]:
        """Return who pays for how much of a point."""
        if meter is None:
            return [((point, None), mwh)]
        if meter.share is not None:
            parts = self.parts(meter)
            whole, turn = sum(parts.values()), self.start // 300 * 2_654_435_769 % 2**32
            shift = Fraction(turn, 2**32)
            edges = [sum(list(parts.values())[:i]) for i in range(len(parts) + 1)]
            sums = [floor(Fraction(mwh) * edge / whole + shift) for edge in edges]
            return [
                ((house, point), sums[i + 1] - sums[i]) for i, house in enumerate(parts)
            ]
        user = meter.users.get(self.tag or "")
        house = user if user and not self.is_gone(user) else str(meter.house_id)
        apart = meter.role in ("ev_charger", "heat_pump") or meter.tariff_id
        return [((house, point if apart else None), mwh)]

    def parts(self, meter: Meter) -> dict[str, Fraction]:
        """Return the parts of a common area."""
        assert meter.share is not None
        if meter.share.of:
            return {house: Fraction(part) for house, part in meter.share.of.items()}
        members = [h for h in self.houses if oracle.billed(self.terms, h, self.local)]
        return dict.fromkeys(members or self.houses, Fraction(1))

    def grid(self, used: int, made: int) -> tuple[int, int] | None:
        """Return what came from the grid and went there, if a meter says it."""
        meter = next((m for m in self.meters if m.role == "grid"), None)
        if meter is None:
            return None
        if meter.meter_id in self.cells:
            came, went = self.values[meter.meter_id]
            return came, went
        return max(0, used - made), max(0, made - used)


def settle_metered_slowly(
    terms: Terms,
    rows: Mapping[int, Mapping[str, Cell]],
    tags: Mapping[int, str],
    houses: Sequence[str],
) -> Books:
    """Settle intervals given as start -> point -> cell; absent cells are missing."""
    books = Books()
    for start in sorted(rows):
        moment = Moment(terms, houses, start, rows[start], tags.get(start))
        _settle(books, moment)
    return books


def _settle(books: Books, moment: Moment) -> None:
    lanes, houses = moment.lanes(), moment.houses
    of_house = [[(k, v) for k, v in lanes.items() if k[0] == house] for house in houses]
    cells = [[sum(v[side] for _, v in own) for side in (0, 1)] for own in of_house]
    used, made = sum(cell[0] for cell in cells), sum(cell[1] for cell in cells)
    key, producers, *standing = oracle.sharing(moment.terms, moment.local, houses)
    grid = moment.grid(used, made)
    supply = made if grid is None else max(0, used - grid[0])
    bought = oracle.shares(key, [cell[0] for cell in cells], supply, *standing)
    demand = sum(bought) if grid is None else max(0, made - grid[1])
    sold = oracle.shares(producers, [cell[1] for cell in cells], demand, *standing)
    tariffs = {m.meter_id: m.tariff_id for m in moment.terms.meters}
    for own, buys, sells in zip(of_house, bought, sold, strict=True):
        own.sort(key=lambda lane: lane[0][1] or "")
        parts = [
            oracle.shares("proportional", [v[side] for _, v in own], total, [], [])
            for side, total in enumerate((buys, sells))
        ]
        for ((house, meter), cell), b, s in zip(own, *parts, strict=True):
            for agreement in oracle.billed_ever(moment.terms, house, moment.local):
                tariff_id = tariffs.get(meter or "") or agreement.tariff_id
                priced = replace(agreement, tariff_id=tariff_id)
                oracle.bill(books, moment.terms, priced, moment.local, (*cell, b, s))
    came, went = grid or (used - sum(bought), made - sum(sold))
    oracle.grid(books, moment.terms, moment.local, came, went)
