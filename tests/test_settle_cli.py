"""The command that settles files without Home Assistant."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
import json
import os
from pathlib import Path
import subprocess
import sys
from typing import Any

import pytest

from custom_components.leg_invoicing.billing.agreements import Agreement, Party
from custom_components.leg_invoicing.billing.allocation import AllocationKey
from custom_components.leg_invoicing.billing.calendar import interval_starts, iso_utc
from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.records import settlement_record
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.sharing_versions import SharingVersion
from custom_components.leg_invoicing.documents.exact_json import dumps
from custom_components.leg_invoicing.documents.tables import intervals_csv
from custom_components.leg_invoicing.documents.terms_yaml import terms_yaml
from script.settle_lib import command
from script.settle_lib.interval_table import IntervalTable
from script.settle_lib.terms_file import TermsFile
from tests.billing.build import agreement, measured, period, sharing, terms, version

_ROOT = Path(__file__).resolve().parent.parent

_TERMS = """\
community: {timezone: Europe/Zurich, currency: CHF, model: split, interval: 15}
tariffs:
  standard:
    - {valid_from: 2026-01-01, p_pv: 20, p_con: 25, p_grid_del: 6, p_grid_con: 30.10}
agreements:
  - {house: house_1, participant: "Anna Muster", tariff: standard, from: 2026-01-01}
  - house: house_2
    participant: {name: Beat, address: "Sonnenweg 2\\n8000 Zürich", language: de}
    tariff: standard
    from: 2026-01-01
    to: 2026-01-16
