"""Time-of-use bands: every instant in exactly one, or a refusal that says when."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
import re
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.billing.band_clock import BandClock
from custom_components.leg_invoicing.billing.bands import (
    DAYS,
    HOLIDAY,
    Band,
    BandError,
    Bands,
    Window,
)
from custom_components.leg_invoicing.billing.measurements import IntervalSlice
from custom_components.leg_invoicing.billing.seasons import Season
from tests.billing.oracle import claims

_ZURICH = ZoneInfo("Europe/Zurich")
_WORKDAYS = frozenset(range(5))
_NOBODY: frozenset[date] = frozenset()


def window(first: str = "00:00", last: str = "24:00", **more: object) -> Window:
    """Return a window: `window("22:00", "06:00")`."""
    start, end = (int(t[:2]) * 60 + int(t[3:]) for t in (first, last))
    return Window(start=start, end=end, **more)  # type: ignore[arg-type]


_NIGHTS = Bands(
    (
        Band("day", (window("06:00", "22:00"),)),
        Band("night", (window("22:00", "06:00"),)),
    )
)


@pytest.mark.parametrize(
    ("time", "band"),
    [
        ("2026-01-05T05:59", "night"),
        ("2026-01-05T06:00", "day"),
        ("2026-01-05T21:59", "day"),
        ("2026-01-05T22:00", "night"),
        ("2026-01-06T00:00", "night"),
    ],
)
def test_a_band_may_run_over_midnight(time: str, band: str) -> None:
    """It begins on one day and ends on the next."""
    assert _NIGHTS.at(datetime.fromisoformat(time), _NOBODY) == band


def test_a_window_belongs_to_the_day_on_which_it_begins() -> None:
    """Friday's night ends on Saturday morning; Saturday has none of its own."""
    bands = Bands(
        (Band("night", (window("22:00", "06:00", days=_WORKDAYS),)),), rest="other"
    )

    found = [
        bands.at(datetime.fromisoformat(f"2026-01-{day}T{time}"), _NOBODY)
        for day, time in (
            ("09", "23:00"),
            ("10", "05:00"),
            ("10", "23:00"),
            ("11", "05:00"),
            ("12", "05:00"),
        )
    ]

    assert found == ["night", "night", "other", "other", "other"]


def test_a_holiday_is_one_where_a_band_asks_for_it() -> None:
    """Otherwise it is the weekday that it falls on."""
    new_year = datetime.fromisoformat("2026-01-01T12:00")  # a Thursday
    holidays = frozenset({new_year.date()})
    plain = Bands((Band("work", (window(days=_WORKDAYS),)),), rest="free")
    asking = Bands(
        (
            Band("work", (window(days=_WORKDAYS),)),
            Band("free", (window(days=frozenset({5, 6, HOLIDAY})),)),
        )
    )

    assert plain.at(new_year, holidays) == "work"
    assert asking.at(new_year, holidays) == "free"
    assert asking.at(new_year, _NOBODY) == "work"


def test_seasons_come_back_every_year() -> None:
    """Also one that runs over New Year; both of its days are included."""
    winter = Season((10, 1), (3, 31))
    bands = Bands((Band("winter", (window(season=winter),)),), rest="summer")

    days = ("2026-03-31", "2026-04-01", "2026-09-30", "2026-10-01", "2028-02-29")
    found = [bands.at(datetime.fromisoformat(day), _NOBODY) for day in days]

    assert found == ["winter", "summer", "summer", "winter", "winter"]


