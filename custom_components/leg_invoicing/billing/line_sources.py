"""What of the terms stands behind a line: a tariff, a signal, a part of a meter."""

from decimal import Decimal
from functools import reduce
from typing import NamedTuple

from .meters import own_tariffs
from .models import CHARGES, CREDITS, MODEL_LINES
from .rates import SignalPrice
from .rounding import EXACT
from .statements import Line, Statement, Unit
from .tariffs import Price, TariffVersion
from .terms import Terms


class Part(NamedTuple):
    """What a house has of a meter that several share."""

    own: Decimal
    whole: Decimal
    """All parts together."""


def version_behind(
    terms: Terms, statement: Statement, line: Line
) -> TariffVersion | None:
    """Return the version of a tariff by which a line is priced, if there is one."""
    agreed = statement.agreement.tariff_id
    tariff_id = own_tariffs(terms.meters).get(line.meter_id, agreed)
    return terms.tariffs[tariff_id].at(line.first)


def followed(terms: Terms, statement: Statement, line: Line) -> SignalPrice | None:
    """Return how the price of a line follows a signal; None where it does not."""
    version = version_behind(terms, statement, line)
    for rule in MODEL_LINES[terms.community.model]:
        if rule.kind is line.kind and rule.price is not None and version is not None:
            price: Price = getattr(version, rule.price)
            rate = price.at(line.band)
            return rate if isinstance(rate, SignalPrice) else None
    return None


def part_behind(terms: Terms, statement: Statement, line: Line) -> Part | None:
    """Return the part of a shared meter that a line is about.

    None where the meter is not shared, or by all houses that there are.
    """
    if line.unit is Unit.PERCENT or not _is_divided(line):
        return None
    for meter in terms.meters:
        if meter.meter_id == line.meter_id and meter.share and meter.share.of:
            parts = meter.share.of
            own = parts[statement.agreement.house_id]
            return Part(own, reduce(EXACT.add, parts.values()))
    return None


def _is_divided(line: Line) -> bool:
    """Tell a line of a part from one that is computed from other lines."""
    return line.kind in CHARGES | CREDITS or line.unit is not Unit.KWH
