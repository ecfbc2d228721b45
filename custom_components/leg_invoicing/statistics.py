"""Settled energy and money as external long-term statistics.

A sensor can only say what it knows now, so the energy of a quarter hour lands in
the hour in which it was settled. Statistics written here land in the hour in which
the energy flowed, and are written again when that hour changes: the recorder keeps
one row per statistic and hour. Rows hold a running sum; every projection therefore
goes from the first hour that changed to the newest one that is complete.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from homeassistant.helpers.recorder import get_instance
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    async_add_external_statistics,
    get_last_statistics,
    statistics_during_period,
)
from homeassistant.const import UnitOfEnergy
from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from .billing.calendar import Instant, Span, utc
from .billing.energy import Energy
from .billing.measurements import Measurements
from .billing.money import Money
from .billing.settlement import settle
from .billing.tally import HouseTally, Tally, tally
from .billing.terms import Terms
from .community import House
from .const import CONF_COMMUNITY_ID, CONF_CURRENCY, DOMAIN
from .ledger import Ledger

if TYPE_CHECKING:
    from .runtime import LegConfigEntry

HOUR = 3600

LOOK_BACK_SECONDS = 48 * HOUR
"""How far a first projection goes back behind what the recorder already has.

Measurements may have changed shortly before Home Assistant was stopped.
"""

type Amount = Energy | Money

HOUSE_STATISTICS: Mapping[str, Mapping[str, Callable[[HouseTally], Amount]]] = {
    "import": {
        "imported_energy": lambda house: house.energy.imported,
        "energy_from_community": lambda house: house.energy.local_import,
        "energy_from_grid": lambda house: house.energy.grid_import,
        "value_of_consumption": lambda house: house.cost,
    },
    "export": {
        "exported_energy": lambda house: house.energy.exported,
        "energy_to_community": lambda house: house.energy.local_export,
        "energy_to_grid": lambda house: house.energy.grid_export,
        "value_of_delivery": lambda house: house.revenue,
    },
}
"""By the register that a house must have for them to be anything but zero."""

COMMUNITY_STATISTICS: Mapping[str, Callable[[Tally], Amount]] = {
    "consumption": lambda community: community.energy.imported,
    "production": lambda community: community.energy.exported,
    "shared_energy": lambda community: community.energy.local_import,
    "grid_import": lambda community: community.energy.grid_import,
    "grid_export": lambda community: community.energy.grid_export,
    "value_grid_import": lambda community: community.value_grid_import,
    "value_grid_export": lambda community: community.value_grid_export,
    "own_account": lambda community: community.balance,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Series:
    """One statistic: how it is called and what it adds up."""

    statistic_id: str
    key: str
    owner: str
    read: Callable[[Tally], Amount]


class Statistics:
    """The external statistics of one community."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: LegConfigEntry,
        ledger: Ledger,
        houses: Iterable[House],
    ) -> None:
        """Name the statistics of the community and of each house."""
        self._hass = hass
        self._entry = entry
        self._ledger = ledger
        self._series = tuple(_series(entry, houses))
        self._from: Instant | None = None
        """The first hour to project; None until it is known where to begin."""
        self._changed: Instant | None = None
        """The first instant that changed since the last projection."""

    def changed_from(self, instant: Instant) -> None:
        """Note that measurements or terms changed from an instant on."""
        before = self._changed
        self._changed = instant if before is None else min(before, instant)

    async def async_project(self, terms: Terms, end: Instant) -> None:
        """Write all hours that changed or that are complete now."""
        span = await self._async_due(end)
        if span is None:
            return
        self._changed = None
        hours = await self._hass.async_add_executor_job(self._hours, terms, span)
        sums = await self._async_sums_before(span.start)
        labels = await async_get_translations(
            self._hass, self._hass.config.language, "entity", {DOMAIN}
        )
        for series in self._series:
            label = labels.get(
                f"component.{DOMAIN}.entity.sensor.{series.key}.name", series.key
            )
            async_add_external_statistics(
                self._hass,
                self._metadata(series, f"{series.owner} {label}"),
                list(_rows(series, hours, sums.get(series.statistic_id, 0.0))),
            )
        self._from = span.end

    async def _async_due(self, end: Instant) -> Span | None:
        """Return the whole hours to write."""
        bounds = await self._hass.async_add_executor_job(self._ledger.bounds)
        if bounds is None:
            return None
        if self._from is None:
            written = await self._async_last_written()
            self._from = written - LOOK_BACK_SECONDS if written else bounds.start
        start = self._from if self._changed is None else min(self._from, self._changed)
        start = max(start, bounds.start)
        start, stop = start - start % HOUR, end - end % HOUR
        return Span(start, stop) if start < stop else None

    async def _async_last_written(self) -> Instant | None:
        """Return the end of the newest hour that the recorder has."""
        statistic_id = self._series[0].statistic_id
        last = await get_instance(self._hass).async_add_executor_job(
            get_last_statistics, self._hass, 1, statistic_id, False, {"sum"}
        )
        rows = last.get(statistic_id)
        return int(rows[0]["start"]) + HOUR if rows else None

    async def _async_sums_before(self, start: Instant) -> dict[str, float]:
        """Return the running sums that the hour before `start` ends with."""
        found = await get_instance(self._hass).async_add_executor_job(
            statistics_during_period,
            self._hass,
            utc(start) - timedelta(hours=1),
            utc(start),
            {series.statistic_id for series in self._series},
            "hour",
            None,
            {"sum"},
        )
        return {key: rows[-1]["sum"] or 0.0 for key, rows in found.items() if rows}

    def _hours(self, terms: Terms, span: Span) -> list[tuple[Instant, Tally]]:
        """Settle hour by hour; all hours of the span are in the answer."""
        measured = self._ledger.measurements(span)
        slices = iter(measured.slices)
        upcoming = next(slices, None)
        hours = []
        for start in range(span.start, span.end, HOUR):
            own = []
            while upcoming is not None and upcoming.start < start + HOUR:
                own.append(upcoming)
                upcoming = next(slices, None)
            hour = Measurements(measured.houses, own)
            settled = settle(terms, Span(start, start + HOUR), hour)
            hours.append((start, tally(settled)))
        return hours

    def _metadata(self, series: _Series, name: str) -> StatisticMetaData:
        is_energy = isinstance(series.read(Tally()), Energy)
        currency = self._entry.data[CONF_CURRENCY]
        return StatisticMetaData(
            mean_type=StatisticMeanType.NONE,
            has_sum=True,
            name=name,
            source=DOMAIN,
            statistic_id=series.statistic_id,
            unit_class="energy" if is_energy else None,
            unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR if is_energy else currency,
        )


def _series(entry: LegConfigEntry, houses: Iterable[House]) -> Iterator[_Series]:
    prefix = f"{DOMAIN}:{entry.data[CONF_COMMUNITY_ID]}"
    for key, read in COMMUNITY_STATISTICS.items():
        yield _Series(
            statistic_id=f"{prefix}_{key}", key=key, owner=entry.title, read=read
        )
    for house in houses:
        for register in house.registers:
            for key, read_house in HOUSE_STATISTICS[register].items():
                yield _Series(
                    statistic_id=f"{prefix}_{house.house_id}_{key}",
                    key=key,
                    owner=house.name,
                    read=_of_house(house.house_id, read_house),
                )


def _of_house(
    house_id: str, read: Callable[[HouseTally], Amount]
) -> Callable[[Tally], Amount]:
    return lambda community: read(community.house(house_id))


def _rows(
    series: _Series, hours: Iterable[tuple[Instant, Tally]], total: float
) -> Iterator[StatisticData]:
    for start, settled in hours:
        amount = series.read(settled)
        change = amount.kwh if isinstance(amount, Energy) else amount.units
        total += float(change)
        yield StatisticData(start=utc(start), state=float(change), sum=total)
