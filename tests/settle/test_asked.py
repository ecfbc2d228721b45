"""What else the command answers: other terms, explanations, signals."""

from decimal import Decimal

import pytest

from .desk import TERMS, Desk


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
        "terms.yaml", TERMS.replace("p_con: 25", "p_con: {signal: spot, offset: 1}")
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
