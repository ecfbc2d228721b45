"""Meter-data files of one point and one day, as small as their formats allow."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile
from zoneinfo import ZoneInfo

from custom_components.leg_invoicing.billing.calendar import iso_utc
from custom_components.leg_invoicing.formats import eda_xml, sdat
from tests.formats.quarter_hours import AUTUMN, quarter_hours
from tests.formats.workbooks import inline, number, packed, parts, sheet_xml

ZURICH = ZoneInfo("Europe/Zurich")
POINT = "CH1012345678900000000000000000042"

TOTAL = "<r:ebIXCode>8716867000030</r:ebIXCode>"
COMMUNITY = "<r:VSENationalCode>2404050010123</r:VSENationalCode>"
RESIDUAL = "<r:VSENationalCode>2404050010124</r:VSENationalCode>"


def starts(day: date = AUTUMN) -> list[int]:
    """Return the starts of a day's quarter hours: 100 of them in autumn."""
    return [int(time.timestamp()) for time in quarter_hours(day, ZURICH)]


def sdat_file(
    value: str = "0.25",
    *,
    point: str = POINT,
    kind: str = "Consumption",
    day: date = AUTUMN,
    created: str = "2026-11-01T05:30:00+01:00",
    **shares: str,
) -> bytes:
    """Return an E66 message; `community` and `residual` add series of their own."""
    products = {"total": TOTAL, "community": COMMUNITY, "residual": RESIDUAL}
    blocks = "".join(
        _sdat_block(energy, point, kind, products[share], day)
        for share, energy in {"total": value, **shares}.items()
    )
    name = "r:ValidatedMeteredData_16"
    return (
        f'<?xml version="1.0"?>\n<{name} xmlns:r="{sdat.NAMESPACE}">'
        "<r:ValidatedMeteredData_HeaderInformation><r:InstanceDocument>"
        "<r:DocumentID>D</r:DocumentID>"
        f"<r:Creation>{created}</r:Creation></r:InstanceDocument>"
        f"</r:ValidatedMeteredData_HeaderInformation>{blocks}</{name}>"
    ).encode()


def _sdat_block(value: str, point: str, kind: str, product: str, day: date) -> str:
    volume, _, condition = value.partition("/")
    end = f"<r:Condition>{condition}</r:Condition>" if condition else ""
    observations = "".join(
        f"<r:Observation><r:Position><r:Sequence>{i}</r:Sequence></r:Position>"
        f"<r:Volume>{volume}</r:Volume>{end}</r:Observation>\n"
        for i in range(1, len(starts(day)) + 1)
    )
    return (
        "<r:MeteringData><r:Interval>"
        f"<r:StartDateTime>{iso_utc(starts(day)[0])}</r:StartDateTime>"
        f"<r:EndDateTime>{iso_utc(starts(day)[-1] + 900)}</r:EndDateTime>"
        "</r:Interval><r:Resolution><r:Resolution>15</r:Resolution><r:Unit>MIN</r:Unit>"
        f"</r:Resolution><r:{kind}MeteringPoint><r:VSENationalID>{point}"
        f"</r:VSENationalID></r:{kind}MeteringPoint><r:Product><r:ID>{product}</r:ID>"
        f"<r:MeasureUnit>KWH</r:MeasureUnit></r:Product>{observations}</r:MeteringData>"
    )


def _own_csv() -> bytes:
    lines = ["house,start,import_kwh,export_kwh"]
    lines += [f"{POINT},{iso_utc(start)},0.25,0" for start in starts()]
    return "\n".join(lines).encode()


def _own_readings() -> bytes:
    lines = ["house,time,import_kwh,export_kwh"]
    for i, start in enumerate([*starts(), starts()[-1] + 900]):
        lines.append(f"{POINT},{iso_utc(start)},{100 + i * 0.25},5")
    return "\n".join(lines).encode()


def _nem12() -> bytes:
    """Return the two days of the Australian market that hold the Swiss one."""
    days = [AUTUMN, AUTUMN + timedelta(days=1)]
    lines = [
        "100,NEM12,202611010300,MDP1,RET1",
        f"200,{POINT[:10]},E1,1,E1,N1,M,kWh,15,",
    ]
    lines += [f"300,{day:%Y%m%d},{','.join(['0.25'] * 96)},A,,,," for day in days]
    return "\n".join([*lines, "900", ""]).encode()


