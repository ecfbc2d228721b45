"""Our own CSV of signals, read and written."""

import pytest

from custom_components.leg_invoicing.billing.signals import SignalValue
from custom_components.leg_invoicing.documents.tables import signals_csv as written
from custom_components.leg_invoicing.formats import FormatError, signals_csv

_HEADER = "signal,start,value\n"
_WITH_END = "signal,start,value,end\n"


def _read(text: str) -> list[SignalValue]:
    lines = text.encode().splitlines(keepends=True)
    return [value for _, value in signals_csv.read(lines, 15)]


def test_values_are_read_as_they_stand() -> None:
    """Any order, any text; a row without a value says nothing, twice is once."""
    text = _HEADER + (
        "spot,2026-01-01T00:15:00+01:00,-5.50\n"
        "wallbox mode,2025-12-31T23:00:00Z,priority\n"
        "spot,2026-01-01T00:30:00+01:00,\n"
        "spot,2026-01-01T00:15:00+01:00,-5.50\n"
    )

    assert _read(text) == [
        SignalValue("spot", 1767222900, "-5.50"),
        SignalValue("wallbox mode", 1767222000, "priority"),
    ]


def test_a_value_may_count_for_longer() -> None:
    """An hour's price stands in all of its intervals, up to its end."""
    text = _WITH_END + (
        "spot,2026-01-01T00:00:00Z,8.5,2026-01-01T00:30:00Z\n"
        "spot,2026-01-01T00:30:00Z,9,\n"
        "spot,2026-01-01T00:00:00Z,,2026-01-01T00:30:00Z\n"
    )

    assert _read(text) == [
        SignalValue("spot", 1767225600, "8.5"),
        SignalValue("spot", 1767226500, "8.5"),
        SignalValue("spot", 1767227400, "9"),
    ]


def test_a_signal_by_another_name() -> None:
    """Whoever writes the file may call it otherwise, but says one thing of it."""
    lines = (
        _HEADER + "sensor.spot,1970-01-01T00:15:00Z,8\nspot,1970-01-01T00:15:00Z,9\n"
    ).encode()

    with pytest.raises(FormatError, match="stands on line 2"):
        list(signals_csv.read(lines.splitlines(), 15, {"sensor.spot": "spot"}))


def test_a_file_of_signals_is_known_by_its_columns() -> None:
    """In any order, and no other table is taken for one."""
    assert signals_csv.is_signals(b"\xef\xbb\xbfValue,signal,start,end\r\n")
    assert not signals_csv.is_signals(b"house,start,import_kwh\n")


@pytest.mark.parametrize(
    ("rows", "line", "reason"),
    [
        (",2026-01-01T00:00:00Z,1\n", 2, "the signal is missing"),
        ("spot,2026-01-01T00:07:00Z,1\n", 2, "not the start of an interval"),
        ("spot,2026-01-01T00:00:00,1\n", 2, "does not say its offset"),
        (
            "spot,2026-01-01T00:00:00Z,1\nspot,2026-01-01T00:00:00Z,2\n",
            3,
            "stands on line 2 with another value",
        ),
        ("spot,2026-01-01T00:00:00Z,1,2026-01-01T00:00:00Z\n", 2, "not after the"),
        ("spot,2026-01-01T00:00:00Z,1,2099-01-01T00:00:00Z\n", 2, "over a year"),
        ("spot,2026-01-01T00:00:00Z,1,tomorrow\n", 2, "is not a time"),
    ],
)
def test_what_is_wrong_is_named(rows: str, line: int, reason: str) -> None:
    """The line and the remedy are told."""
    with pytest.raises(FormatError, match=reason) as err:
        _read((_WITH_END if rows.count(",") == 3 else _HEADER) + rows)
    assert err.value.line == line


def test_what_is_written_is_read_back() -> None:
    """Evidence gives the same values, and no spreadsheet computes them."""
    values = [
        SignalValue("ab,12", 900, "-5.5"),
        SignalValue("tag", 900, "=1+1"),
        SignalValue("tag", 1800, 'say "no"'),
    ]

    text = "".join(written(values))

    assert text.splitlines()[1:3] == [
        '"ab,12",1970-01-01T00:15:00Z,-5.5',
        "tag,1970-01-01T00:15:00Z,'=1+1",
    ]
    assert _read(text) == values
    assert list(written([])) == []