left: {house_2: 2026-01-16}
"""
_LEFT = "left: {house_2: 2026-01-16}\n"
_HEADER = "house,start,import_kwh,export_kwh,quality"
_ROWS = f"""\
{_HEADER}
house_2,2026-01-01T00:00:00+01:00,0.5,1,measured
house_1,2025-12-31T23:00:00Z,0.125,0,measured
house_1,2026-01-31T23:00:00Z,99,99,measured
house_1,2025-12-31T22:45:00Z,99,99,measured
"""


class Desk:
    """A folder with the two files, and the command to settle them."""

    def __init__(self, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
        """Lay the files out."""
        self.folder = folder
        self._capfd = capfd
        self.write("terms.yaml", _TERMS)
        self.write("rows.csv", _ROWS)

    def write(self, name: str, text: str | bytes) -> None:
        """Write a file."""
        content = text.encode() if isinstance(text, str) else text
        (self.folder / name).write_bytes(content)

    def run(self, *options: str, period: str = "2026-01") -> tuple[int, str, str]:
        """Run the command; return its status and what it printed."""
        arguments = [
            *("--intervals", str(self.folder / "rows.csv")),
            *("--terms", str(self.folder / "terms.yaml")),
            *("--period", period),
            *options,
        ]
        status = command.main(arguments)
        return status, *self._capfd.readouterr()

    def settled(self, *options: str, period: str = "2026-01") -> dict[str, Any]:
        """Return the answer of a run that went well."""
        status, out, err = self.run(*options, period=period)
        assert (status, err) == (0, "")
        answer: dict[str, Any] = json.loads(out, parse_float=Decimal)
        return answer

    def refused(self, *options: str, period: str = "2026-01") -> str:
        """Return the message of a run that was refused, and left nothing behind."""
        before = sorted(self.folder.iterdir())
        trace = self.folder / "out.csv"
        status, out, err = self.run("--trace", str(trace), *options, period=period)
        assert (status, out) == (2, "")
        assert before == sorted(self.folder.iterdir())
        assert err.startswith("Error: ")
        assert err.count("\n") == 1
        return err


@pytest.fixture
def desk(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Desk:
    """Return two files and the command."""
    return Desk(tmp_path, capfd)


def test_a_period_is_settled(desk: Desk) -> None:
    """The answer has the period, statements, community and findings, exactly."""
    answer = desk.settled()

    assert list(answer) == ["period", "statements", "community", "findings"]
    assert answer["period"] == "2026-01"
    anna, beat = answer["statements"]
    assert (anna["participant"], anna["from"], anna["to"]) == (
        "Anna Muster",
        "2026-01-01",
        "2026-02-01",
    )
    assert anna["import_cost_ct"] == Decimal("3.125")
    assert beat["house_id"] == "house_2"
    assert beat["to"] == "2026-01-16"
    assert beat["energy_imported_kwh"] == Decimal("0.5")
    assert beat["energy_exported_kwh"] == 1
    assert beat["local_import_kwh"] == Decimal("0.5")
    assert beat["grid_import_kwh"] == 0
    assert beat["local_export_kwh"] == Decimal("0.625")
    assert beat["grid_export_kwh"] == Decimal("0.375")
    assert beat["import_cost_ct"] == Decimal("12.5")
    assert beat["export_revenue_ct"] == Decimal("14.75")
    assert beat["net_amount_ct"] == Decimal("2.25")
    assert [line["amount_ct"] for line in beat["lines"]] == [13, -13, -2]
    assert answer["community"] == {
        "total_consumption_kwh": Decimal("0.625"),
        "total_production_kwh": 2 - 1,
        "shared_kwh": Decimal("0.625"),
        "grid_import_kwh": 0,
        "grid_export_kwh": Decimal("0.375"),
        "value_grid_import_ct": 0,
        "value_grid_export_ct": Decimal("2.25"),
        "vat_ct": 0,
        "input_vat_ct": 0,
        "balance_ct": Decimal("3.125"),
        "rounding_ct": Decimal("0.125"),
        "saved_ct": Decimal("11.9375"),
    }
    assert [finding["key"] for finding in answer["findings"]] == [
        "missing_data:house_1",
        "missing_data:house_2",
    ]


def test_json_is_the_same_on_one_line(desk: Desk) -> None:
    """Programs may ask for a single line; people get indents."""
    _, pretty, _ = desk.run()
    _, compact, _ = desk.run("--json")

    assert compact.count("\n") == 1
    assert pretty.count("\n") > 100
    assert json.loads(pretty) == json.loads(compact)


def test_numbers_are_exact(desk: Desk) -> None:
    """A price keeps its digits, and no binary fraction gets near it."""
    desk.write("terms.yaml", _TERMS.replace("30.10", "30.300000000000000040000001"))
    desk.write("rows.csv", f"{_HEADER}\nhouse_1,2026-01-01T00:00Z,0.000007,0,")

    _, out, _ = desk.run("--json")

    assert '"unit_price_ct": 30.300000000000000040000001' in out
    assert '"exact_ct": 0.000212100000000000000280000007' in out


def test_it_agrees_with_the_integration(desk: Desk) -> None:
    """What documents export is settled to the same bytes, whatever the row order."""
    community = terms(
        agreement("house_1", "2026-01-01", "2026-01-10", name="Müller, Anna"),
        agreement("house_1", "2026-01-10", name='Beat "B." O\'Neil'),
        agreement("house_2"),
        versions=[version(), version("2026-01-20", p_con="25.55")],
    )
    span = period("2026-01", community)
    flowed = measured(span, house_1="0.123456/0", house_2="0/0.2 interpolated")
    rows = [
        IntervalRow(house, slot.start, imported, exported, Quality(quality))
        for slot in flowed.slices
        for house, imported, exported, quality in zip(
            flowed.houses, *slot[1:4], strict=True
        )
    ]
    desk.write("terms.yaml", terms_yaml(community))
    desk.write("rows.csv", "".join(intervals_csv(reversed(rows))))

    _, out, _ = desk.run()

    record = settlement_record(settle(community, span, flowed), "2026-01")
    assert out == dumps(record) + "\n"


def test_official_allocations_are_billed_where_the_terms_say_so(desk: Desk) -> None:
    """Two more columns of the rows hold them; otherwise they are only compared."""
    desk.write(
        "rows.csv",
        f"{_HEADER},community_import_kwh,community_export_kwh\n"
        "house_2,2026-01-01T00:00:00+01:00,0,1,measured,,0.1\n"
        "house_1,2026-01-01T00:00:00+01:00,0.125,0,measured,0.1,\n",
    )
    own = desk.settled()
    desk.write(
        "terms.yaml", _TERMS.replace("split,", "split, official_allocation: bill,")
    )
    official = desk.settled()

    def local(record: Any) -> list[str]:
        return [s["local_import_kwh"] for s in record["statements"]]

    assert local(own)[0] == Decimal("0.125")
    assert local(official)[0] == Decimal("0.1")
    for record in (own, official):
        keys = {finding["key"] for finding in record["findings"]}
        assert "allocation_differs:house_1" in keys
        assert "allocation_missing" not in keys


def test_the_trace_shows_how_each_interval_was_shared(desk: Desk) -> None:
    """A row per interval and house, by time and house, with six decimals."""
    trace = desk.folder / "out.csv"

    desk.settled("--trace", str(trace))

    lines = trace.read_text().splitlines()
    assert len(lines) == 1 + 2 * 2976
    assert lines[:5] == [
        "house,start,import_kwh,export_kwh,local_import_kwh,local_export_kwh,quality",
        "house_1,2025-12-31T23:00:00Z,0.125000,0.000000,0.125000,0.000000,measured",
        "house_2,2025-12-31T23:00:00Z,0.500000,1.000000,0.500000,0.625000,measured",
        "house_1,2025-12-31T23:15:00Z,0.000000,0.000000,0.000000,0.000000,missing",
        "house_2,2025-12-31T23:15:00Z,0.000000,0.000000,0.000000,0.000000,missing",
    ]
    assert lines[-1].startswith("house_2,2026-01-31T22:45:00Z,")
    assert {"terms.yaml", "rows.csv", "out.csv"} == {
        path.name for path in desk.folder.iterdir()
    }


def test_an_older_trace_is_replaced(desk: Desk) -> None:
    """The new trace takes the place of the old one at once."""
    desk.write("out.csv", "old")

    desk.settled("--trace", str(desk.folder / "out.csv"))

    assert (desk.folder / "out.csv").read_text().startswith("house,start,")


def test_a_refusal_leaves_an_older_trace_alone(desk: Desk) -> None:
    """Nothing of the file that is there changes."""
    desk.write("out.csv", "old")
    desk.write("rows.csv", "nonsense")

    desk.refused()

    assert (desk.folder / "out.csv").read_text() == "old"


@pytest.mark.parametrize("name", ["rows.csv", "terms.yaml"])
def test_the_trace_never_replaces_an_input(desk: Desk, name: str) -> None:
    """A slip of the keyboard does not cost the measurements."""
    path = desk.folder / "." / name
    status, out, err = desk.run("--trace", str(path))

    assert (status, out) == (2, "")
    assert "is an input; write to another file" in err


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (".", "is not a file; choose another name"),
        ("nowhere/out.csv", "no such file or directory; check the name"),
        ("/dev/null", "is not a file"),
    ],
)
def test_a_trace_that_cannot_be_written_is_told(
    desk: Desk, name: str, reason: str
) -> None:
    """Then nothing is printed either."""
    status, out, err = desk.run("--trace", str(desk.folder / name))

    assert (status, out) == (2, "")
    assert reason in err
    assert {"rows.csv", "terms.yaml"} == {p.name for p in desk.folder.iterdir()}


def test_a_link_stays_a_link(desk: Desk) -> None:
    """The trace goes to the file that the link points to."""
    (desk.folder / "link.csv").symlink_to("out.csv")

    desk.settled("--trace", str(desk.folder / "link.csv"))

    assert (desk.folder / "link.csv").is_symlink()
    assert (desk.folder / "out.csv").read_text().startswith("house,start,")


def test_no_rows_are_all_missing(desk: Desk) -> None:
    """A file without rows is settled; each house is a finding."""
    desk.write("rows.csv", _HEADER)

    answer = desk.settled("--trace", str(desk.folder / "out.csv"))

    assert [finding["intervals"] for finding in answer["findings"]] == [2976, 1440]
    assert len((desk.folder / "out.csv").read_text().splitlines()) == 1 + 2 * 2976


def test_nobody_and_nothing_comes_to_nothing(desk: Desk) -> None:
    """Without agreements and rows there are no statements and no findings."""
    desk.write("rows.csv", _HEADER)
    desk.write("terms.yaml", f"{_TERMS.partition('agreements:')[0]}agreements: []")

    answer = desk.settled()

    assert (answer["statements"], answer["findings"]) == ([], [])


def test_half_a_row_is_missing(desk: Desk) -> None:
    """The side that is known counts, and the interval is reported."""
    desk.write(
        "rows.csv",
        f"{_HEADER}\nhouse_1,2026-01-01T00:00Z,0.5,,\nhouse_1,2026-01-01T01:00Z,,2,",
    )

    anna, _ = desk.settled()["statements"]

    assert anna["energy_imported_kwh"] == Decimal("0.5")
    assert anna["energy_exported_kwh"] == 2
    assert anna["intervals"] == {"missing": 2976}


def test_the_same_row_twice_counts_once(desk: Desk) -> None:
    """A row that says the same again is no conflict."""
    desk.write("rows.csv", _ROWS + _ROWS.partition("\n")[2])

    anna, _ = desk.settled()["statements"]
    assert anna["energy_imported_kwh"] == Decimal("0.125")


@pytest.mark.parametrize(
    "again",
    ["0.5,0,measured", "0.125,1,measured", "0.125,0,manual", ",0,", "0.125,,", ",,"],
)
def test_rows_that_contradict_each_other_are_refused(desk: Desk, again: str) -> None:
    """Both lines are named, and neither is preferred."""
    desk.write("rows.csv", f"{_ROWS}house_1,2026-01-01T00:00:00+01:00,{again}")

    message = desk.refused()

    assert "rows.csv, line 6: house_1 at 2025-12-31T23:00:00Z" in message
    assert "line 3 with other values; keep one of the two" in message


def test_the_repeated_hour_is_settled_twice(desk: Desk) -> None:
    """In October two instants share a wall time, and both are billed."""
    desk.write(
        "rows.csv",
        f"{_HEADER}\n"
        "house_1,2026-10-25T02:00:00+02:00,1,0,\n"
        "house_1,2026-10-25T02:00:00+01:00,2,0,\n",
    )

    (anna,) = desk.settled(period="2026-10-25..2026-10-26")["statements"]

    assert anna["energy_imported_kwh"] == 3
    assert anna["intervals"] == {"measured": 2, "missing": 98}


@pytest.mark.parametrize(
    ("period", "name", "intervals"),
    [
        ("2026-03", "2026-03", 2972),
        ("2026-Q1", "2026-Q1", 8636),
        ("2026", "2026", 35040),
        ("2026-02-01..2026-03-01", "2026-02", 2688),
    ],
)
def test_periods(desk: Desk, period: str, name: str, intervals: int) -> None:
    """Months, quarters, years and two dates can be settled."""
    answer = desk.settled(period=period)

    assert answer["period"] == name
    assert intervals == sum(answer["statements"][0]["intervals"].values())


@pytest.mark.parametrize(
    ("period", "reason"),
    [
        ("january", "write a month (2026-01)"),
        ("2026-13", "month must be in 1..12"),
        ("2026-02-01..2026-01-01", "the end lies before the beginning"),
        ("0001", "too long ago"),
        ("2000-01-01..2026-01-01", "at most ten years at once"),
    ],
)
def test_periods_that_cannot_be_settled(desk: Desk, period: str, reason: str) -> None:
    """The message names the option and repeats the text."""
    message = desk.refused(period=period)

    assert f"--period: {period}: " in message
    assert reason in message


@pytest.mark.parametrize("name", ["rows.csv", "terms.yaml"])
def test_a_file_that_is_not_there(desk: Desk, name: str) -> None:
    """The message names the file."""
    (desk.folder / name).unlink()

    assert f"{name}: no such file or directory; check the name" in desk.refused()


@pytest.mark.parametrize("name", ["rows.csv", "terms.yaml"])
def test_a_folder_is_no_file(desk: Desk, name: str) -> None:
    """The message says so."""
    (desk.folder / name).unlink()
    (desk.folder / name).mkdir()

    assert f"{name}: is a directory" in desk.refused()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("house_1,2026-01-01T00:00,1,2,", "does not say its offset"),
        ("house_1,2026-01-01T00:07Z,1,2,", "is not the start of an interval"),
        ("house_1,2026-01-01T00:00Z,x,2,", "import_kwh: 'x' is not a finite number"),
        ("house_1,2026-01-01T00:00Z,-1,2,", "import_kwh: -1 is negative"),
        ("house_1,2026-01-01T00:00Z,1,2,good", "unknown quality 'good'"),
        ("house_1,2036-01-01T00:00Z,1,x,", "export_kwh: 'x'"),
    ],
)
def test_a_wrong_row(desk: Desk, row: str, reason: str) -> None:
    """File and line are named, also where the row lies outside the period."""
    desk.write("rows.csv", _ROWS + row)

    message = desk.refused()

    assert "rows.csv, line 6: " in message
    assert reason in message


def test_rows_that_are_not_utf_8(desk: Desk) -> None:
    """The line of the first wrong letter is named."""
    desk.write("rows.csv", _ROWS.encode() + "Büro,".encode("latin-1"))

    assert "rows.csv, line 6: the text is not UTF-8" in desk.refused()


def _changed(old: str, new: str) -> str:
    assert old in _TERMS
    return _TERMS.replace(old, new)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "the file is empty"),
        ("# only a comment\n", 1, "the file is empty"),
        ("community", 1, "the whole must be a mapping"),
        ("a: [", 2, "this is not YAML"),
        ("a: 1\n\tb: 2", 2, "this is not YAML"),
        ("a: 1\n---\nb: 2", 2, "this is not YAML"),
        ("a: 1\nb: \x07", 2, "a character that YAML forbids"),
        ("? [a]\n: 1", 1, "a key must be a plain word"),
        ("community: &c\n  model: *c", 2, "this is nested too deeply"),
        ("community:\n" + "".join(f"{' ' * n}a:\n" for n in range(1, 12)), 9, "deep"),
        (_changed("timezone:", "timezon:"), 1, "did you mean 'timezone'"),
        (_changed("Europe/Zurich", "Europe/Zürich"), 1, "no time zone 'Europe/Zürich'"),
        (_changed("interval: 15", "interval: 10"), 1, "use 5, 15, 30, 60"),
        (_changed("interval: 15", "gaps: {limit_hours: 0}"), 1, "a minute or more"),
        (_changed("p_con: 25", "p_con: 25, p_con: 26"), 4, "'p_con' stands on line 4"),
        (_changed("p_con: 25", "p_con: cheap"), 4, "p_con: 'cheap' is not a finite"),
        (_changed("p_con: 25", "p_con: .nan"), 4, "not a finite number"),
        (_changed("p_con: 25, ", ""), 4, "p_con is missing"),
        (_changed("tariff: standard,", "tariff: standart,"), 6, "mean 'standard'"),
        (_changed("    to:", "    until:"), 11, "there is no 'until'"),
        (_changed("to: 2026-01-16", "to: 2025-01-16"), 11, "it ends before it begins"),
        (_changed("house: house_2", "house: house_1"), 10, "still has the house"),
        (_changed("language: de", "language: rm"), 8, "use en, de, fr, it"),
        (_TERMS + "tariffs: {}\n", 13, "'tariffs' stands on line 2 already"),
    ],
)
def test_wrong_terms(desk: Desk, text: str, line: int, reason: str) -> None:
    """The line of the key is named, and what to do about it."""
    desk.write("terms.yaml", text)

    message = desk.refused()

    assert f"terms.yaml, line {line}: " in message
    assert reason in message


def test_terms_that_are_not_utf_8(desk: Desk) -> None:
    """The line of the first wrong letter is named."""
    desk.write("terms.yaml", _TERMS.encode("latin-1"))

    assert "terms.yaml, line 8: the text is not UTF-8" in desk.refused()


def test_terms_may_begin_with_a_byte_order_mark(desk: Desk) -> None:
    """Windows' editors put one there."""
    desk.write("terms.yaml", _TERMS.encode("utf-8-sig"))

    desk.settled()