@pytest.mark.parametrize(
    ("windows", "message"),
    [
        ([window("06:00", "22:00")], "mon 00:00-06:00 is in no band; add it to one"),
        ([window("00:00", "22:00")], "mon 22:00-24:00 is in no band"),
        (
            [window("00:00", "14:00"), window("12:00", "24:00")],
            "mon 12:00-14:00 is in the bands b0 and b1; let it be in one",
        ),
        (
            [window("22:00", "08:00"), window("06:00", "22:00")],
            "mon 06:00-08:00 is in the bands b0 and b1",
        ),
        ([window(days=frozenset(range(6)))], "sun 00:00-24:00 is in no band"),
        (
            # The night of Sunday ends on a Monday, which has a band for all of it.
            [window(), window("23:00", "01:00", days=frozenset({6}))],
            "is in the bands",
        ),
        (
            [window(days=frozenset(range(7))), window(days=frozenset({3, HOLIDAY}))],
            "thu 00:00-24:00 is in the bands b0 and b1",
        ),
        (
            [window(), window("10:00", "11:00", days=frozenset({HOLIDAY}))],
            "holiday 10:00-11:00 is in the bands b0 and b1",
        ),
        ([window(season=Season((4, 1), (9, 30)))], "10-01..03-31 of the year"),
        (
            [
                window(season=Season((4, 1), (9, 30))),
                window(season=Season((9, 30), (3, 31))),
            ],
            "mon 00:00-24:00 (09-30 of the year) is in the bands b0 and b1",
        ),
        (
            [
                window(season=Season((11, 15), (2, 28))),
                window(season=Season((3, 1), (11, 14))),
            ],
            "mon 00:00-24:00 (02-29 of the year) is in no band",
        ),
        (
            [
                window(season=Season((4, 1), (9, 30))),
                window("06:00", "22:00", season=Season((10, 1), (3, 31))),
                window("22:00", "06:00", season=Season((10, 1), (3, 31))),
            ],
            "mon 00:00-06:00 (04-01 of the year) is in the bands b2 and b0",
        ),
        (
            # A season of each half leaves out two stretches, one over New Year.
            [
                window(season=Season((3, 1), (5, 31))),
                window(season=Season((9, 1), (11, 30))),
            ],
            "mon 00:00-24:00 (06-01..08-31, 12-01..02-29 of the year) is in no band",
        ),
    ],
)
def test_time_in_no_band_or_in_two_is_refused(
    windows: list[Window], message: str
) -> None:
    """The refusal names the day, the time, the bands, and which days of the year."""
    bands = tuple(Band(f"b{i}", (each,)) for i, each in enumerate(windows))

    with pytest.raises(BandError, match=re.escape(message)):
        Bands(bands)


def test_years_without_a_29_february_are_looked_at_too() -> None:
    """Two windows that only a leap year keeps apart would meet in the others."""
    night = window("20:00", "08:00", season=Season((2, 28), (2, 28)))
    morning = window("06:00", "07:00", season=Season((3, 1), (3, 1)))

    with pytest.raises(
        BandError,
        match=r"06:00-07:00 \(03-01 of the year\) is in the bands late and early",
    ):
        Bands((Band("late", (night,)), Band("early", (morning,))), rest="rest")


def test_bands_of_one_name_are_one_band() -> None:
    """Written twice, a name would have two prices."""
    with pytest.raises(ValueError, match="two bands are called alike"):
        Bands((Band("day", (window(),)),), rest="day")


@pytest.mark.parametrize(
    ("day", "nights", "days"), [("2026-03-29", 28, 64), ("2026-10-25", 36, 64)]
)
def test_the_days_on_which_clocks_change(day: str, nights: int, days: int) -> None:
    """Fault 5: bands follow the clocks on the wall, an hour less or more of night."""
    clock = BandClock(_ZURICH, _NOBODY, (_NIGHTS,))
    first = datetime.fromisoformat(f"{day}T00:00").replace(tzinfo=_ZURICH)
    end = datetime.combine(first.date() + timedelta(days=1), first.timetz())
    starts = range(int(first.timestamp()), int(end.timestamp()), 900)

    assert Counter(clock.at(_slice(start)).bands for start in starts) == {
        ("night",): nights,
        ("day",): days,
    }


def _slice(start: int) -> IntervalSlice:
    return IntervalSlice(start, [], [], [])


