"""What is said of how a line of a statement comes to its amount."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from .counting import Counted
from .line_records import line_record
from .line_sources import Part
from .money import NO_MONEY, Money
from .rates import SignalPrice
from .statements import Line


class Formula(StrEnum):
    """How an amount comes about."""

    PRODUCT = "product"
    """Quantity × price."""
    INTERVALS = "intervals"
    """The sum of what each interval was worth; the price is their average."""
    TIME = "time"
    """Parts of months or years × price."""
    ONCE = "once"
    PERCENT = "percent"
    """Of what other lines come to."""
    COIN = "coin"
    """From what all other lines come to, to the nearest coin."""


class Remark(StrEnum):
    """What is to be known besides."""

    MEASUREMENTS_CHANGED = "measurements_changed"
    """The intervals are those that stand now. They do not come to what was billed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How one line comes to its amount."""

    number: int
    """Where the line stands on its statement, from 1 on."""
    line: Line
    formula: Formula
    exact: Money
    """The amount, computed again and not yet rounded."""
    counted: tuple[Counted, ...] = ()
    """The intervals behind the energy, by how well they are known."""
    of_lines: tuple[int, ...] = ()
    """The lines that it is computed from."""
    base: Money = NO_MONEY
    """What those come to: as printed, or exactly where per cent are let off."""
    others: Money = NO_MONEY
    """What of it other houses on the same invoice come to."""
    coin: Money = NO_MONEY
    """What the total is rounded to a multiple of."""
    whole: Decimal = Decimal(0)
    """The energy in kWh that a tier has a part of."""
    follows: SignalPrice | None = None
    """What the price was in each interval, where it follows a signal."""
    part: Part | None = None
    """What the house has of a meter that several share."""
    remark: Remark | None = None

    @property
    def amount(self) -> Money:
        """What is printed."""
        return self.exact.rounded_to(self.line.smallest)


def explanation_record(explanation: Explanation) -> dict[str, Any]:
    """Return an explanation as a plain record; the line's own fields come first."""
    is_valued = explanation.formula is Formula.INTERVALS
    return {
        "line": explanation.number,
        **line_record(explanation.line),
        "formula": str(explanation.formula),
        "intervals": [
            {
                "quality": counted.quality.label,
                "intervals": counted.intervals,
                "energy_kwh": counted.energy.kwh,
                "value_ct": counted.value.ct if is_valued else None,
            }
            for counted in explanation.counted
        ],
        "follows": explanation.follows and _followed_record(explanation.follows),
        "part": explanation.part and explanation.part._asdict(),
        "of_lines": list(explanation.of_lines),
        "base_ct": explanation.base.ct if explanation.of_lines else None,
        "unrounded_ct": explanation.exact.ct,
        "rounding_ct": (explanation.amount - explanation.exact).ct,
        "remark": explanation.remark and str(explanation.remark),
    }


def _followed_record(rate: SignalPrice) -> dict[str, Any]:
    return {
        "signal": rate.signal_id,
        "multiplier": rate.multiplier,
        "offset_ct": rate.offset,
    }