def test_dates_may_lie_as_far_away_as_dates_go(desk: Desk) -> None:
    """Some people write "for ever" as a date."""
    desk.write(
        "terms.yaml",
        _TERMS.replace("valid_from: 2026-01-01", "valid_from: 0001-01-01")
        .replace("standard, from: 2026-01-01}", "standard, from: 0001-01-01}")
        .replace("2026-01-16", "9999-12-31"),
    )

    _, beat = desk.settled()["statements"]

    assert beat["to"] == "2026-02-01"


@pytest.mark.parametrize("end", ["", "~", "null"])
def test_an_end_may_be_left_empty(desk: Desk, end: str) -> None:
    """Nothing after `to:` is an agreement without an end."""
    stays = _TERMS.replace(_LEFT, "").replace("to: 2026-01-16", f"to: {end}")
    desk.write("terms.yaml", stays)

    _, beat = desk.settled()["statements"]

    assert beat["to"] == "2026-02-01"


def test_a_name_is_what_was_typed(desk: Desk) -> None:
    """YAML does not make numbers or truth values of houses, tariffs and people."""
    text = _TERMS.replace("standard", "no").replace("house_1", "0x10")
    desk.write("terms.yaml", text.replace('"Anna Muster"', "1.10"))
    desk.write("rows.csv", _ROWS.replace("house_1", "0x10"))

    anna, _ = desk.settled()["statements"]

    assert (anna["house_id"], anna["tariff"]) == ("0x10", "no")
    assert anna["participant"] == "1.10"
    assert anna["energy_imported_kwh"] == Decimal("0.125")


