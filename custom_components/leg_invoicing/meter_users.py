"""Who charges at a charger: the tags of houses, and those of single participants."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from .billing.commitments import Commitments
from .billing.meters import Meter, MeterError
from .billing.meters_written import meter_from_written, written_meter
from .billing.reasons import metering as because
from .billing.written import Written, listed
from .const import CONF_TERMS, SUBENTRY_METER
from .forms import Answers
from .meter_fields import (
    FIELD_HOUSE,
    FIELD_TAG,
    FIELD_TAG_PARTICIPANT,
    FIELD_USER_SENSOR,
    FIELD_USERS,
)
from .register_checks import current_entity_id, registered


def with_users(hass: HomeAssistant, meter: Meter, answers: Answers) -> Meter:
    """Return a charger with who charges at it; nobody is told apart without a sensor."""
    entity_id = answers.get(FIELD_USER_SENSOR)
    entity = registered(hass, FIELD_USER_SENSOR, entity_id) if entity_id else None
    rows = {user[FIELD_TAG].strip(): user for user in answers.get(FIELD_USERS, ())}
    names = {tag: user.get(FIELD_TAG_PARTICIPANT) for tag, user in rows.items()}
    return replace(
        meter,
        user_signal=entity.id if entity else None,
        users={tag: user[FIELD_HOUSE] for tag, user in rows.items()},
        participants={tag: name for tag, name in names.items() if name},
    )


def user_answers(hass: HomeAssistant, meter: Meter) -> dict[str, Any]:
    """Return who charges, as the form shows it."""
    named = {t: {FIELD_TAG_PARTICIPANT: name} for t, name in meter.participants.items()}
    return {
        FIELD_USER_SENSOR: current_entity_id(hass, meter.user_signal),
        FIELD_USERS: [
            {FIELD_TAG: tag, FIELD_HOUSE: house_id, **named.get(tag, {})}
            for tag, house_id in meter.users.items()
        ],
    }


def participants_of(books: Commitments, house_id: str | None = None) -> list[str]:
    """Return the names of all who have a house, had it, or own it; or any house."""
    return sorted(set(_names(books, house_id)))


def _names(books: Commitments, house_id: str | None) -> Iterator[str]:
    for agreement in books.agreements:
        if house_id in (None, agreement.house_id):
            yield agreement.participant.name
    for owned, owner in books.owners.items():
        if house_id in (None, owned):
            yield owner.party.name


@callback
def async_rename(
    hass: HomeAssistant, entry: ConfigEntry[Any], house_id: str, old: str, new: str
) -> None:
    """Leave somebody of a house the tags, whose name has been corrected."""
    for subentry in entry.get_subentries_of_type(SUBENTRY_METER):
        meter = meter_from_written("", Written(subentry.data[CONF_TERMS]))
        renamed = {
            tag: new if (meter.users[tag], name) == (house_id, old) else name
            for tag, name in meter.participants.items()
        }
        if renamed != meter.participants:
            terms = written_meter(replace(meter, participants=renamed))
            data = {**subentry.data, CONF_TERMS: terms}
            hass.config_entries.async_update_subentry(entry, subentry, data=data)


def check_participants(meter: Meter, books: Commitments) -> None:
    """Refuse a tag of somebody who never has the house; raises MeterError."""
    for tag, name in meter.participants.items():
        house_id = meter.users[tag]
        known = participants_of(books, house_id)
        if name not in known:
            reason = because.NO_PARTICIPANT(
                name=name, house=house_id, hint=listed(known)
            )
            raise MeterError(meter, "users", reason)
