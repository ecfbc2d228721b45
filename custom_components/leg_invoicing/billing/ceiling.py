"""Whether what is charged for energy keeps below the ceiling that was agreed on.

    allowed = energy from the grid × utility's price
            + energy from the community × utility's price × per cent

by version of a tariff, by the ceiling of the day, without fees and VAT, and rounded.
Energy of which one of the prices is not known is on neither side.
It is arithmetic: whether a community has to have such a ceiling is for its members to
know.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from .agreements import Agreement
from .benefits import Ceiling
from .calendar import Span
from .compared import compared
from .currencies import smallest_unit
from .energy import Energy
from .findings import Finding, FindingCode
from .models import MODEL_LINES, LineRule
from .money import NO_MONEY, Money
from .portions import Portion
from .pricing import Worth
from .runs import Run, lanes_by_tariff, runs_of
from .terms import Community

_PARTS = ("local_import", "grid_import")
_BOTH = "imported"


def above_ceiling(
    community: Community, portions: Iterable[Portion]
) -> Iterator[Finding]:
    """Report what is charged above the ceiling, by agreement and version.

    The portions of a house follow one another in the order of time.
    """
    for (agreement, ceiling), same in groupby(portions, key=_agreed):
        own = list(same)
        if agreement is None or ceiling is None:
            continue
        for lanes in lanes_by_tariff(own[0].lanes):
            for run in runs_of(agreement, own, lanes, is_billed=True):
                yield from _above(ceiling, community, own[0].house_id, run)


def _agreed(portion: Portion) -> tuple[Agreement | None, Ceiling | None]:
    return portion.agreement, portion.told.ceiling


def _above(
    ceiling: Ceiling, community: Community, house_id: str, run: Run
) -> Iterator[Finding]:
    model, unit = community.model, smallest_unit(community.currency)
    rules = [rule for rule in MODEL_LINES[model] if rule.is_charge]
    here = Worth.total(compared(rule, "p_utility", run).here for rule in rules)
    local, grid = (_elsewhere(rules, part, run) for part in _PARTS)
    charged, allowed = here.value, ceiling.allows(local, grid)
    if (charged - allowed).rounded_to(unit) > NO_MONEY:
        amounts = (charged.rounded_to(unit), allowed.rounded_to(unit))
        yield _finding(ceiling, house_id, run, here.energy, amounts)


def _elsewhere(rules: Sequence[LineRule], part: str, run: Run) -> Money:
    """Return what a utility would charge for a part of what is charged here."""
    return Money.total(
        compared(replace(rule, energy=part), "p_utility", run).elsewhere.value
        for rule in rules
        if rule.energy in (part, _BOTH)
    )


def _finding(
    ceiling: Ceiling,
    house_id: str,
    run: Run,
    energy: Energy,
    amounts: tuple[Money, Money],
) -> Finding:
    charged, allowed = amounts
    spans = [portion.segment.span for portion in run.portions]
    return Finding(
        code=FindingCode.PRICE_ABOVE_CEILING,
        house_id=house_id,
        span=Span(spans[0].start, spans[-1].end),
        energy=energy,
        details={
            "percent": f"{ceiling.percent:f}",
            "charged_ct": f"{charged.ct:f}",
            "allowed_ct": f"{allowed.ct:f}",
            "difference_ct": f"{(charged - allowed).ct:f}",
        },
    )