@pytest.mark.parametrize(
    ("settings", "line", "reason"),
    [
        (
            "{timezone: Asia/Kolkata, interval: 60}",
            1,
            "in Asia/Kolkata, 1970-01-01 does not begin with an interval of 60 minutes",
        ),
        ("\n  timezone: Asia/Kolkata\n  interval: 60", 3, "use shorter intervals"),
        # Liberia was three quarters of an hour off UTC, and thirty seconds less.
        ("\n  {timezone: Africa/Monrovia}", 1, "an interval of 15 minutes"),
    ],
)
def test_an_interval_that_midnight_cuts(
    desk: Desk, settings: str, line: int, reason: str
) -> None:
    """Such intervals would belong to two days, and so to two bills."""
    rest = _TERMS.partition("\n")[2]
    desk.write("terms.yaml", f"{rest}community: {settings}\n")

    message = desk.refused(period="1970-01")

    assert f"terms.yaml, line {rest.count('\n') + line}: " in message
    assert reason in message


@pytest.mark.parametrize(
    "arguments",
    [
        "--month 2026-01",
        "--terms t.yaml --period 2026-01",
        "--intervals i.csv --period 2026-01",
        "--intervals i.csv --terms t.yaml",
    ],
)
def test_wrong_options_are_refused(arguments: str) -> None:
    """Like every wrong input, with exit status 2."""
    with pytest.raises(SystemExit) as raised:
        command.main(arguments.split())

    assert raised.value.code == 2


