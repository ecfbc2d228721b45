"""What is said about a meter in its forms, and the metering concept it makes.

A meter's subentry keeps its terms as the terms file has them, and its registers as a
house does.
"""

from collections.abc import Iterable, Mapping, Set as AbstractSet
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant

from .billing.commitments import Commitments
from .billing.meter_checks import check_meters
from .billing.meter_commitments import meters_in_force
from .billing.meters import CommonShare, Meter, MeterError, Role, ShareBy
from .billing.meters_written import meter_from_written
from .billing.written import Written
from .community import Point
from .const import CONF_METER_ID, CONF_TERMS, SUBENTRY_METER
from .form_checks import RefusedError, day, exact_number
from .forms import FIELD_START_DATE, Answers
from .meter_fields import (
    FIELD_ADDED,
    FIELD_BEHIND,
    FIELD_HOUSE,
    FIELD_OWN_TARIFF,
    FIELD_SHARE_BY,
    FIELD_SHARING_HOUSES,
    FIELD_SUBTRACTED,
)
from .meter_users import check_participants
from .refusals import said


def meter_of(subentry: ConfigSubentry) -> Meter:
    """Return a meter as it was set up; its name is what people call it now."""
    meter_id = subentry.data[CONF_METER_ID]
    meter = meter_from_written(meter_id, Written(subentry.data[CONF_TERMS]))
    return replace(meter, name=subentry.title)


def meters_of_entry(entry: ConfigEntry[Any]) -> tuple[Meter, ...]:
    """Return the meters of a community besides the houses' own."""
    return tuple(map(meter_of, entry.get_subentries_of_type(SUBENTRY_METER)))


def with_formula(meter: Meter, answers: Answers) -> Meter:
    """Return a meter that is calculated from others."""
    signs = ((1, FIELD_ADDED), (-1, FIELD_SUBTRACTED))
    formula = tuple(
        (sign, point) for sign, field in signs for point in answers.get(field, ())
    )
    if not answers.get(FIELD_ADDED):
        raise RefusedError(FIELD_ADDED, "points_needed")
    return replace(meter, formula=formula)


def with_assignment(meter: Meter, answers: Answers) -> Meter:
    """Return a meter with whose it is."""
    by = answers.get(FIELD_SHARE_BY)
    of = meter.share.of if meter.share and meter.share.by == by else {}
    return replace(
        meter,
        house_id=answers.get(FIELD_HOUSE),
        behind=answers.get(FIELD_BEHIND),
        tariff_id=answers.get(FIELD_OWN_TARIFF),
        since=day(answers, FIELD_START_DATE)
        if FIELD_START_DATE in answers
        else meter.since,
        share=CommonShare(by=ShareBy(by), of=of) if by else None,
    )


def with_parts(meter: Meter, answers: Answers, houses: Iterable[Point]) -> Meter:
    """Return a common area of which houses have parts."""
    by = share_by(meter)
    if by is ShareBy.EQUAL:
        chosen = answers.get(FIELD_SHARING_HOUSES, ())
        return replace(
            meter, share=CommonShare(by=by, of=dict.fromkeys(chosen, Decimal(1)))
        )
    parts = {h.point_id: exact_number({h.name: 0, **answers}, h.name) for h in houses}
    of = {house_id: part for house_id, part in parts.items() if part}
    return replace(meter, share=CommonShare(by=by, of=of))


def share_by(meter: Meter) -> ShareBy:
    """Return by what a common area is divided."""
    return meter.share.by if meter.share else ShareBy.EQUAL


def formula_answers(meter: Meter) -> dict[str, Any]:
    """Return a formula as its form shows it."""
    return {
        FIELD_ADDED: [point for sign, point in meter.formula if sign > 0],
        FIELD_SUBTRACTED: [point for sign, point in meter.formula if sign < 0],
    }


def assignment_answers(meter: Meter) -> dict[str, Any]:
    """Return whose meter it is, as the form shows it."""
    return {
        FIELD_HOUSE: meter.house_id,
        FIELD_BEHIND: meter.behind,
        FIELD_OWN_TARIFF: meter.tariff_id,
        FIELD_SHARE_BY: str(share_by(meter)),
    }


def part_answers(meter: Meter, houses: Iterable[Point]) -> dict[str, Any]:
    """Return the parts of a common area as their form shows them."""
    of: Mapping[str, Decimal] = meter.share.of if meter.share else {}
    if share_by(meter) is ShareBy.EQUAL:
        return {FIELD_SHARING_HOUSES: list(of)}
    return {h.name: float(of.get(h.point_id, Decimal(0))) for h in houses}


_STEP_OF_SETTING: Final = {
    "role": "registers",
    "formula": "formula",
    "house": "assignment",
    "tariff": "assignment",
    "behind": "assignment",
    "share": "parts",
    "user": "users",
    "users": "users",
}
"""The form in which a person can put a setting right."""


def check_meter(
    hass: HomeAssistant,
    books: Commitments,
    meter: Meter,
    points: Iterable[Point],
    step_id: str,
    *,
    is_last: bool,
) -> None:
    """Refuse what does not fit with the other meters, in the form that it is about.

    What later forms are about is not said yet; at the last one everything must fit.
    `points` are what else there is, by whose names people are told.
    """
    if meter.role is Role.GRID and any(a.factor != 1 for a in books.agreements):
        raise RefusedError("base", "factor_with_grid")
    others = (m for m in meters_in_force(books) if m.meter_id != meter.meter_id)
    houses = {agreement.house_id for agreement in books.agreements}
    asked = meter if is_last else _as_if_finished(meter, houses)
    try:
        check_meters((*others, asked), houses, books.tariffs)
        check_participants(asked, books)
    except MeterError as err:
        where = _STEP_OF_SETTING.get(err.setting or "", "")
        if is_last or where == step_id:
            key = f"meter_{err.setting}" if where else "meter_unfit"
            names = {point.point_id: point.name for point in points}
            names[meter.meter_id] = meter.name
            reason = said(hass, err.reason.naming(names))
            raise RefusedError("base", key, reason=reason) from err


def _as_if_finished(meter: Meter, houses: AbstractSet[str]) -> Meter:
    """Return a meter as if nothing were wrong with what is asked later."""
    if meter.role is Role.COMMON_AREA:
        return replace(meter, share=CommonShare(by=ShareBy.EQUAL))
    if meter.role in (Role.GRID, Role.COMPONENT):
        return meter
    return replace(meter, house_id=meter.house_id or min(houses, default=None))
