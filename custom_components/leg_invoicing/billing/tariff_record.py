"""A tariff from what a person wrote down.

    valid_from: 2026-01-01
    bands: [{name: day, days: mon-sat, from: "06:00", to: "22:00"},
            {name: night, rest: true}]
    p_pv: 20                      # ct/kWh at all times
    p_con: {day: 25, night: 18}   # or by band, and more: `price_record`
    p_grid_con: {day: 30, night: 22}
    p_grid_del: 6
    p_standard: 29.4              # what a house would pay alone; p_grid_con if left out
    fees: [{name: Base fee, amount: 500, per: month}]   # ct
    discounts: [{name: Loyalty, percent: 5, of: all}]
    vat: {mode: on_top, rate: 8.1}

A band may be written several times, once for each of its windows, and have `season:
10-01..03-31`, both days included.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
import re

from .bands import DAY_MINUTES, DAYS, HOLIDAY, Band, BandError, Bands, Window
from .fee_record import discounts_from_written, fees_from_written
from .models import Model
from .price_record import prices_from_written
from .reasons import tariffs as because
from .seasons import Season
from .signal_bands import ModeBands
from .signal_record import mode_bands_from
from .tariffs import (
    PRICE_NAMES,
    STANDARD,
    Tariff,
    TariffError,
    TariffVersion,
    check_bands_met,
    check_heeded,
)
from .vat import NO_VAT
from .vat_written import price_vat_from_written
from .written import TermsError, Written, listed, nearest

_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)", re.ASCII)
_MONTH_DAY = r"\d{2}-\d{2}"
_SEASON = re.compile(rf"({_MONTH_DAY})\.\.({_MONTH_DAY})", re.ASCII)
_LEAP_YEAR = 2028
_PARTS = (STANDARD, "bands", "fees", "discounts", "vat")
VERSION_KEYS = ("valid_from", *PRICE_NAMES, *_PARTS)
_SPACED_DASH = re.compile(r"\s*-\s*")
_WEEKDAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
_DAY_NAMES = {day: i for days in (DAYS, _WEEKDAYS) for i, day in enumerate(days)}
_ANY_DAY = frozenset(range(len(DAYS)))


def tariff_from_written(name: str, written: Written, minutes: int) -> Tariff:
    """Read all versions of a tariff, in any order.

    `minutes` is how long intervals are: no band may begin inside one.
    """
    versions: dict[date, TariffVersion] = {}
    for item in written.items():
        version = version_from_written(item, minutes)
        if version.valid_from in versions:
            Written(None, (*item.path, "valid_from")).refuse(
                because.TWO_VERSIONS(tariff=name, day=version.valid_from)
            )
        versions[version.valid_from] = version
    if not versions:
        written.refuse(because.NO_VERSION(tariff=name))
    return Tariff(name, tuple(versions[day] for day in sorted(versions)))


def require_heeded(written: Written, tariff: Tariff, model: Model) -> None:
    """Refuse what a model would not heed."""
    for version in tariff.versions:
        try:
            check_heeded(version, model)
        except TariffError as err:
            written.refuse(err.reason)


def require_bands_met(tariffs: Iterable[Tariff], *, has_holidays: bool) -> None:
    """Refuse bands of tariffs, by TermsError, that no time is ever in."""
    for tariff in tariffs:
        for version in tariff.versions:
            try:
                check_bands_met(version, has_holidays=has_holidays)
            except TariffError as err:
                raise TermsError(("tariffs", tariff.tariff_id), err.reason) from err


def version_from_written(written: Written, minutes: int) -> TariffVersion:
    """Read one version."""
    part = written.fields(("valid_from", *PRICE_NAMES), _PARTS)
    bands = _schedule(part["bands"], minutes) if "bands" in part else None
    prices = prices_from_written(part, bands.names if bands else ())
    return TariffVersion(
        valid_from=part["valid_from"].day(),
        p_pv=prices["p_pv"],
        p_con=prices["p_con"],
        p_grid_del=prices["p_grid_del"],
        p_grid_con=prices["p_grid_con"],
        p_standard=prices.get(STANDARD),
        bands=bands,
        fees=fees_from_written(part["fees"]) if "fees" in part else (),
        discounts=discounts_from_written(part["discounts"])
        if "discounts" in part
        else (),
        vat=price_vat_from_written(part["vat"]) if "vat" in part else NO_VAT,
    )


def _schedule(written: Written, minutes: int) -> Bands | ModeBands:
    """Read bands, which a clock or a signal chooses."""
    if isinstance(written.value, Mapping):
        return mode_bands_from(written)
    return _bands(written, minutes)


def _bands(written: Written, minutes: int) -> Bands:
    windows: dict[str, list[Window]] = {}
    rest: str | None = None
    for item in written.items():
        part = item.fields(("name",), ("days", "from", "to", "season", "rest"))
        name = part["name"].text()
        if "rest" not in part:
            windows.setdefault(name, []).append(_window(part, minutes))
        elif rest is not None or part.keys() != {"name", "rest"}:
            item.refuse(because.REST_IS_ONE())
        elif part["rest"].text() != "true":
            part["rest"].refuse(because.REST_IS_TRUE())
        else:
            rest = name
    if not windows:
        written.refuse(because.ONLY_REST())
    bands = tuple(Band(name, tuple(own)) for name, own in windows.items())
    try:
        return Bands(bands, rest)
    except BandError as err:
        written.refuse(err.reason)


def _window(part: Mapping[str, Written], minutes: int) -> Window:
    window = Window(
        days=_days(part["days"]) if "days" in part else _ANY_DAY,
        start=_time(part["from"], minutes) if "from" in part else 0,
        end=(_time(part["to"], minutes) if "to" in part else 0) or DAY_MINUTES,
        season=_season(part["season"]) if "season" in part else Window().season,
    )
    if window.start == DAY_MINUTES:
        part["from"].refuse(because.BEGINS_AT_24())
    return window


def _days(written: Written) -> frozenset[int]:
    items = written.items() if isinstance(written.value, list) else [written]
    return frozenset(
        day
        for item in items
        for text in _SPACED_DASH.sub("-", item.text()).replace(",", " ").split()
        for day in _days_of(text, item)
    )


def _days_of(text: str, written: Written) -> Iterator[int]:
    """Yield the days of `mon`, `mon-fri` or `holiday`; `sat-mon` goes over Sunday."""
    first, dash, last = text.partition("-")
    if dash and not (first and last):
        written.refuse(because.NO_WEEKDAY(day=text, hint=listed(DAYS)))
    start, end = (_day(day, written) for day in (first, last or first))
    yield start
    while start != end:
        if HOLIDAY in (start, end):
            written.refuse(because.HOLIDAY_IN_WEEK())
        start = (start + 1) % HOLIDAY
        yield start


def _day(text: str, written: Written) -> int:
    day = text.lower()
    if day not in _DAY_NAMES:
        written.refuse(because.NO_WEEKDAY(day=text, hint=nearest(day, DAYS)))
    return _DAY_NAMES[day]


def _time(written: Written, minutes: int) -> int:
    match = _TIME.fullmatch(written.text())
    minute = int(match[1]) * 60 + int(match[2]) if match else DAY_MINUTES + 1
    if minute > DAY_MINUTES:
        written.refuse(because.NO_TIME(name=written.name))
    if minute % minutes:
        written.refuse(because.INSIDE_INTERVAL(time=written.text(), minutes=minutes))
    return minute


def _season(written: Written) -> Season:
    match = _SEASON.fullmatch(written.text())
    if match is None:
        written.refuse(because.NO_SEASON())
    first, last = (_month_day(text, written) for text in match.groups())
    return Season(first, last)


def _month_day(text: str, written: Written) -> tuple[int, int]:
    try:
        day = date.fromisoformat(f"{_LEAP_YEAR}-{text}")
    except ValueError:
        written.refuse(because.NO_DAY_OF_YEAR(day=text))
    return day.month, day.day