def _program(*arguments: str, folder: Path, **environment: str) -> Any:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        check=False,
    )


def _arguments() -> Sequence[str]:
    return ("--intervals", "rows.csv", "--terms", "terms.yaml", "--period", "2026-01")


def test_the_program_runs_without_home_assistant(desk: Desk) -> None:
    """It starts from any folder, and Home Assistant is not even imported."""
    code = (
        "import runpy, sys\n"
        "try:\n"
        f"    runpy.run_path({str(_ROOT / 'script/settle_cli.py')!r}, "
        "run_name='__main__')\n"
        "except SystemExit as err:\n"
        "    print(err.code, 'homeassistant' in sys.modules, file=sys.stderr)\n"
        "    stub = sys.modules['custom_components.leg_invoicing']\n"
        "    print(hasattr(stub, '__file__'), file=sys.stderr)\n"
    )

    done = _program("-c", code, *_arguments(), folder=desk.folder)

    # It ended well, without Home Assistant, and without the integration's own start.
    assert done.stderr.decode().split() == ["0", "False", "False"]
    assert json.loads(done.stdout)["period"] == "2026-01"


def test_names_are_printed_whatever_the_terminal(desk: Desk) -> None:
    """The answer is UTF-8 even where the terminal is not."""
    desk.write("terms.yaml", _TERMS.replace("Anna Muster", "Änni Müller 🌞"))

    done = _program(
        str(_ROOT / "script/settle_cli.py"),
        *_arguments(),
        folder=desk.folder,
        PYTHONIOENCODING="ascii",
    )

    assert "Änni Müller 🌞" in done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")


