"""Write a large file of a format of meter data: years of quarter hours.

Usage: python -m benchmarks.make_files FORMAT PATH MEGABYTES
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
import sys
from typing import NamedTuple
import zipfile

DAY = 86_400
QUARTER_HOURS = range(96)
START = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())


class Layout(NamedTuple):
    """A file: what it begins with, a day of one point, and what it ends with."""

    head: str
    day: Callable[[int, int], str]
    tail: str = ""


def kwh(day: int, quarter: int) -> str:
    """Return a value of some digits."""
    return f"{(day * 7919 + quarter * 104_729) % 2_000_000 / 1e6:.6f}"


def time(day: int, quarter: int, layout: str = "%Y-%m-%dT%H:%M:%SZ") -> str:
    """Write the start of a quarter hour."""
    at = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=day, minutes=15 * quarter)
    return at.strftime(layout)


def own_csv_day(point: int, day: int) -> str:
    """Write rows of our intervals."""
    return "".join(
        f"house_{point},{time(day, q)},{kwh(day, q)},0,measured\n"
        for q in QUARTER_HOURS
    )


def own_readings_day(point: int, day: int) -> str:
    """Write rows of our readings."""
    return "".join(
        f"house_{point},{time(day, q)},{day * 96 + q},\n" for q in QUARTER_HOURS
    )


def nem12_day(point: int, day: int) -> str:
    """Write a 300 record, with its 200 record before."""
    values = ",".join(kwh(day, q) for q in QUARTER_HOURS[::2])
    return (
        f"200,NMI{point},E1,1,E1,N1,METER,kWh,30,\n"
        f"300,{time(day, 0, '%Y%m%d')},{values},A,,,20260201010203,\n"
    )


def sdat_day(point: int, day: int) -> str:
    """Write a MeteringData."""
    observations = "\n".join(
        f"<o:Observation><o:Position><o:Sequence>{q + 1}</o:Sequence></o:Position>"
        f"<o:Volume>{kwh(day, q)}</o:Volume></o:Observation>"
        for q in QUARTER_HOURS
    )
    return (
        f"<o:MeteringData><o:Interval><o:StartDateTime>{time(day, 0)}"
        f"</o:StartDateTime><o:EndDateTime>{time(day + 1, 0)}</o:EndDateTime>"
        "</o:Interval><o:Resolution><o:Resolution>15</o:Resolution><o:Unit>MIN"
        "</o:Unit></o:Resolution><o:ConsumptionMeteringPoint><o:VSENationalID>"
        f"CH{point}</o:VSENationalID></o:ConsumptionMeteringPoint><o:Product><o:ID>"
        "8716867000030</o:ID><o:MeasureUnit>KWH</o:MeasureUnit></o:Product>\n"
        f"{observations}</o:MeteringData>\n"
    )


def eda_xml_day(_point: int, day: int) -> str:
    """Write a day of EP."""
    return "".join(
        f"<EP><DTF>{time(day, q)}</DTF><DTT>{time(day, q + 1)}</DTT><MM>L1</MM>"
        f"<BQ>{kwh(day, q)}</BQ></EP>\n"
        for q in QUARTER_HOURS
    )


def espi_day(point: int, day: int) -> str:
    """Write an entry with an IntervalBlock."""
    readings = "\n".join(
        "<e:IntervalReading><e:timePeriod><e:duration>900</e:duration><e:start>"
        f"{START + day * DAY + q * 900}</e:start></e:timePeriod>"
        f"<e:value>{q}</e:value></e:IntervalReading>"
        for q in QUARTER_HOURS
    )
    return (
        f'<entry><link rel="self" href="/espi/UsagePoint/{point}/MeterReading/1/'
        f'IntervalBlock/{day}"/><content><e:IntervalBlock>{readings}'
        "</e:IntervalBlock></content></entry>\n"
    )


def grid_csv_day(point: int, day: int) -> str:
    """Write rows as a grid operator does; eighty days of a year keep summer time."""
    text = "".join(
        f"CH{point};{time(100 + day % 80, q, '%d.%m.%Y %H:%M')};{kwh(day, q)}\n"
        for q in QUARTER_HOURS
    )
    return text.replace(".2000 ", f".{2000 + day // 80} ")


LAYOUTS: Mapping[str, Layout] = {
    "own_csv": Layout("house,start,import_kwh,export_kwh,quality\n", own_csv_day),
    "own_readings": Layout("house,time,import_kwh,export_kwh\n", own_readings_day),
    "nem12": Layout("100,NEM12,202602010300,MDP1,RET1\n", nem12_day, "900\n"),
    "sdat": Layout(
        '<o:ValidatedMeteredData_16 xmlns:o="http://www.strom.ch">'
        "<o:ValidatedMeteredData_HeaderInformation><o:InstanceDocument><o:Creation>"
        "2026-02-01T00:00:00Z</o:Creation></o:InstanceDocument>"
        "</o:ValidatedMeteredData_HeaderInformation>\n",
        sdat_day,
        "</o:ValidatedMeteredData_16>",
    ),
    "eda_xml": Layout(
        '<ConsumptionRecord xmlns="http://www.ebutilities.at/schemata/'
        'customerprocesses/consumptionrecord/01p40"><MarketParticipantDirectory>'
        "<RoutingHeader><DocumentCreationDateTime>2026-02-01T00:00:00Z"
        "</DocumentCreationDateTime></RoutingHeader></MarketParticipantDirectory>"
        "<ProcessDirectory><MeteringPoint>AT1</MeteringPoint><Energy>"
        "<MeteringIntervall>QH</MeteringIntervall>"
        '<EnergyData MeterCode="1-1:2.9.0 G.03" UOM="KWH">\n',
        eda_xml_day,
        "</EnergyData></Energy></ProcessDirectory></ConsumptionRecord>",
    ),
    "espi": Layout(
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:e="http://naesb.org/espi">'
        '<entry><link rel="self" href="/espi/ReadingType/1"/><content>'
        "<e:ReadingType><e:uom>72</e:uom><e:flowDirection>1</e:flowDirection>"
        "</e:ReadingType></content></entry>\n",
        espi_day,
        "</feed>",
    ),
    "grid_csv": Layout("Messpunkt;Zeit;Bezug (kWh)\n", grid_csv_day),
}


def sheet(size: int) -> Iterator[str]:
    """Yield a sheet of that many bytes: a column of times, and forty of energies."""
    points = range(40)
    yield '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    yield "<sheetData>\n"
    for label, texts in (
        ("MeteringpointID", [f"AT{point}" for point in points]),
        ("Metercode", ["Gesamtverbrauch lt. Messung [KWH]"] * len(points)),
    ):
        cells = (f'<c t="str"><v>{text}</v></c>' for text in (label, *texts))
        yield f"<row>{''.join(cells)}</row>\n"
    written = 0
    for number in count():
        at = time(number // 64, 32 + number % 64, "%d.%m.%Y %H:%M")
        cells = (f"<c><v>{kwh(number, point)}</v></c>" for point in points)
        row = f'<row><c t="str"><v>{at}</v></c>{"".join(cells)}</row>\n'
        written += len(row)
        if written > size:
            break
        yield row
    yield "</sheetData></worksheet>"


def write_workbook(path: Path, size: int) -> None:
    """Write a workbook whose sheet has that many bytes; packed, it has fewer."""
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns:r="{relations}"><sheets>'
            '<sheet name="Energiedaten" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships><Relationship Id="r1" Target="sheet.xml"/></Relationships>',
        )
        with archive.open("xl/sheet.xml", "w") as part:
            part.writelines(text.encode() for text in sheet(size))


def write_file(layout: Layout, path: Path, size: int) -> None:
    """Write days of points, twenty years of each, until there are enough."""
    with path.open("w", encoding="utf-8", newline="") as file:
        written = file.write(layout.head)
        for number in count():
            if written > size:
                break
            written += file.write(layout.day(number // 7300, number % 7300))
        file.write(layout.tail)


def main() -> None:
    """Write the file that the command line names."""
    name, path, size = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]) * 1_000_000
    if name == "eda_xlsx":
        write_workbook(path, size)
    else:
        write_file(LAYOUTS[name], path, size)


if __name__ == "__main__":
    main()
