"""script/convert: meter-data files in, one CSV of intervals out."""

from collections.abc import Callable
import io
import os
from pathlib import Path
import subprocess
import sys
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from custom_components.leg_invoicing import archives
from custom_components.leg_invoicing.formats import gathered, own_csv
from script.convert_lib.command import main
from tests.meter_files import POINT, eda_file, sdat_file

ROOT = Path(__file__).parent.parent

_HEADER = "house,start,import_kwh,export_kwh,quality"
_OWN = f"{_HEADER}\nhouse_1,2026-01-31T23:00:00Z,0.5,0,measured\n"
_GRID = "Zeit;Bezug (kWh)\n01.02.2026 00:00;0,5\n01.02.2026 00:15;0,25\n"

type Convert = Callable[..., tuple[int, list[str], str]]


@pytest.fixture
def convert(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Convert:
    """Return a function that converts files with these contents."""

    def run(
        contents: dict[str, str | bytes], *arguments: str
    ) -> tuple[int, list[str], str]:
        paths = []
        for name, content in contents.items():
            paths.append(tmp_path / name)
            raw = content.encode() if isinstance(content, str) else content
            paths[-1].write_bytes(raw)
        status = main([*map(str, paths), *arguments])
        out, err = capfdbinary.readouterr()
        return status, out.decode().splitlines(), err.decode()

    return run


def _nem12(
    value: str = "0.5", channel: str = "E1,N1,METER1,kWh", flag: str = "A"
) -> str:
    return (
        "100,NEM12,202602010300,MDP1,RET1\n"
        f"200,6001234567,E1,1,{channel},15,\n"
        f"300,20260201,{','.join([value] * 96)},{flag},,,,\n900\n"
    )


def _zip(**contents: str | bytes) -> bytes:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_a_file_becomes_intervals(convert: Convert) -> None:
    """Points become houses, and the result is what script/settle reads."""
    status, rows, err = convert({"a.csv": _nem12()}, "--map", "6001234567=house_1")

    assert (status, err) == (0, "")
    assert rows[:2] == [
        _HEADER,
        "house_1,2026-01-31T14:00:00Z,0.500000,0.000000,measured",
    ]
    lines = [f"{row}\n".encode() for row in rows]
    assert len(list(own_csv.read(lines, 15))) == 96


def test_the_whole_of_a_house_that_takes_part_partly(convert: Convert) -> None:
    """The terms say the part, so it must not be taken out of it twice."""
    files = {"a.xml": eda_file(G_01="0.25", G_01T="0.15")}
    mapped = ("--map", f"{POINT}=house_1")

    _, part, _ = convert(files, *mapped)
    _, whole, _ = convert(files, *mapped, "--partly", "house_1")

    assert part[1] == "house_1,2026-10-24T22:00:00Z,0.150000,0.000000,measured"
    assert whole[1] == "house_1,2026-10-24T22:00:00Z,0.250000,0.000000,measured"


def test_an_unknown_point_is_listed_and_kept(convert: Convert) -> None:
    """It goes by its own id, and so does a house that no point was found for."""
    status, rows, err = convert({"a.csv": _nem12()}, "--map", "600=house_1")

    assert status == 0
    assert rows[1].startswith("6001234567,")
    assert "6001234567: unknown; give --map 6001234567=HOUSE" in err
    assert "600: given by --map, and in none of the files" in err


def test_findings_go_to_stderr(convert: Convert) -> None:
    """Skipped channels, gaps and what was delivered twice are told."""
    _, _, err = convert(
        {
            "a.csv": _nem12(),
            "b.csv": _nem12(),
            "c.csv": _nem12("0.75"),
            "d.csv": _nem12()
            .replace("202602010300", "202602010400")
            .replace("0.5", "1"),
            "e.csv": _nem12(channel="Q1,N1,METER1,kVArh"),
            "f.csv": _nem12().replace("20260201,", "20260203,"),
        },
        "--map",
        "6001234567=h",
    )

    assert "e.csv: line 2: 6001234567 Q1 left out: measures kVArh" in err
    assert "6001234567: 96 intervals delivered again, the same" in err
    assert "6001234567: 96 intervals given twice, with other values; the last" in err
    assert "6001234567: 96 intervals delivered again with another value" in err
    assert (
        "h: nothing that can be billed from 2026-02-01T14:00:00Z to 2026-02-02T14:00:00Z"
        in err
    )


def test_other_intervals(convert: Convert) -> None:
    """Quarter hours are summed to hours; what fits no grid is told."""
    _, rows, _ = convert({"a.csv": _nem12()}, "--interval", "60")
    _, none, err = convert({"a.csv": _GRID.replace(":15", ":10")})

    assert len(rows) == 25
    assert rows[1].split(",")[2] == "2.000000"
    assert none == [_HEADER]
    assert "1: intervals of 600 seconds left out; they do not fit 15 minutes" in err


def test_local_times(convert: Convert) -> None:
    """How a load profile is read is shown, and can be put right."""
    arguments = ("--format", "grid_csv", "--stamp", "end", "--timezone", "UTC")

    _, start, err = convert({"a.csv": _GRID})
    _, end, _ = convert({"a.csv": b"\xef\xbb\xbf" + _GRID.encode()}, *arguments)

    assert start[1].split(",")[1] == "2026-01-31T23:00:00Z"
    assert end[1].split(",")[1] == "2026-01-31T23:45:00Z"
    assert "timezone='Europe/Zurich', minutes=15" in err
    assert "check that this is right" in err


def test_our_own_intervals(convert: Convert) -> None:
    """Rows come out as they went in; a side that is not known stays unknown."""
    more = "house_1,2026-01-31T23:15:00Z,,1,estimated\n,"[:-1]

    status, rows, err = convert({"a.csv": "\ufeff" + _OWN + more})

    assert status == 0
    assert rows[1:] == [
        "house_1,2026-01-31T23:00:00Z,0.500000,0.000000,measured",
        "house_1,2026-01-31T23:15:00Z,,1.000000,estimated",
    ]
    assert "unknown" not in err


def test_register_readings(convert: Convert) -> None:
    """They go through the rules of live meters; what is not believed is told."""
    readings = [
        "house,time,import_kwh,export_kwh",
        "house_1,2026-02-01T00:00:00Z,100,unavailable",
        "house_1,2026-02-01T00:10:00Z,,",
        "house_1,2026-02-01T00:15:00Z,101,",
        "house_1,2026-02-01T00:30:00Z,50,",
        "house_1,2026-02-01T00:45:00Z,102,",
        "house_2,2026-02-01T00:00:00Z,1,1",
        "house_2,2026-02-01T00:15:00Z,1,2",
    ]

    status, rows, err = convert({"a.csv": "\n".join(readings)}, "--max-power", "17")

    assert status == 0
    assert rows[1:] == [
        "house_1,2026-02-01T00:00:00Z,1.000000,0.000000,measured",
        "house_1,2026-02-01T00:15:00Z,0.500000,0.000000,interpolated",
        "house_1,2026-02-01T00:30:00Z,0.500000,0.000000,interpolated",
        "house_2,2026-02-01T00:00:00Z,0.000000,1.000000,measured",
    ]
    assert "line 5: house_1 import at 2026-02-01T00:30:00Z shows 50" in err
    assert "drop pending" in err


def test_many_register_readings(
    convert: Convert, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that are half known wait for their other register, however many there are."""
    monkeypatch.setattr(gathered, "_ENOUGH", 1)
    readings = [
        "house,time,import_kwh,export_kwh",
        "house_1,2026-02-01T00:00:00Z,1,7",
        "house_1,2026-02-01T00:15:00Z,2,",
        "house_1,2026-02-01T00:30:00Z,3,",
        "house_1,2026-02-01T00:45:00Z,4,10",
        "house_1,2026-02-01T01:00:00Z,6,10",
    ]

    _, rows, _ = convert({"a.csv": "\n".join(readings)})

    assert [row.split(",")[2:] for row in rows[1:]] == [
        *[["1.000000", "1.000000", "interpolated"]] * 3,
        ["2.000000", "0.000000", "measured"],
    ]


def test_replaced_meter(convert: Convert) -> None:
    """Two rows marked as a swap join the old meter and the new one."""
    readings = [
        "house,time,import_kwh,export_kwh,event",
        "house_1,2026-02-01T00:00:00Z,100,,",
        "house_1,2026-02-01T00:10:00Z,101,,swap",
        "house_1,2026-02-01T00:11:00Z,7000,,swap",
        "house_1,2026-02-01T00:15:00Z,7000.5,,",
        "house_1,2026-02-01T00:30:00Z,1,,",
    ]

    status, rows, err = convert({"a.csv": "\n".join(readings)})

    assert status == 0
    assert rows[1:] == ["house_1,2026-02-01T00:00:00Z,1.500000,0.000000,measured"]
    assert "meter changed" in err
    assert (
        "finding: house_1 import fell at 2026-02-01T00:30:00Z: it shows 1 kWh after "
        "7000.5 kWh, and nothing is counted since"
    ) in err


def test_swap_that_does_not_fit(convert: Convert) -> None:
    """A final reading that cannot be is a broken line."""
    readings = [
        "house,time,import_kwh,export_kwh,event",
        "house_1,2026-02-01T00:00:00Z,100,,",
        "house_1,2026-02-01T00:10:00Z,99,,swap",
        "house_1,2026-02-01T00:10:00Z,7000,,swap",
    ]

    status, rows, err = convert({"a.csv": "\n".join(readings)})

    assert (status, rows) == (2, [])
    assert "line 4" in err
    assert "the old meter has already shown 100 kWh" in err


def test_archives(convert: Convert) -> None:
    """The files of an archive are read one after the other."""
    archive = _zip(
        **{"x/a.csv": _OWN, "__MACOSX/a.csv": "?", ".b": "?", "b.csv": _nem12()}
    )

    status, rows, _ = convert({"a.zip": archive})

    assert status == 0
    assert len(rows) == 1 + 1 + 96


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (_zip(), "there are no files in the archive"),
        (_zip(**{"b.csv": "house,start\n"}), "a.zip/b.csv, line 1: missing"),
        (_zip(**{"b.zip": _zip()}), "a.zip/b.zip: an archive in an archive"),
        (_zip(**{"b.csv": _OWN})[:40], "a.zip: the archive is damaged"),
        (_zip(**{"b.csv": _OWN}).replace(b"b.csv", b"c.csv", 1), "is damaged"),
        (_zip(**{"[Content_Types].xml": "", "xl/a.xml": ""}), "a.zip, line 1: "),
    ],
)
def test_broken_archives(convert: Convert, content: bytes, message: str) -> None:
    """What cannot be unpacked is named."""
    status, rows, err = convert({"a.zip": content})

    assert (status, rows) == (2, [])
    assert message in err


def test_an_archive_whose_content_is_damaged(convert: Convert) -> None:
    """A value that changed on the way is not converted."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr("b.csv", _OWN + "\n" * 9000)
    content = buffer.getvalue().replace(b"0.5", b"0.6")

    status, rows, err = convert({"a.zip": content})

    assert (status, rows) == (2, [])
    assert "a.zip: the archive is damaged (Bad CRC-32 for file 'b.csv')" in err


def test_an_archive_with_a_password(convert: Convert) -> None:
    """It is for a person to unpack."""
    content = bytearray(_zip(**{"b.csv": _OWN}))
    content[content.index(b"PK\x01\x02") + 8] |= 1

    status, _, err = convert({"a.zip": bytes(content)})

    assert status == 2
    assert "it has a password" in err


def test_an_archive_that_is_too_large(
    convert: Convert, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not unpacked."""
    monkeypatch.setattr(archives, "_MOST_BYTES", 10)

    assert "holds too much" in convert({"a.zip": _zip(**{"b.csv": _OWN})})[2]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (_nem12().replace("0.5", "x", 1), "a.csv, line 3: interval 1: 'x'"),
        (_nem12()[:-4], "a.csv, line 3: the file ends without its 900 record"),
        (_OWN + "house_1,now,1,1,\n", "a.csv, line 3: 'now' is not a time"),
        ("Dear Sir or Madam", "a.csv, line 1: no known format; name it by --format"),
    ],
)
def test_nothing_is_written_of_a_broken_file(
    convert: Convert, content: str, message: str
) -> None:
    """Not even what other files held; the file and its line are named."""
    status, rows, err = convert({"good.csv": _OWN, "a.csv": content})

    assert (status, rows) == (2, [])
    assert message in err


def test_a_file_that_is_not_there(capfd: pytest.CaptureFixture[str]) -> None:
    """It is named."""
    assert main(["nowhere.csv"]) == 2
    assert "nowhere.csv: no such file" in capfd.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--map", "house_1"],
        ["--map", "=house_1"],
        ["--timezone", "Zurich"],
        ["--timezone", "/etc/passwd"],
        ["--max-power", "0"],
        ["--interval", "7"],
        ["--format", "pdf"],
    ],
)
def test_wrong_options(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    """They end the program with status 2, and it says why."""
    with pytest.raises(SystemExit) as raised:
        main(["a.csv", *arguments])

    assert raised.value.code == 2
    assert arguments[0] in capfd.readouterr().err


def test_whoever_leaves_is_not_shouted_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When nobody reads the rows any more, the program ends."""
    (tmp_path / "a.csv").write_text(_nem12(), encoding="utf-8")
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as out:
        monkeypatch.setattr(sys, "stdout", out)

        assert main([str(tmp_path / "a.csv")]) == 1


def test_the_format_may_be_given(convert: Convert) -> None:
    """It is then not looked for."""
    status, _, err = convert({"a.csv": _OWN}, "--format", "nem12")

    assert status == 2
    assert "a.csv, line 1: 'house' is no record of NEM12" in err


def test_official_allocations(convert: Convert) -> None:
    """They stand beside what was measured, for script/settle to bill."""
    given = sdat_file("0.25", community="0.1").decode()
    delivered = sdat_file("0.5", point="CH2", kind="Production", residual="0.4")

    status, rows, _ = convert(
        {"a.xml": given, "b.xml": delivered}, "--map", f"{POINT}=h", "--map", "CH2=p"
    )

    assert status == 0
    assert rows[0] == f"{_HEADER},community_import_kwh,community_export_kwh"
    assert rows[1].endswith(",0.250000,0.000000,measured,0.100000,")
    assert rows[-1].endswith(",0.000000,0.500000,measured,,0.100000")


def test_what_does_not_add_up_is_refused(convert: Convert) -> None:
    """Two kinds of files about one house would be counted twice."""
    status, rows, err = convert(
        {"a.csv": _OWN, "b.csv": _nem12()}, "--map", "6001234567=house_1"
    )

    assert (status, rows) == (2, [])
    assert "house_1: more than one kind of file" in err


def test_lines_that_contradict_each_other(convert: Convert) -> None:
    """Nobody knows which one is meant."""
    status, _, err = convert({"a.csv": _OWN + _OWN.splitlines()[1].replace(".5", ".6")})

    assert status == 2
    assert "a.csv, line 3: house_1 at 2026-01-31T23:00:00Z stands on line 2" in err


def test_outside_home_assistant(tmp_path: Path) -> None:
    """The program imports no Home Assistant, and stands a reader that leaves."""
    (tmp_path / "a.csv").write_text(_nem12(), encoding="utf-8")
    program = [sys.executable, "-X", "importtime", ROOT / "script" / "convert_cli.py"]

    with subprocess.Popen(
        [*program, tmp_path / "a.csv"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.close()
        err = process.stderr.read().decode()

    assert process.returncode == 1
    assert "homeassistant" not in err
    assert "Traceback" not in err