def test_script_settle_takes_names_from_where_one_stands(desk: Desk) -> None:
    """The script prepares the environment, then settles the files of this folder."""
    done = subprocess.run(
        [_ROOT / "script/settle", *_arguments(), "--json"],
        cwd=desk.folder,
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["period"] == "2026-01"


def test_a_wrong_input_is_exit_status_2(desk: Desk) -> None:
    """Programs can tell a refusal from an answer."""
    desk.write("rows.csv", "nonsense")

    done = _program(
        str(_ROOT / "script/settle_cli.py"), *_arguments(), folder=desk.folder
    )

    assert (done.returncode, done.stdout) == (2, b"")
    assert b"rows.csv, line 1: " in done.stderr


def test_a_large_period_is_kept_in_little_memory() -> None:
    """An interval takes 21 bytes, however many there are."""
    community = terms(agreement("house_1"))
    span = period("2026", community)
    table = IntervalTable(span, 15)
    for line, start in enumerate(interval_starts(span, 15), start=2):
        table.add(line, IntervalRow("house_1", start, 10**18, None, Quality.MEASURED))

    measurements = table.measurements()

    (lane,) = table._lanes.values()
    lanes = (lane.imported, lane.exported, lane.quality, lane.line)
    assert sum(len(side) * side.itemsize for side in lanes) == 21 * 35040
    assert iso_utc(span.start) == iso_utc(next(iter(measurements.slices)).start)
    assert {(10**18,)} == {slot.imported for slot in measurements.slices}


def test_a_house_that_nobody_measured_blocks_by_name(desk: Desk) -> None:
    """A house with an agreement and not one row is a finding, and costs nothing."""
    desk.write(
        "rows.csv",
        f"{_HEADER}\nhouse_1,2026-01-01T00:00Z,0.5,0,",
    )

    answer = desk.settled()

    (finding,) = (f for f in answer["findings"] if f["house_id"] == "house_2")
    assert (finding["key"], finding["blocking"]) == ("missing_data:house_2", True)
    _, beat = answer["statements"]
    assert (beat["house_id"], beat["lines"]) == ("house_2", [])
    assert beat["interval_shares_percent"] == {"missing": 100}


def test_the_rule_for_gaps_is_part_of_the_terms(desk: Desk) -> None:
    """A gap beyond the limit that the file names is found, with its length."""
    rule = "gaps: {limit_hours: 0.5}, timezone:"
    desk.write("terms.yaml", _changed("timezone:", rule))
    desk.write(
        "rows.csv",
        "\n".join(
            (
                _HEADER,
                *(
                    f"house_1,2026-01-01T00:{minute}Z,0.5,0,interpolated"
                    for minute in ("00", "15", "30")
                ),
            )
        ),
    )

    findings = {finding["key"]: finding for finding in desk.settled()["findings"]}

    details = findings["gap_too_long:house_1"]["details"]
    assert details == {"longest_hours": "0.75", "limit_hours": "0.5"}


_SHARED = """\
community: {timezone: Europe/Zurich, currency: CHF, model: split, interval: 15, %s}
tariffs:
  standard:
    - {valid_from: 2026-01-01, p_pv: 20, p_con: 25, p_grid_del: 6, p_grid_con: 30}
agreements:
  - {house: house_1, participant: Ada, tariff: standard, from: 2026-01-01}
  - {house: house_2, participant: Beat, tariff: standard, from: 2026-01-01}
  - {house: house_3, participant: Carla, tariff: standard, from: 2026-01-01}
  - {house: house_4, participant: Dario, tariff: standard, from: 2026-01-01%s}
  - {house: house_5, participant: Eva, tariff: standard, from: 2026-01-01}
"""
_QUARTERS = (1, 2, 4, 8)


def _shared_rows() -> str:
    """Return 10 kWh for needs of 1, 2, 4 and 8, in January and in February."""
    rows = [
        f"house_{n},2026-0{month}-01T12:00Z,{need},{made},"
        for month in (1, 2)
        for n, need, made in (
            *((n, need, 0) for n, need in enumerate(_QUARTERS, start=1)),
            (5, 0, 10),
        )
    ]
    return "\n".join((_HEADER, *rows))


def _bought(answer: dict[str, Any]) -> list[str]:
    *consumers, producer = answer["statements"]
    bought = [statement["local_import_kwh"] for statement in consumers]
    assert sum(bought) == producer["local_export_kwh"]
    return [f"{Decimal(kwh).normalize():f}" for kwh in bought]


def test_a_hybrid_key_is_settled(desk: Desk) -> None:
    """A quarter each, and what is left in proportion to the rest of the need."""
    quarter = ", ".join(f"house_{n}: 0.25" for n in (1, 2, 3, 4))
    key = f"allocation: hybrid, weights: {{{quarter}}}, order: [house_2, house_1]"
    desk.write("terms.yaml", _SHARED % (key, ""))
    desk.write("rows.csv", _shared_rows())

    answer = desk.settled()

    assert _bought(answer) == ["1", "2", "2.928571", "4.071429"]
    lines = {
        line["kind"]: (str(line["quantity"]), str(line["amount_ct"]))
        for line in answer["statements"][3]["lines"]
    }
    assert lines == {
        "local_import": ("4.071429", "102"),
        "grid_import": ("3.928571", "118"),
    }
    assert answer["community"]["shared_kwh"] == 10


def test_another_key_counts_from_its_day(desk: Desk) -> None:
    """The one that counts is that of the day; an occupant's weight goes before."""
    key = (
        "allocation: equal, sharing: [{valid_from: 2026-02-01, allocation: static, "
        "weights: {house_3: 0.25, house_4: 0.5}}]"
    )
    desk.write("terms.yaml", _SHARED % (key, ", weight: 0.3"))
    desk.write("rows.csv", _shared_rows())

    assert _bought(desk.settled()) == ["1", "2", "3.5", "3.5"]
    february = desk.settled(period="2026-02")
    assert _bought(february) == ["0", "0", "2.5", "3"]
    assert february["community"]["grid_export_kwh"] == Decimal("4.5")


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("allocation: hybrids", "allocation cannot be 'hybrids'; use proportional,"),
        ("allocation: static, weight: {}", "did you mean 'weights'?"),
        (
            "allocation: static, weights: {house_6: 1}",
            "there is no agreement about a house 'house_6'; did you mean 'house_",
        ),
        (
            "allocation: static, weights: {house_1: 0.7, house_2: 0.7}",
            "the weights add up to 1.4; they may be 1 at most, write 40 % as 0.4",
        ),
    ],
)
def test_a_key_that_is_not_understood(desk: Desk, key: str, reason: str) -> None:
    """What is wrong is named, and the remedy."""
    desk.write("terms.yaml", _SHARED % (key, ""))

    message = desk.refused()

    assert "terms.yaml, line 1: " in message
    assert reason in message


