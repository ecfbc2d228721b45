"""The trace: how each interval was shared."""

import pytest

from .desk import Desk


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
