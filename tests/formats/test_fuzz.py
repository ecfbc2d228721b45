"""Whatever happened to a file, it is read or refused, and nothing else.

A few hundred files of each format are tried; `script/fuzz` tries as many as it is
given time for.
"""

from collections.abc import Callable, Iterator
from io import BytesIO
import os
from typing import BinaryIO, NamedTuple

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.signals import SignalValue
from custom_components.leg_invoicing.formats import (
    FormatError,
    eda_xlsx,
    eda_xml,
    espi,
    grid_csv,
    nem12,
    own_csv,
    own_readings,
    sdat,
    signals_csv,
)
from custom_components.leg_invoicing.formats.deliveries import MeteredInterval
from custom_components.leg_invoicing.formats.detection import (
    UnknownFormatError,
    detected,
)

from . import (
    test_eda_xlsx,
    test_eda_xml,
    test_espi,
    test_grid_csv,
    test_nem12,
    test_sdat,
    workbooks,
)
from .mutations import mutations

_2200 = 7_258_118_400
_MOST_MWH = 1 << 62
_HEAD_BYTES = 4096

_SIGNALS = b"""signal,start,value
spot,2026-01-01T00:00:00+01:00,8.312
mode,2026-01-01T00:00:00+01:00,priority
spot,2026-01-01T00:15:00+01:00,"-1,5"
"""
_INTERVALS = b"""house,start,import_kwh,export_kwh,quality
house_1,2026-10-25T02:00:00+02:00,0.125,0,measured
"house, 2",2026-10-25T02:00:00+01:00,1e-05,,
house_1,2026-10-25T01:15:00Z,,,missing
"""
_READINGS = b"""house,time,import_kwh,export_kwh
house_1,2026-01-01T00:00:07+01:00,12345.678,901.2
house_1,2026-01-01T00:15:09+01:00,12345.801,unavailable
house_2,2026-01-01T00:15:09+01:00,,1
"""
_GRID = "\r\n".join(
    (
        "Zählpunkt;Datum;Zeit von;Bezug (kWh);Rücklieferung (kWh)",
        *(
            f"CH1;25.10.2026;{h:02}:{m:02};1'000,5;0"
            for h in (1, 2, 2)
            for m in (0, 15)
        ),
    )
).encode("cp1252")
_VARYING = test_nem12._file(
    test_nem12._CHANNEL, test_nem12._day(quality="V"), "400,1,20,F14,,", "400,21,48,A"
)
_PARTS = workbooks.parts(
    test_eda_xlsx._SHEET, strings=["<t>a</t>", "<r><t>b</t></r>"], book="<workbookPr/>"
)


class _Case(NamedTuple):
    """A reader, and files that it reads."""

    read: Callable[[BinaryIO], Iterator[object]]
    files: st.SearchStrategy[bytes]


@st.composite
def _workbooks(draw: st.DrawFn) -> bytes:
    """Return a sound archive of parts that something happened to."""
    part = draw(st.sampled_from(sorted(_PARTS)))
    content = draw(mutations(_PARTS[part].encode()))
    return workbooks.packed({**_PARTS, part: content})


_CASES = {
    "signals_csv": _Case(lambda file: signals_csv.read(file, 15), mutations(_SIGNALS)),
    "own_csv": _Case(lambda file: own_csv.read(file, 15), mutations(_INTERVALS)),
    "own_readings": _Case(own_readings.read, mutations(_READINGS)),
    "nem12": _Case(nem12.read, mutations(_VARYING)),
    "sdat": _Case(
        sdat.read,
        mutations(
            test_sdat._message(
                test_sdat._block("0.1/21", "2", "3/56"), test_sdat._block("1")
            ).encode()
        ),
    ),
    "eda_xml": _Case(eda_xml.read, mutations(test_eda_xml._GOOD.encode())),
    "eda_xlsx": _Case(
        eda_xlsx.read, _workbooks() | mutations(workbooks.packed(_PARTS))
    ),
    "espi": _Case(
        espi.read,
        mutations(
            test_espi._feed(
                test_espi._meter_reading(),
                test_espi._type(),
                test_espi._block(test_espi._reading(), test_espi._reading()),
            )
        ),
    ),
    "grid_csv": _Case(
        grid_csv.read, mutations(_GRID) | mutations(test_grid_csv._GERMAN.encode())
    ),
}


def _is_sound(found: object) -> bool:
    """Tell whether what a reader yields is what it promises."""
    if isinstance(found, MeteredInterval):
        return (
            isinstance(found.quality, Quality)
            and 0 <= found.mwh < _MOST_MWH
            and 0 < found.seconds <= 366 * 86_400
            and -86_400 <= found.start < _2200
            and found.point != ""
        )
    assert isinstance(found, tuple)
    line, content = found
    if isinstance(content, IntervalRow):
        sides = [side for side in content[2:4] if side is not None]
        return (
            line > 1
            and content.house_id != ""
            and all(0 <= side < _MOST_MWH for side in sides)
            and bool(sides) is (content.quality is not Quality.MISSING)
            and 0 <= content.start < _2200
        )
    if isinstance(content, SignalValue):
        return line > 1 and "" not in content and 0 <= content.start < _2200
    assert isinstance(content, own_readings.RegisterReading)
    reading = content.reading
    return line > 1 and 0 <= reading.value.mwh < _MOST_MWH and 0 <= reading.at < _2200


def _read_or_refused(case: _Case, content: bytes) -> None:
    refusals = []
    try:
        for found in case.read(BytesIO(content)):
            assert _is_sound(found), found
    except FormatError as err:
        refusals.append(err)
    assert all(err.line >= 1 and err.reason for err in refusals)


@pytest.mark.parametrize("name", _CASES)
@given(data=st.data())
@settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "200")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_a_damaged_file_is_read_or_refused(name: str, data: st.DataObject) -> None:
    """Nothing but sound values or a FormatError comes of it, and that soon."""
    case = _CASES[name]
    _read_or_refused(case, data.draw(case.files))


@given(
    st.one_of(case.files for case in _CASES.values()),
    st.sampled_from(["a.csv", "a.xlsx", "a.xml", ""]),
)
@settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "200")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_detection_never_fails(content: bytes, name: str) -> None:
    """A damaged file has a format or none, and that format reads or refuses it."""
    try:
        found = detected(content[:_HEAD_BYTES], name)
    except UnknownFormatError:
        return
    _read_or_refused(_CASES[found], content)
