"""Compare what was counted in a period with what the meter itself counted.

    Σ intervals = reading at the end − reading at the start + Σ (final − first)

over the changes of meter in between. Intervals are differences of the same register,
so the two agree, unless values came from elsewhere: another file, a wrong constant,
a mistake of somebody's hand.
"""

from collections.abc import Iterator

from .energy import Energy
from .findings import Finding, FindingCode
from .invoices import RegisterReadings
from .statements import Statement

_ONE_OF = 200
"""Half a per cent of what the meter counted may be missing, or too much."""


def register_mismatches(
    statement: Statement, registers: RegisterReadings
) -> Iterator[Finding]:
    """Report registers that advanced otherwise than their intervals say.

    `registers` holds what was read close to the edges, and nothing interpolated.
    """
    energy = statement.energy
    for register, counted in (("import", energy.imported), ("export", energy.exported)):
        advanced = registers.difference(register)
        if advanced is None:
            continue
        difference = abs((counted - advanced).mwh)
        if difference * _ONE_OF > abs(advanced.mwh):
            yield Finding(
                code=FindingCode.REGISTER_MISMATCH,
                house_id=statement.agreement.house_id,
                span=statement.span,
                energy=Energy(difference),
                details={
                    "register": register,
                    "counted_kwh": str(counted.kwh),
                    "advanced_kwh": str(advanced.kwh),
                },
            )
