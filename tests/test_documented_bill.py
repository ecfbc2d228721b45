"""The bill that the documentation computes by hand is the one that the tools make."""

from decimal import Decimal
import json
from pathlib import Path
import subprocess
from typing import Any

import pytest

_ROOT = Path(__file__).resolve().parent.parent
_PAGE = (_ROOT / "docs/how-your-bill-is-computed.md").read_text(encoding="utf-8")
_BLOCKS = {
    block.partition("\n")[0]: block.partition("\n")[2]
    for block in _PAGE.split("```")[1::2]
    if not block.startswith("bash")
}


def _run(folder: Path, *arguments: str) -> str:
    """Run one of the project's commands in a folder; return what it prints."""
    done = subprocess.run(
        [_ROOT / "script" / arguments[0], *arguments[1:]],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


@pytest.fixture(scope="module")
def intervals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what `script/convert` makes of the page's readings."""
    folder = tmp_path_factory.mktemp("bill")
    (folder / "readings.csv").write_text(_BLOCKS["csv"], encoding="utf-8")
    (folder / "community.yaml").write_text(_BLOCKS["yaml"], encoding="utf-8")
    path = folder / "intervals.csv"
    path.write_text(_run(folder, "convert", "readings.csv"), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def answer(intervals: Path) -> dict[str, Any]:
    """Return what `script/settle` makes of them."""
    arguments = ("--intervals", "intervals.csv", "--terms", "community.yaml")
    period = ("--period", "2026-06-01..2026-06-02")
    printed = _run(intervals.parent, "settle", *arguments, *period, "--json")
    settled: dict[str, Any] = json.loads(printed, parse_float=Decimal)
    return settled


def test_what_the_meters_say(intervals: Path) -> None:
    """The energies of the quarter hour are the registers' differences."""
    rows = [
        line.split(",") for line in intervals.read_text(encoding="utf-8").split()[1:]
    ]

    assert len(rows) == 3
    for house_id, _, imported, exported, quality in rows:
        numbers = " | ".join(
            f"{Decimal(n).normalize():f}" for n in (imported, exported)
        )
        assert f"| {house_id}" in _PAGE
        assert f"| {numbers} |" in _PAGE
        assert quality == "measured"


def test_each_line_stands_on_the_page(answer: dict[str, Any]) -> None:
    """Line by line, and there are no others."""
    rows = [
        _row(statement["house_id"], line)
        for statement in answer["statements"]
        for line in statement["lines"]
    ]

    assert [row for row in rows if row not in _PAGE] == []
    table = _PAGE.partition("on the bill, ct |")[2].partition("\n\n")[0]
    assert table.count("\n| house_") == len(rows) == 13


def _row(house_id: str, line: dict[str, Any]) -> str:
    kind = line["kind"].replace("_", " ")
    band = f", {line['band']}" if line["band"] else ""
    energy = line["unit"] == "kWh"
    counted = (line["quantity"], line["unit_price_ct"]) if energy else ("", "")
    amounts = (f"{_plain(line[n])}" for n in ("exact_ct", "amount_ct"))
    cells = (f"{kind}{band}", *map(_plain, counted), *amounts)
    return f"| {house_id} | {' | '.join(cells)} |"


def _plain(number: object) -> str:
    if number == "":
        return ""
    text = f"{Decimal(str(number)).normalize():f}"
    return text.replace("-", "\N{MINUS SIGN}")


def test_where_the_money_goes(answer: dict[str, Any]) -> None:
    """Totals and the community's account are those of the page."""
    totals = [statement["total_ct"] for statement in answer["statements"]]
    account = answer["community"]

    assert totals == [-10, 35, 35]
    assert f"{_plain(sum(totals))} ct together" in _PAGE
    for text, value in (
        ("**its own account** | **{}**", account["balance_ct"]),
        ("VAT, for the tax office: 1 + 3 + 3 | {}", account["vat_ct"]),
        ("what rounding adds | {}", account["rounding_ct"]),
        ("fees | {}", sum(s["fees_ct"] for s in answer["statements"])),
        ("paid to the grid: 0.2 kWh at 30 ct | {}", -account["value_grid_import_ct"]),
    ):
        assert f"| {text.format(_plain(value))} |" in _PAGE


def test_what_if(intervals: Path) -> None:
    """What would have been with the page's changes stands on it, too."""
    (intervals.parent / "changes.yaml").write_text(
        _BLOCKS["yaml changes.yaml"], encoding="utf-8"
    )
    arguments = ("--intervals", "intervals.csv", "--terms", "community.yaml")
    period = ("--period", "2026-06-01..2026-06-02", "--compare", "changes.yaml")
    answer = json.loads(
        _run(intervals.parent, "settle", *arguments, *period), parse_float=Decimal
    )

    rows = [(h["house_id"], h, "total_ct") for h in answer["houses"]]
    account = ("**the community's own account**", answer["community"], "balance_ct")
    for name, sides, figure in [*rows, account]:
        cells = (sides[side][figure] for side in ("before", "after", "difference"))
        assert f"| {name} | {' | '.join(map(_plain, cells))} |" in _PAGE


def test_each_line_by_itself(intervals: Path) -> None:
    """The page has the sentence about each line of house 2."""
    arguments = ("--intervals", "intervals.csv", "--terms", "community.yaml")
    period = ("--period", "2026-06-01..2026-06-02", "--explain", "house_2")
    answer = json.loads(_run(intervals.parent, "settle", *arguments, *period))

    (bill,) = answer["bills"]
    for line in bill["lines"]:
        text = line["arithmetic"]["en"].replace("\N{NO-BREAK SPACE}", " ")
        assert f"\n{line['line']}. {text}\n" in _PAGE
