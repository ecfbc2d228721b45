"""The table of external statistics: what each is called and what it adds up."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.const import UnitOfEnergy

from .billing.calendar import Instant, utc
from .billing.energy import Energy
from .billing.money import Money
from .billing.tally import HouseTally, Tally
from .community import House
from .const import CONF_COMMUNITY_ID, CONF_CURRENCY, DOMAIN

if TYPE_CHECKING:
    from .runtime import LegConfigEntry

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
class Series:
    """One statistic of a community or of one of its houses."""

    statistic_id: str
    key: str
    """The translation key of the sensor that shows the same."""
    owner: str
    """The name of the community or house."""
    currency: str
    read: Callable[[Tally], Amount]

    def metadata(self, label: str) -> StatisticMetaData:
        """Return how the recorder describes it."""
        is_energy = isinstance(self.read(Tally()), Energy)
        return StatisticMetaData(
            mean_type=StatisticMeanType.NONE,
            has_sum=True,
            name=f"{self.owner} {label}",
            source=DOMAIN,
            statistic_id=self.statistic_id,
            unit_class="energy" if is_energy else None,
            unit_of_measurement=(
                UnitOfEnergy.KILO_WATT_HOUR if is_energy else self.currency
            ),
        )

    def rows(
        self, hours: Iterable[tuple[Instant, Tally]], total: Decimal
    ) -> tuple[list[StatisticData], Decimal]:
        """Return a row per hour, whose sums go on from `total`, and the last sum."""
        rows = []
        for start, settled in hours:
            amount = self.read(settled)
            change = amount.kwh if isinstance(amount, Energy) else amount.units
            # Added up as decimals: a year of binary fractions would drift.
            total += change
            rows.append(
                StatisticData(start=utc(start), state=float(change), sum=float(total))
            )
        return rows, total


def series_of(entry: LegConfigEntry, houses: Iterable[House]) -> Iterator[Series]:
    """Yield the statistics of a community and its houses."""
    prefix = f"{DOMAIN}:{entry.data[CONF_COMMUNITY_ID]}"
    currency = entry.data[CONF_CURRENCY]
    for key, read in COMMUNITY_STATISTICS.items():
        yield Series(
            statistic_id=f"{prefix}_{key}",
            key=key,
            owner=entry.title,
            currency=currency,
            read=read,
        )
    for house in houses:
        for register in house.registers:
            for key, read_house in HOUSE_STATISTICS[register].items():
                yield Series(
                    statistic_id=f"{prefix}_{house.house_id}_{key}",
                    key=key,
                    owner=house.name,
                    currency=currency,
                    read=_of_house(house.house_id, read_house),
                )


def _of_house(
    house_id: str, read: Callable[[HouseTally], Amount]
) -> Callable[[Tally], Amount]:
    return lambda community: read(community.house(house_id))