def eda_file(**values: str) -> bytes:
    """Return a message of a consumer, by the ends of its codes: `G_01="0.25"`."""
    series = "".join(
        f'<EnergyData MeterCode="1-1:{2 if code == "G_03" else 1}.9.0 '
        f'{code.replace("_", ".")}" UOM="KWH">{_eda_values(value)}</EnergyData>'
        for code, value in values.items()
    )
    return (
        '<?xml version="1.0"?>\n<ConsumptionRecord '
        f'xmlns="{eda_xml.NAMESPACE}01p40"><MarketParticipantDirectory><RoutingHeader>'
        "<DocumentCreationDateTime>2026-11-01T10:00:00+01:00</DocumentCreationDateTime>"
        "</RoutingHeader></MarketParticipantDirectory><ProcessDirectory>"
        f"<MeteringPoint>{POINT}</MeteringPoint><Energy><MeteringIntervall>QH"
        f"</MeteringIntervall>{series}</Energy></ProcessDirectory></ConsumptionRecord>"
    ).encode()


def _eda_values(value: str) -> str:
    return "".join(
        f"<EP><DTF>{time.isoformat()}</DTF><DTT>"
        f"{datetime.fromtimestamp(int(time.timestamp()) + 900, ZURICH).isoformat()}"
        f"</DTT><MM>L1</MM><BQ>{value}</BQ></EP>\n"
        for time in quarter_hours(AUTUMN, ZURICH)
    )


def _eda_xml() -> bytes:
    return eda_file(G_01="0.25")


def _eda_xlsx() -> bytes:
    label = "Gesamtverbrauch lt. Messung (bei Teilnahme gem. Erzeugung) [KWH]"
    head = [
        [inline("MeteringpointID"), inline(POINT)],
        [inline("Metering Interval"), inline("QH")],
        [inline("Metercode"), inline(label)],
        [],
    ]
    rows = [
        [inline(f"{time:%d.%m.%Y %H:%M:%S}"), number("0.25")]
        for time in quarter_hours(AUTUMN, ZURICH)
    ]
    return packed(parts(sheet_xml([*head, *rows])))


def _espi() -> bytes:
    up = "https://example.org/espi/1_1/resource/Subscription/7/UsagePoint/01"
    readings = "".join(
        f"<IntervalReading><timePeriod><duration>900</duration><start>{start}</start>"
        "</timePeriod><value>250</value></IntervalReading>"
        for start in starts()
    )
    kind = (
        "<accumulationBehaviour>4</accumulationBehaviour><commodity>1</commodity>"
        "<flowDirection>1</flowDirection><intervalLength>900</intervalLength>"
        "<powerOfTenMultiplier>0</powerOfTenMultiplier><uom>72</uom>"
    )
    link = '<link rel="{}" href="{}"/>'.format
    entries = (
        (link("self", up), "<UsagePoint/>"),
        (
            link("self", f"{up}/MeterReading/1")
            + link("related", f"{up}/MeterReading/1/IntervalBlock/")
            + link("related", f"{up}/ReadingType/1"),
            "<MeterReading/>",
        ),
        (
            link("self", f"{up}/ReadingType/1"),
            f"<ReadingType>{kind}</ReadingType>",
        ),
        (
            link("self", f"{up}/MeterReading/1/IntervalBlock/1")
            + link("up", f"{up}/MeterReading/1/IntervalBlock/"),
            f"<IntervalBlock>{readings}</IntervalBlock>",
        ),
    )
    content = "".join(
        f"<entry>{links}<content>{content}</content>"
        "<updated>2026-11-01T00:00:00Z</updated></entry>"
        for links, content in entries
    )
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" '
        f'xmlns:espi="http://naesb.org/espi">{content}</feed>'
    ).encode()


def grid_file(columns: Sequence[str] = ("Bezug (kWh)",), value: str = "0,25") -> bytes:
    """Return a load profile, whose hours are local and stamped with their starts."""
    lines = [";".join(("Zeit", *columns))]
    lines += [
        ";".join((f"{time:%d.%m.%Y %H:%M}", *(value for _ in columns)))
        for time in quarter_hours(AUTUMN, ZURICH)
    ]
    return "\n".join(lines).encode("cp1252")


def zipped(**files: bytes) -> bytes:
    """Return an archive of files."""
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "own_csv": _own_csv,
    "own_readings": _own_readings,
    "nem12": _nem12,
    "sdat": sdat_file,
    "eda_xml": _eda_xml,
    "eda_xlsx": _eda_xlsx,
    "espi": _espi,
    "grid_csv": grid_file,
}
"""A file of each format in which POINT, or whoever it names, uses 0.25 kWh in each
quarter hour of the day that October makes longer."""
