"""What was so in a period besides energy, from a CSV."""

from operator import attrgetter
from pathlib import Path

from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.signals import SignalValue
from custom_components.leg_invoicing.billing.terms import Community
from custom_components.leg_invoicing.formats import FormatError, signals_csv
from script.settle_lib.refusal import RefusalError


def read_signals(path: Path, community: Community, span: Span) -> list[SignalValue]:
    """Return the values that lie in a span, by start.

    Raises RefusalError naming the line that is wrong.
    """
    try:
        with path.open("rb") as file:
            found = signals_csv.read(file, community.interval_minutes)
            values = [value for _, value in found if value.start in span]
    except FormatError as err:
        raise RefusalError.at(path, err.line, str(err.reason)) from err
    except OSError as err:
        raise RefusalError.of_system(path, err) from err
    return sorted(values, key=attrgetter("start", "signal_id"))
