"""The fields in which a person tells of a new meter."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.helpers.selector import (
    DateTimeSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    Selector,
    TextSelector,
)

FIELD_TIME: Final = "time"
FIELD_FINAL: Final = "final_kwh"
FIELD_FIRST: Final = "first_kwh"
FIELD_OLD_SERIAL: Final = "old_serial"
FIELD_NEW_SERIAL: Final = "new_serial"

_READING = NumberSelector(
    NumberSelectorConfig(
        min=0,
        max=999_999_999_999,
        step="any",
        unit_of_measurement="kWh",
        mode=NumberSelectorMode.BOX,
    )
)

CHANGE_FIELDS: Final[Mapping[str, Selector[Any]]] = {
    FIELD_TIME: DateTimeSelector(),
    FIELD_FINAL: _READING,
    FIELD_FIRST: _READING,
    FIELD_OLD_SERIAL: TextSelector(),
    FIELD_NEW_SERIAL: TextSelector(),
}