def test_sharing_survives_its_file(desk: Desk) -> None:
    """What the integration writes of keys, weights and orders is read back."""
    weights = {"no": Decimal("0.40"), "house_2": Decimal("1e-9")}
    community = sharing(
        terms(agreement("no"), replace(agreement("house_2"), weight=Decimal("0.5"))),
        SharingVersion(allocation=AllocationKey.STATIC, weights=weights),
        SharingVersion(
            valid_from=date(2026, 2, 1),
            allocation=AllocationKey.PRIORITY,
            producers=AllocationKey.EQUAL,
            order=("no", "house_2"),
        ),
    )
    desk.write("terms.yaml", terms_yaml(community))

    read = TermsFile(desk.folder / "terms.yaml").terms

    assert read.community.sharing == community.community.sharing
    assert [a.weight for a in read.agreements] == [Decimal("0.5"), None]
    assert terms_yaml(read) == terms_yaml(community)


def test_terms_survive_their_file(desk: Desk) -> None:
    """What the integration writes as YAML says what was agreed."""
    odd = Party(name='O\'Neil: "Ä" #1 \\ 🌞')
    community = terms(
        Agreement(
            house_id="no",
            participant=odd,
            tariff_id="standard",
            first=agreement("no").first,
        )
    )
    desk.write("terms.yaml", terms_yaml(community))
    desk.write("rows.csv", _HEADER)

    (statement,) = desk.settled()["statements"]

    assert (statement["house_id"], statement["participant"]) == ("no", odd.name)