_TIMES = st.integers(0, 95).map(lambda number: number * 15)
_WINDOWS = st.builds(
    Window,
    days=st.frozensets(st.integers(0, HOLIDAY), min_size=1),
    start=_TIMES,
    end=_TIMES.map(lambda minute: minute or 1440),
    season=st.sampled_from(
        [
            Season((1, 1), (12, 31)),
            Season((10, 1), (3, 31)),
            Season((2, 29), (2, 29)),
            Season((4, 1), (9, 30)),
        ]
    ),
)


@given(
    st.lists(_WINDOWS, min_size=1, max_size=3),
    st.booleans(),
    st.datetimes(*map(datetime.fromisoformat, ("2026-01-01", "2029-01-01"))),
    st.booleans(),
)
def test_every_instant_is_in_exactly_one_band(
    windows: list[Window], has_rest: bool, time: datetime, is_holiday: bool
) -> None:
    """Whatever bands are accepted: an instant is in the one that claims it."""
    try:
        bands = Bands(
            tuple(Band(f"b{i}", (each,)) for i, each in enumerate(windows)),
            rest="rest" if has_rest else None,
        )
    except BandError:
        return
    asks = any(HOLIDAY in w.days and len(w.days) < len(DAYS) for w in windows)
    holidays = frozenset({time.date()}) if is_holiday and asks else _NOBODY
    claimed = [
        f"b{i}" for i, each in enumerate(windows) if claims(each, time, holidays)
    ]

    assert len(claimed) <= 1
    assert bands.at(time, holidays) == (claimed[0] if claimed else "rest")


_SPAN = re.compile(r"(\w+) (\d\d:\d\d)-\S+(?: \((\d\d-\d\d).* of the year\))? is in")


@given(st.lists(_WINDOWS, min_size=1, max_size=3))
def test_what_is_refused_is_so_on_the_days_that_are_named(
    windows: list[Window],
) -> None:
    """In some year, the first of them is in no band, or in two."""
    try:
        Bands(tuple(Band(f"b{i}", (each,)) for i, each in enumerate(windows)))
    except BandError as err:
        found = _SPAN.match(str(err))
    else:
        return
    assert found is not None
    kind, clock, day = found[1], found[2], found[3] or "06-15"
    times = [
        time
        for year in range(2000, 2056)
        for time in _times_at(f"{year}-{day}T{clock}")
        if kind in ("holiday", DAYS[time.weekday()])
    ]
    asks = any(HOLIDAY in w.days and len(w.days) < len(DAYS) for w in windows)

    assert any(
        sum(claims(each, time, frozenset(holidays)) for each in windows) != 1
        for time in times
        for holidays in _holidays_about(time.date(), kind == "holiday", asks)
    )


def _times_at(text: str) -> list[datetime]:
    """Return a time, if its year has that day."""
    try:
        return [datetime.fromisoformat(text)]
    except ValueError:
        return []


def _holidays_about(day: date, is_one: bool, asks: bool) -> list[set[date]]:
    """Return what holidays there can be on a day and on the one before it."""
    today = {day} if is_one else set()
    eve = {day - timedelta(days=1)} if asks else set()
    return [today, today | eve]


@pytest.mark.parametrize(
    ("own", "fits"),
    [
        (Window(start=60, end=120), True),
        (Window(start=75, end=120), False),
        (Window(start=60, end=135), False),
    ],
)
def test_bands_fit_intervals_that_end_where_they_begin(own: Window, fits: bool) -> None:
    """Neither edge of a window lies inside an interval."""
    assert Bands((Band("own", (own,)),), rest="rest").fits(30) is fits


def test_a_clock_tells_all_schedules_at_once() -> None:
    """A band of each, in their order."""
    seasons = Bands(
        (Band("winter", (window(season=Season((10, 1), (3, 31))),)),), rest="summer"
    )
    clock = BandClock(_ZURICH, _NOBODY, (_NIGHTS, seasons))

    at = int(datetime(2026, 7, 1, 21, tzinfo=UTC).timestamp())

    assert clock.at(_slice(at)).bands == ("night", "summer")
