"""The fields of the forms about a meter beside the houses' own."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from homeassistant.helpers.selector import (
    BooleanSelector,
    DateSelector,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    ObjectSelector,
    ObjectSelectorConfig,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
)

from .billing.meters import Role, ShareBy
from .community import Point
from .const import CONF_EXPORT_REGISTER, CONF_NAME
from .forms import FIELD_START_DATE, TEXT, Fields, choice
from .house_fields import meter_fields

FIELD_ROLE: Final = "meter_role"
FIELD_IS_CALCULATED: Final = "is_calculated"
FIELD_ADDED: Final = "added"
FIELD_SUBTRACTED: Final = "subtracted"
FIELD_HOUSE: Final = "house"
FIELD_BEHIND: Final = "behind"
FIELD_OWN_TARIFF: Final = "own_tariff"
FIELD_SHARE_BY: Final = "share_by"
FIELD_SHARING_HOUSES: Final = "sharing_houses"
FIELD_USER_SENSOR: Final = "user_sensor"
FIELD_USERS: Final = "users"
FIELD_TAG: Final = "tag"
FIELD_TAG_PARTICIPANT: Final = "participant"

METER_FIELDS: Final[Fields] = {
    CONF_NAME: TEXT,
    FIELD_ROLE: choice(list(Role), names=FIELD_ROLE),
    FIELD_IS_CALCULATED: BooleanSelector(),
}

_DELIVERING: Final = (Role.HOUSE, Role.PV, Role.BATTERY, Role.GRID, Role.COMPONENT)
"""The roles of meters through which energy may flow both ways."""

_USER_DOMAINS: Final = ["sensor", "input_text", "text", "select", "input_select"]


def register_fields(role: Role, own_sensors: Sequence[str]) -> Fields:
    """Return the fields of a meter with registers of its own."""
    return {
        field: selector
        for field, selector in meter_fields(own_sensors).items()
        if field != CONF_NAME and (field != CONF_EXPORT_REGISTER or role in _DELIVERING)
    }


def formula_fields(points: Iterable[Point]) -> Fields:
    """Return the fields of a meter that is calculated from others."""
    several = _points(points, multiple=True)
    return {FIELD_ADDED: several, FIELD_SUBTRACTED: several}


def assignment_fields(
    role: Role,
    houses: Iterable[Point],
    points: Iterable[Point],
    tariffs: Sequence[str],
    *,
    is_new: bool,
) -> Fields:
    """Return the fields that say whose meter it is, and since when."""
    fields: Fields = {
        FIELD_HOUSE: _points(houses),
        FIELD_SHARE_BY: choice(list(ShareBy), names=FIELD_SHARE_BY),
        FIELD_BEHIND: _points(points),
        FIELD_OWN_TARIFF: choice(tariffs),
        FIELD_START_DATE: DateSelector(),
    }
    without = set(_NOT_ASKED.get(role, (FIELD_SHARE_BY,)))
    if not is_new:
        without.add(FIELD_START_DATE)
    return {name: field for name, field in fields.items() if name not in without}


_NOT_ASKED: Final[Mapping[Role, tuple[str, ...]]] = {
    Role.COMMON_AREA: (FIELD_HOUSE,),
    **dict.fromkeys(
        (Role.GRID, Role.COMPONENT),
        (FIELD_HOUSE, FIELD_SHARE_BY, FIELD_BEHIND, FIELD_OWN_TARIFF),
    ),
}


def part_fields(by: ShareBy, houses: Sequence[Point]) -> Fields:
    """Return the fields of who has which part of a common area."""
    if by is ShareBy.EQUAL:
        return {FIELD_SHARING_HOUSES: _points(houses, multiple=True)}
    config = NumberSelectorConfig(min=0, step="any", mode=NumberSelectorMode.BOX)
    if by in _UNITS:
        config["unit_of_measurement"] = _UNITS[by]
    return dict.fromkeys((house.name for house in houses), NumberSelector(config))


_UNITS: Final = {ShareBy.AREA: "m²", ShareBy.PERCENT: "%"}


def user_fields(houses: Iterable[Point], participants: Sequence[str]) -> Fields:
    """Return the fields of who charges at a charger."""
    sensor = EntitySelector(EntitySelectorConfig(domain=_USER_DOMAINS))
    users = ObjectSelectorConfig(
        multiple=True,
        label_field=FIELD_TAG,
        translation_key=FIELD_USERS,
        fields={
            FIELD_TAG: {"selector": {"text": {}}, "required": True},
            FIELD_HOUSE: {
                "selector": {"select": {"options": _options(houses)}},
                "required": True,
            },
            FIELD_TAG_PARTICIPANT: {
                "selector": {"select": {"options": list(participants)}}
            },
        },
    )
    return {FIELD_USER_SENSOR: sensor, FIELD_USERS: ObjectSelector(users)}


def _points(points: Iterable[Point], *, multiple: bool = False) -> SelectSelector:
    config = SelectSelectorConfig(options=_options(points), multiple=multiple)
    return SelectSelector(config)


def _options(points: Iterable[Point]) -> list[SelectOptionDict]:
    return [SelectOptionDict(value=p.point_id, label=p.name) for p in points]
