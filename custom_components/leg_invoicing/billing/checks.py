"""What can be wrong with a settlement, found from its sums.

Each check is a function from portions to findings.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from .calendar import Span
from .energy import Energy
from .findings import Finding, FindingCode
from .flagged import Flagged
from .house_energy import HouseEnergy
from .portions import Portion
from .quality import Quality

_CODE_OF_QUALITY = {
    Quality.MISSING: FindingCode.MISSING_DATA,
    Quality.TEMPORARY: FindingCode.TEMPORARY_DATA,
}


def flagged_intervals(
    portions: Iterable[Portion], interval_seconds: int
) -> Iterator[Finding]:
    """Report missing and temporary intervals, one finding a house.

    A house that nobody has an agreement for is not expected to have data.
    """
    notes: dict[tuple[str, FindingCode], Flagged] = {}
    for portion in portions:
        if portion.agreement is None:
            continue
        for quality, code in _CODE_OF_QUALITY.items():
            flagged = portion.segment.flagged.get((portion.position, quality))
            if flagged is not None:
                key = (portion.house_id, code)
                notes[key] = _joined(notes.get(key), flagged)
    for (house_id, code), note in notes.items():
        yield Finding(
            code=code,
            house_id=house_id,
            span=Span(note.first, note.last + interval_seconds),
            intervals=note.intervals,
            energy=Energy(note.energy),
        )


def _joined(earlier: Flagged | None, later: Flagged) -> Flagged:
    if earlier is None:
        return later
    return Flagged(
        earlier.first,
        later.last,
        earlier.intervals + later.intervals,
        earlier.energy + later.energy,
    )


def energy_without_agreement(portions: Iterable[Portion]) -> Iterator[Finding]:
    """Report energy that flowed while nobody was billed for the house."""
    unbilled: dict[str, list[Portion]] = defaultdict(list)
    for portion in portions:
        flowed = portion.energy.imported + portion.energy.exported
        if portion.agreement is None and flowed:
            unbilled[portion.house_id].append(portion)
    for house_id, own in unbilled.items():
        energy = sum((portion.energy for portion in own), start=HouseEnergy())
        yield Finding(
            code=FindingCode.NO_AGREEMENT,
            house_id=house_id,
            span=_span(own),
            intervals=_intervals(own),
            energy=energy.imported + energy.exported,
        )


def missing_prices(portions: Iterable[Portion]) -> Iterator[Finding]:
    """Report agreements whose tariff has no prices yet."""
    lacking: dict[tuple[str, str], list[Portion]] = defaultdict(list)
    for portion in portions:
        for tariff_id, version in portion.versions.items():
            if portion.agreement is not None and version is None:
                own = tariff_id or portion.agreement.tariff_id
                lacking[portion.house_id, own].append(portion)
    for (house_id, tariff), unpriced in lacking.items():
        yield Finding(
            code=FindingCode.NO_TARIFF,
            house_id=house_id,
            span=_span(unpriced),
            intervals=_intervals(unpriced),
            details={"tariff": tariff},
        )


def _span(portions: Sequence[Portion]) -> Span:
    """Return the span from the first of some portions to the end of the last."""
    return Span(portions[0].segment.span.start, portions[-1].segment.span.end)


def _intervals(portions: Iterable[Portion]) -> int:
    return sum(portion.segment.intervals for portion in portions)
