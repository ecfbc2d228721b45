"""The command: files in, a settlement as JSON out."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
import sys

from custom_components.leg_invoicing.billing.calendar import (
    Period,
    PeriodError,
    Span,
    first_day_off_grid,
    parse_period,
)
from custom_components.leg_invoicing.billing.measurements import Measurements
from custom_components.leg_invoicing.billing.membership import houses_of
from custom_components.leg_invoicing.billing.records import Record, settlement_record
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.signals import SignalValue
from custom_components.leg_invoicing.billing.terms import Community, Terms
from custom_components.leg_invoicing.documents.exact_json import dumps
from custom_components.leg_invoicing.formats import FormatError, own_csv
from script.settle_lib.comparing import compared_with
from script.settle_lib.explaining import explained_bills
from script.settle_lib.interval_table import IntervalTable
from script.settle_lib.refusal import RefusalError
from script.settle_lib.signals_file import read_signals
from script.settle_lib.terms_file import TermsFile
from script.settle_lib.trace_file import trace_file


def main(arguments: Sequence[str] | None = None) -> int:
    """Settle and print; return 2 and print nothing where an input is wrong."""
    options = _options(arguments)
    try:
        answer = _answer(options)
    except RefusalError as err:
        print(f"Error: {err}", file=sys.stderr)
        return 2
    # Names are UTF-8, whatever the terminal's language is set to.
    sys.stdout.buffer.write(answer.encode())
    sys.stdout.buffer.flush()
    return 0


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(
        prog="script/settle",
        description="Settle a period from files and print the result as JSON.",
    )
    parser.add_argument("--intervals", type=Path, required=True, metavar="FILE.csv")
    parser.add_argument("--terms", type=Path, required=True, metavar="FILE.yaml")
    parser.add_argument("--signals", type=Path, metavar="FILE.csv")
    parser.add_argument("--period", required=True, help="such as 2026-01 or 2026-Q1")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--trace", type=Path, metavar="OUT.csv")
    instead.add_argument("--compare", type=Path, metavar="CHANGES.yaml")
    instead.add_argument("--explain", metavar="HOUSE")
    parser.add_argument("--json", action="store_true", help="on one line")
    return parser.parse_args(arguments)


def _answer(options: Namespace) -> str:
    inputs = (options.intervals, options.terms, options.signals)
    _require_other_file(options.trace, filter(None, inputs))
    terms_file = TermsFile(options.terms)
    period = _period(options.period)
    _require_grid(terms_file, period)
    span = period.span(terms_file.terms.community.zone)
    community = terms_file.terms.community
    signals = read_signals(options.signals, community, span) if options.signals else []
    measured = _measured(options.intervals, community, span, signals)
    if options.compare:
        record = compared_with(options.compare, terms_file, period, measured)
    elif options.explain:
        record = explained_bills(options.explain, terms_file.terms, period, measured())
    else:
        record = _settled(terms_file.terms, period, measured(), options.trace)
    return dumps(record, None if options.json else 2) + "\n"


def _settled(
    terms: Terms, period: Period, measurements: Measurements, trace_path: Path | None
) -> Record:
    span = period.span(terms.community.zone)
    houses = houses_of(terms, span, measurements)
    with trace_file(trace_path, houses) if trace_path else nullcontext() as trace:
        settlement = settle(terms, span, measurements, trace)
    return settlement_record(settlement, period.period_id)


def _require_other_file(trace: Path | None, inputs: Iterable[Path]) -> None:
    """Refuse to replace an input by the trace."""
    if trace is not None and trace.resolve() in {path.resolve() for path in inputs}:
        raise RefusalError(f"--trace: {trace} is an input; write to another file")


def _period(text: str) -> Period:
    try:
        return parse_period(text)
    except PeriodError as err:
        raise RefusalError(f"--period: {err}") from err


def _require_grid(terms_file: TermsFile, period: Period) -> None:
    """Refuse intervals that local midnight cuts in two."""
    community = terms_file.terms.community
    minutes = community.interval_minutes
    day = first_day_off_grid(period, community.zone, minutes)
    if day is not None:
        raise terms_file.refusal(
            ("community", "interval"),
            f"in {community.timezone}, {day} does not begin with an interval of "
            f"{minutes} minutes; use shorter intervals",
        )


def _measured(
    path: Path, community: Community, span: Span, signals: Sequence[SignalValue]
) -> Callable[[], Measurements]:
    """Read a file once, to be settled as often as it takes."""
    minutes = community.interval_minutes
    table, official = IntervalTable(span, minutes), IntervalTable(span, minutes)
    try:
        with path.open("rb") as file:
            for line, row in own_csv.read(file, minutes, official.add):
                table.add(line, row)
    except FormatError as err:
        raise RefusalError.at(path, err.line, str(err.reason)) from err
    except OSError as err:
        raise RefusalError.of_system(path, err) from err
    return lambda: replace(
        table.measurements(), official=official.rows(), signals=signals
    )
