"""A period as it was settled, beside what it would have been."""

from collections.abc import Callable
from pathlib import Path

from custom_components.leg_invoicing.billing.calendar import Period
from custom_components.leg_invoicing.billing.comparison import (
    compared,
    comparison_record,
)
from custom_components.leg_invoicing.billing.measurements import Measurements
from custom_components.leg_invoicing.billing.records import Record
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.simulation_changes import scenario
from custom_components.leg_invoicing.billing.written import TermsError
from script.settle_lib.terms_file import TermsFile, WrittenFile


def compared_with(
    path: Path,
    terms_file: TermsFile,
    period: Period,
    measured: Callable[[], Measurements],
) -> Record:
    """Settle a period by terms, and once more with the changes that a file says.

    Raises RefusalError naming the line that is wrong.
    """
    changes = WrittenFile(path)
    try:
        wanted = scenario(terms_file.record, changes.record, period.first)
    except TermsError as err:
        raise changes.refusal(err.path, str(err.reason)) from err
    span = period.span(terms_file.terms.community.zone)
    before = settle(terms_file.terms, span, measured())
    after = settle(wanted.terms, span, wanted.measured(measured()))
    return {
        "period": period.period_id,
        **comparison_record(compared(before, after)),
        "findings": [finding.as_record() for finding in after.findings],
    }
