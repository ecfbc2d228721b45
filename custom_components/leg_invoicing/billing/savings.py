"""What a statement's energy would cost and bring without the community.

    saved = energy charged × utility's price − what is charged for it
          + what is credited − energy credited × p_grid_del

Compared is the energy that the model bills, no more: under `local_only`, what comes
from the grid costs the same with and without a community. Prices are those of the
agreement's tariff on the day, and in the band, in which the energy flowed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from .benefits import Benefits
from .charges import energy_lines
from .models import LineRule
from .money import Money
from .runs import Run

_PRICE_ELSEWHERE = {True: "p_utility", False: "p_grid_del"}
"""Of energy that a house is charged for, and of energy that it is credited."""


def benefits_of(rules: Iterable[LineRule], runs: Sequence[Run]) -> Benefits:
    """Return what the energy of these days is worth elsewhere."""
    worth = {
        is_charge: Money.total(
            line.exact
            for rule in rules
            if rule.is_charge is is_charge
            for line in energy_lines(replace(rule, price=price), runs)
        )
        for is_charge, price in _PRICE_ELSEWHERE.items()
    }
    return Benefits(grid_cost=worth[True], grid_revenue=-worth[False])
