"""What the command refuses, and how it says where that stands."""

from decimal import Decimal

import pytest

from script.settle_lib import command

from .desk import LEFT, ROWS, TERMS, Desk, changed


@pytest.mark.parametrize(
    ("period", "reason"),
    [
        ("january", "write a month (2026-01)"),
        ("2026-13", "month must be in 1..12"),
        ("2026-02-01..2026-01-01", "the end lies before the beginning"),
        ("0001", "too long ago"),
        ("9999-01", "too far ahead"),
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
    desk.write("rows.csv", ROWS + row)

    message = desk.refused()

    assert "rows.csv, line 6: " in message
    assert reason in message


def test_rows_that_are_not_utf_8(desk: Desk) -> None:
    """The line of the first wrong letter is named."""
    desk.write("rows.csv", ROWS.encode() + "Büro,".encode("latin-1"))

    assert "rows.csv, line 6: the text is not UTF-8" in desk.refused()


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
        (changed("timezone:", "timezon:"), 1, "did you mean 'timezone'"),
        (changed("Europe/Zurich", "Europe/Zürich"), 1, "no time zone 'Europe/Zürich'"),
        (changed("interval: 15", "interval: 10"), 1, "use 5, 15, 30, 60"),
        (changed("interval: 15", "gaps: {limit_hours: 0}"), 1, "a minute or more"),
        (changed("p_con: 25", "p_con: 25, p_con: 26"), 4, "'p_con' stands on line 4"),
        (changed("p_con: 25", "p_con: cheap"), 4, "p_con: 'cheap' is not a finite"),
        (changed("p_con: 25", "p_con: .nan"), 4, "not a finite number"),
        (changed("p_con: 25, ", ""), 4, "p_con is missing"),
        (changed("tariff: standard,", "tariff: standart,"), 6, "mean 'standard'"),
        (changed("    to:", "    until:"), 11, "there is no 'until'"),
        (changed("to: 2026-01-16", "to: 2025-01-16"), 11, "it ends before it begins"),
        (changed("house: house_2", "house: house_1"), 10, "still has the house"),
        (changed("language: de", "language: rm"), 8, "use en, de, fr, it"),
        (TERMS + "tariffs: {}\n", 13, "'tariffs' stands on line 2 already"),
    ],
)
def test_wrong_terms(desk: Desk, text: str, line: int, reason: str) -> None:
    """The line of the key is named, and what to do about it."""
    desk.write("terms.yaml", text)

    message = desk.refused()

    assert f"terms.yaml, line {line}: " in message
    assert reason in message


_BY_HOLIDAY = changed(
    "p_con: 25",
    "p_con: 25, bands: [{name: free, days: holiday}, {name: other, rest: true}]",
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (_BY_HOLIDAY, "the band free asks for holidays"),
        (_BY_HOLIDAY.replace("15}", "15, holidays: }"), "asks for holidays"),
        (_BY_HOLIDAY.replace("holiday}", "[]}"), "the band free is of no days"),
    ],
)
def test_bands_that_no_time_is_in(desk: Desk, text: str, reason: str) -> None:
    """They are refused, rather than that all days are billed by other prices."""
    desk.write("terms.yaml", text)

    message = desk.refused()

    assert "terms.yaml, line 3: " in message
    assert reason in message


@pytest.mark.parametrize("days", ["[]", "[2026-01-01]", "{country: CH}"])
def test_bands_of_holidays_that_are_named(desk: Desk, days: str) -> None:
    """An empty list says that there are none."""
    desk.write("terms.yaml", _BY_HOLIDAY.replace("15}", f"15, holidays: {days}}}"))

    desk.settled()


def test_terms_that_are_not_utf_8(desk: Desk) -> None:
    """The line of the first wrong letter is named."""
    desk.write("terms.yaml", TERMS.encode("latin-1"))

    assert "terms.yaml, line 8: the text is not UTF-8" in desk.refused()


def test_terms_may_begin_with_a_byte_order_mark(desk: Desk) -> None:
    """Windows' editors put one there."""
    desk.write("terms.yaml", TERMS.encode("utf-8-sig"))

    desk.settled()


def test_dates_may_lie_as_far_away_as_dates_go(desk: Desk) -> None:
    """Some people write "for ever" as a date."""
    desk.write(
        "terms.yaml",
        TERMS.replace("valid_from: 2026-01-01", "valid_from: 0001-01-01")
        .replace("standard, from: 2026-01-01}", "standard, from: 0001-01-01}")
        .replace("2026-01-16", "9999-12-31"),
    )

    _, beat = desk.settled()["statements"]

    assert beat["to"] == "2026-02-01"


@pytest.mark.parametrize("end", ["", "~", "null"])
def test_an_end_may_be_left_empty(desk: Desk, end: str) -> None:
    """Nothing after `to:` is an agreement without an end."""
    stays = TERMS.replace(LEFT, "").replace("to: 2026-01-16", f"to: {end}")
    desk.write("terms.yaml", stays)

    _, beat = desk.settled()["statements"]

    assert beat["to"] == "2026-02-01"


def test_a_name_is_what_was_typed(desk: Desk) -> None:
    """YAML does not make numbers or truth values of houses, tariffs and people."""
    text = TERMS.replace("standard", "no").replace("house_1", "0x10")
    desk.write("terms.yaml", text.replace('"Anna Muster"', "1.10"))
    desk.write("rows.csv", ROWS.replace("house_1", "0x10"))

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
    rest = TERMS.partition("\n")[2]
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