def test_the_example_in_the_documentation(desk: Desk) -> None:
    """What the page shows is what the command it shows makes of its files."""
    page = (_ROOT / "docs/how-settlement-works.md").read_text(encoding="utf-8")
    blocks = {
        block.partition("\n")[0]: block.partition("\n")[2]
        for block in reversed(page.split("```")[1::2])  # the first of its kind counts
    }
    desk.write("terms.yaml", blocks["yaml"])
    desk.write("rows.csv", blocks["csv"])
    assert "--period 2026-06-01..2026-06-02" in blocks["bash"]

    answer = desk.settled(period="2026-06-01..2026-06-02")

    for line in answer["statements"][0]["lines"]:
        row = "| {} | {} | {} | {} | {} |".format(
            line["kind"].replace("_", " "),
            *(
                f"{line[name]}".replace("-", "\u2212")
                for name in ("quantity", "unit_price_ct", "exact_ct", "amount_ct")
            ),
        )
        assert row in page
    assert len(answer["findings"]) == 3
    for record in (answer["statements"][0], answer["community"]):
        for field in record:
            assert f"`{field}`" in page.replace("[]`", "`")


def test_what_would_have_been(desk: Desk) -> None:
    """Changes are compared with the terms, and the files stay as they are."""
    desk.write("changes.yaml", "tariffs: {standard: {p_con: 24}}\n")

    answer = desk.settled("--compare", str(desk.folder / "changes.yaml"))

    assert list(answer) == ["period", "houses", "community", "findings"]
    assert [house["house_id"] for house in answer["houses"]] == ["house_1", "house_2"]
    assert answer["houses"][1]["difference"] == {
        **dict.fromkeys(answer["houses"][1]["before"], 0),
        "import_cost_ct": Decimal("-0.5"),
        "rounding_ct": Decimal("-0.5"),
        "total_ct": -1,
    }
    assert answer["community"]["difference"]["balance_ct"] == Decimal("-0.625")
    assert {finding["code"] for finding in answer["findings"]} == {"missing_data"}


@pytest.mark.parametrize(
    ("changes", "line", "words"),
    [
        ("\n\ntariffs: {standard: {p_con: dear}}", 3, "p_con"),
        ("without:\n  - house_1\n  - house_9", 3, "there is no house 'house_9'"),
        ("community:\n  interval: 60", 2, "leave it out"),
    ],
)
def test_changes_that_are_wrong(
    desk: Desk, changes: str, line: int, words: str
) -> None:
    """The line of the changes' own file is named."""
    desk.write("changes.yaml", changes)

    status, out, err = desk.run("--compare", str(desk.folder / "changes.yaml"))

    assert (status, out) == (2, "")
    assert f"changes.yaml, line {line}: " in err
    assert words in err


def test_where_numbers_come_from(desk: Desk) -> None:
    """Each line of a house's bills is explained, in four languages."""
    answer = desk.settled("--explain", "house_2")

    assert list(answer) == ["period", "house_id", "bills"]
    (bill,) = answer["bills"]
    assert (bill["participant"], bill["total_ct"]) == ("Beat", -2)
    assert [line["amount_ct"] for line in bill["lines"]] == [13, -13, -2]
    assert list(bill["lines"][0]["arithmetic"]) == ["en", "de", "fr", "it"]
    assert [known["quality"] for known in bill["lines"][0]["intervals"]] == [
        "measured",
        "missing",
    ]


@pytest.mark.parametrize(
    ("house", "period", "words"),
    [
        ("house_9", "2026-01", "did you mean 'house_2'"),
        ("house_1", "2025-01", "nor for any other house"),
    ],
)
def test_a_house_that_is_not_billed(
    desk: Desk, house: str, period: str, words: str
) -> None:
    """There is nothing to explain, and the house may be misspelt."""
    status, out, err = desk.run("--explain", house, period=period)

    assert (status, out) == (2, "")
    assert words in err


def test_prices_that_follow_a_signal(desk: Desk) -> None:
    """The command takes the values from a third file."""
    desk.write(
        "terms.yaml", _TERMS.replace("p_con: 25", "p_con: {signal: spot, offset: 1}")
    )
    desk.write(
        "signals.csv",
        "signal,start,value\nspot,2026-01-01T00:00:00+01:00,9\n"
        "spot,2027-01-01T00:00:00+01:00,9\n",
    )

    anna, _ = desk.settled("--signals", str(desk.folder / "signals.csv"))["statements"]

    assert anna["lines"][0]["unit_price_ct"] == 10
    assert anna["lines"][0]["is_average"] is True
    keys = {finding["key"] for finding in desk.settled()["findings"]}
    assert "price_missing:house_1" in keys


def test_wrong_signals_are_refused(desk: Desk) -> None:
    """The file and the line are named, or why it cannot be read."""
    file = desk.folder / "signals.csv"
    option = ("--signals", str(file))
    assert "signals.csv: no such file" in desk.refused(*option)
    desk.write("signals.csv", "signal,start,value\nspot,never,9\n")
    assert "signals.csv, line 2: 'never' is not a time" in desk.refused(*option)
