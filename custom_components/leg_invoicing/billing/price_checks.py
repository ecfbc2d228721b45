"""Energy that has no price, because the signal that says it was missing.

What has no price is on no line and in no total; the finding says so, and blocks. What
only has none elsewhere is billed, and compared with nothing; that finding informs.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .agreements import Agreement
from .band_clock import Alike
from .calendar import Span, local_date
from .energy import Energy
from .findings import Finding, FindingCode
from .lanes import Lanes
from .layout import Lane
from .models import MODEL_LINES, LineRule
from .portions import Portion
from .rates import SignalPrice
from .savings import PRICE_ELSEWHERE
from .sharing import SegmentSums
from .signal_bands import ModeBands
from .tariffs import TariffVersion
from .terms import Terms

_ALL_INTERVALS = ("p_pv", "p_grid_del", "p_grid_con")
"""The prices that make those of intervals."""
_TRADED = (("grid_import", ("p_grid_con",)), ("grid_export", ("p_grid_del",)))
"""What the community itself pays for and gets."""


class _Asked(NamedTuple):
    """An energy, and the prices that it takes."""

    tariff_id: str
    version: TariffVersion | None
    energy: str
    prices: tuple[str, ...]

    def lacks(self, segment: SegmentSums, alike: Alike) -> str | None:
        """Return the signal for want of which there is no price."""
        if self.version is None:
            return None
        bands = self.version.bands
        band = segment.segment.clock.band_of(bands, alike)
        for name in self.prices:
            rate = getattr(self.version, name).at(band)
            if isinstance(rate, SignalPrice) and rate.signal_id in alike.missing:
                return rate.signal_id
            if rate is None and isinstance(bands, ModeBands):
                return bands.signal_id
        return None

    def leaves_unbilled(self, segment: SegmentSums, alike: Alike) -> bool:
        """Tell whether there is no price, for want of a version or of a signal."""
        return self.version is None or self.lacks(segment, alike) is not None


@dataclass(slots=True)
class _Noted:
    """The energy without a price of one signal, and the intervals that it is of."""

    energy: int = 0
    groups: dict[int, Lanes] = field(default_factory=dict)

    def add(self, lanes: Lanes, energy: Energy) -> None:
        """Add some of the energy of intervals that are alike."""
        self.energy += energy.mwh
        self.groups[id(lanes)] = lanes

    def finding(self, code: FindingCode, key: _Key, seconds: int) -> Finding:
        """Say it."""
        house_id, tariff_id, signal = key
        groups = self.groups.values()
        return Finding(
            code=code,
            house_id=house_id,
            span=Span(
                min(lanes.first for lanes in groups),
                max(lanes.last for lanes in groups) + seconds,
            ),
            intervals=sum(lanes.intervals for lanes in groups),
            energy=Energy(self.energy),
            details={"tariff": tariff_id, "signal": signal},
        )


type _Key = tuple[str | None, str, str]
"""House (None: the community itself), tariff and signal."""


def energy_without_price(
    terms: Terms, segments: Iterable[SegmentSums], portions: Iterable[Portion]
) -> Iterator[Finding]:
    """Report energy of houses, and of the community itself, that has no price."""
    notes: dict[_Key, _Noted] = {}
    for portion, agreement in _incomplete(portions):
        for lane in portion.lanes:
            for rule in _rules(terms):
                asked = _asked_of(terms, agreement, portion, lane, rule)
                _note(notes, portion, lane, asked)
    for segment in segments:
        for asked in _asked_of_community(terms, segment):
            _note_in(notes, segment, None, None, asked)
    yield from _findings(FindingCode.PRICE_MISSING, notes, terms)


def energy_without_comparison(
    terms: Terms, portions: Iterable[Portion]
) -> Iterator[Finding]:
    """Report energy that is billed, and of which the price elsewhere is not known."""
    notes: dict[_Key, _Noted] = {}
    for portion, agreement in _incomplete(portions):
        for lane in portion.lanes:
            own = lane.tariff_id or agreement.tariff_id
            version = portion.versions[lane.tariff_id]
            for rule in _rules(terms):
                billed = _asked_of(terms, agreement, portion, lane, rule)
                prices = (PRICE_ELSEWHERE[rule.is_charge],)
                asked = _Asked(own, version, rule.energy, prices)
                _note(notes, portion, lane, asked, billed)
    yield from _findings(FindingCode.COMPARISON_MISSING, notes, terms)


def _incomplete(portions: Iterable[Portion]) -> Iterator[tuple[Portion, Agreement]]:
    """Yield what somebody is billed for, where a signal was missing."""
    for portion in portions:
        if portion.agreement is not None and any(
            alike.is_incomplete for alike in portion.segment.lanes
        ):
            yield portion, portion.agreement


def _rules(terms: Terms) -> Sequence[LineRule]:
    return MODEL_LINES[terms.community.model]


def _findings(
    code: FindingCode, notes: Mapping[_Key, _Noted], terms: Terms
) -> Iterator[Finding]:
    seconds = terms.community.interval_minutes * 60
    for key, noted in notes.items():
        yield noted.finding(code, key, seconds)


def _asked_of(
    terms: Terms, agreement: Agreement, portion: Portion, lane: Lane, rule: LineRule
) -> _Asked:
    if rule.price is None:
        grid = terms.community.grid_tariff
        version = terms.tariffs[grid].at(portion.first)
        return _Asked(grid, version, rule.energy, _ALL_INTERVALS)
    own = lane.tariff_id or agreement.tariff_id
    version = portion.versions[lane.tariff_id]
    return _Asked(own, version, rule.energy, (rule.price,))


def _asked_of_community(terms: Terms, segment: SegmentSums) -> Iterator[_Asked]:
    grid = terms.community.grid_tariff
    day = local_date(segment.span.start, terms.community.zone)
    for energy, prices in _TRADED:
        yield _Asked(grid, terms.tariffs[grid].at(day), energy, prices)


def _note(
    notes: dict[_Key, _Noted],
    portion: Portion,
    lane: Lane,
    asked: _Asked,
    billed: _Asked | None = None,
) -> None:
    house_id, position = portion.house_id, lane.position
    _note_in(notes, portion.segment, house_id, position, asked, billed)


def _note_in(
    notes: dict[_Key, _Noted],
    segment: SegmentSums,
    house_id: str | None,
    lane: int | None,
    asked: _Asked,
    billed: _Asked | None = None,
) -> None:
    """Note energy that lacks what is asked, unless it is not even billed."""
    for alike, lanes in segment.lanes.items():
        if not alike.is_incomplete:
            continue
        if billed is not None and billed.leaves_unbilled(segment, alike):
            continue
        energy = lanes.total() if lane is None else lanes.energy(lane)
        own: Energy = getattr(energy, asked.energy)
        if own and (signal := asked.lacks(segment, alike)) is not None:
            noted = notes.setdefault((house_id, asked.tariff_id, signal), _Noted())
            noted.add(lanes, own)
