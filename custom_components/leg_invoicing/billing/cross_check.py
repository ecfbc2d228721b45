"""Compare what was counted in a period with what the meter itself counted.

    Σ intervals = reading at the end − reading at the start + Σ (final − first)

over the changes of meter in between. Intervals are differences of the same register,
so the two agree, unless values came from elsewhere: another file, a wrong constant,
a mistake of somebody's hand.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from .calendar import Span
from .energy import Energy
from .findings import Finding, FindingCode
from .house_energy import HouseEnergy
from .invoices import RegisterReadings

_ONE_OF = 200
"""Half a per cent of what the meter counted may be missing, or too much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What the intervals of a metering point add up to."""

    house_id: str | None
    span: Span
    energy: HouseEnergy
    meter: str = ""
    """What people call a meter beside the house's own."""


def register_mismatches(
    counted: Counted, registers: RegisterReadings
) -> Iterator[Finding]:
    """Report registers that advanced otherwise than their intervals say.

    `registers` holds what was read close to the edges, and nothing interpolated.
    """
    energy = counted.energy
    named = {"meters": counted.meter} if counted.meter else {}
    for register, sum_of in (("import", energy.imported), ("export", energy.exported)):
        advanced = registers.difference(register)
        if advanced is None:
            continue
        difference = abs((sum_of - advanced).mwh)
        if difference * _ONE_OF > abs(advanced.mwh):
            yield Finding(
                code=FindingCode.REGISTER_MISMATCH,
                house_id=counted.house_id,
                span=counted.span,
                energy=Energy(difference),
                details={
                    "register": register,
                    "counted_kwh": str(sum_of.kwh),
                    "advanced_kwh": str(advanced.kwh),
                    **named,
                },
            )
