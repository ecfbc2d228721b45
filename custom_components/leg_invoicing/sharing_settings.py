"""A community's way of sharing, as forms and actions change it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from homeassistant.helpers.selector import (
    DateSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
)

from .billing.allocation import BY_WEIGHT, PLACES_ALL, AllocationKey
from .billing.commitments import CommitmentError
from .billing.rounding import EXACT
from .billing.sharing_change import with_sharing
from .billing.sharing_versions import SharingVersion
from .books import Books
from .books_error import BooksError
from .community import House
from .const import CONF_VALID_FROM
from .form_checks import exact_number
from .forms import Answers, Fields
from .runtime import LegData

FIELD_ALLOCATION: Final = "allocation"
FIELD_PRODUCERS: Final = "producers"
FIELD_WEIGHTS: Final = "weights"
FIELD_ORDER: Final = "order"


def _keys(keys: tuple[AllocationKey, ...]) -> SelectSelector:
    config = SelectSelectorConfig(options=[str(key) for key in keys])
    config["translation_key"] = "sharing_key"
    return SelectSelector(config)


SHARING_FIELDS: Final[Fields] = {
    CONF_VALID_FROM: DateSelector(),
    FIELD_ALLOCATION: _keys(tuple(AllocationKey)),
    FIELD_PRODUCERS: _keys(PLACES_ALL),
}

_PERCENT: Final = NumberSelector(
    NumberSelectorConfig(
        min=0,
        max=100,
        step="any",
        unit_of_measurement="%",
        mode=NumberSelectorMode.BOX,
    )
)


def weight_fields(houses: Mapping[str, House]) -> Fields:
    """Return a field for each house, under the name that people call it."""
    return dict.fromkeys((house.name for house in houses.values()), _PERCENT)


def order_fields(houses: Mapping[str, House]) -> Fields:
    """Return the field in which houses are chosen one after the other."""
    options = [SelectOptionDict(value=h, label=houses[h].name) for h in houses]
    config = SelectSelectorConfig(options=options, multiple=True)
    return {FIELD_ORDER: SelectSelector(config)}


def needs_weights(version: SharingVersion) -> bool:
    """Tell whether weights count under these keys."""
    return bool({version.allocation, version.producers} & set(BY_WEIGHT))


def needs_order(version: SharingVersion) -> bool:
    """Tell whether an order counts under these keys."""
    return AllocationKey.PRIORITY in (version.allocation, version.producers)


def sharing_answers(version: SharingVersion, first: date) -> dict[str, str]:
    """Return what the form for another way of sharing begins with."""
    return {
        CONF_VALID_FROM: first.isoformat(),
        FIELD_ALLOCATION: str(version.allocation),
        FIELD_PRODUCERS: str(version.producers),
    }


def weight_answers(
    weights: Mapping[str, Decimal], houses: Mapping[str, House]
) -> dict[str, Any]:
    """Return weights the way their form shows them: in per cent, by name."""
    return {
        house.name: float(weights.get(house_id, Decimal(0)).scaleb(2, EXACT))
        for house_id, house in houses.items()
    }


def weights_of(answers: Answers, houses: Mapping[str, House]) -> Mapping[str, Decimal]:
    """Return the weights that were entered; nothing is none."""
    percents = {
        house_id: exact_number({house.name: 0, **answers}, house.name)
        for house_id, house in houses.items()
    }
    return {h: percent.scaleb(-2, EXACT) for h, percent in percents.items() if percent}


def check_sharing(books: Books, version: SharingVersion) -> None:
    """Raise BooksError when a rule forbids to share like that."""
    try:
        with_sharing(books.commitments, version)
    except CommitmentError as err:
        raise BooksError(err, books.house_names) from err


async def async_set_sharing(data: LegData, version: SharingVersion) -> None:
    """Share like that from a day on; raises BooksError when a rule forbids it."""
    await data.books.async_change(lambda books: with_sharing(books, version))
    data.coordinator.async_books_changed()
