"""The command as a program of its own."""

from collections.abc import Sequence
import json
import os
from pathlib import Path
import subprocess
import sys
from typing import Any

from custom_components.leg_invoicing.billing.calendar import interval_starts, iso_utc
from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.billing.quality import Quality
from script.settle_lib.interval_table import IntervalTable
from tests.billing.build import agreement, period, terms

from .desk import TERMS, Desk

_ROOT = Path(__file__).resolve().parent.parent.parent


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
    desk.write("terms.yaml", TERMS.replace("Anna Muster", "Änni Müller 🌞"))

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
