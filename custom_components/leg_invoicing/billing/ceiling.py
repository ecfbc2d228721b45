"""Whether what is charged for energy keeps below the ceiling that was agreed on.

    allowed = energy from the grid × utility's price
            + energy from the community × utility's price × per cent

by version of a tariff, by the ceiling of the day, without fees and VAT, and rounded.
It is arithmetic: whether a community has to have such a ceiling is for its members to
know.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from .agreements import Agreement
from .benefits import Ceiling
from .calendar import Span
from .charges import energy_lines
from .currencies import smallest_unit
from .energy import Energy
from .findings import Finding, FindingCode
from .models import MODEL_LINES, LineKind, LineRule, Model
from .money import NO_MONEY, Money
from .portions import Portion
from .runs import Run, lanes_by_tariff, runs_of
from .terms import Community

_LOCAL = LineRule(LineKind.LOCAL_IMPORT, "local_import", "p_utility", is_charge=True)
_GRID = LineRule(LineKind.GRID_IMPORT, "grid_import", "p_utility", is_charge=True)


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
    charges = [rule for rule in MODEL_LINES[model] if rule.is_charge]
    local, grid = _worth([_LOCAL], run), NO_MONEY
    energy = run.energy.local_import
    if model is not Model.LOCAL_ONLY:
        grid = _worth([_GRID], run)
        energy = run.energy.imported
    charged, allowed = _worth(charges, run), ceiling.allows(local, grid)
    if (charged - allowed).rounded_to(unit) > NO_MONEY:
        amounts = (charged.rounded_to(unit), allowed.rounded_to(unit))
        yield _finding(ceiling, house_id, run, energy, amounts)


def _worth(rules: Sequence[LineRule], run: Run) -> Money:
    return Money.total(
        line.exact for rule in rules for line in energy_lines(rule, [run])
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
