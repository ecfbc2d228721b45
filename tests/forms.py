"""Filling in forms, and closing a period without the work that it takes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowManager, FlowResultType
import probatio

from custom_components.leg_invoicing.billing.calendar import parse_period
from custom_components.leg_invoicing.billing.commitments import ClosedPeriod

type Form = Mapping[str, Any]


async def fill(flows: FlowManager, form: Form, answers: Mapping[str, Any]) -> Form:
    """Submit the answers to a form; return what comes next."""
    return await flows.async_configure(form["flow_id"], dict(answers))


async def decide(flows: FlowManager, form: Form, answers: Mapping[str, Any]) -> Form:
    """Submit the answers, look at what they would have meant, and save them."""
    menu = await fill(flows, form, answers)
    assert menu["type"] is FlowResultType.MENU
    assert menu["step_id"] in ("effect", "effect_unknown")
    return await flows.async_configure(menu["flow_id"], {"next_step_id": "save"})


async def choose(flows: FlowManager, menu: Form, step_id: str) -> Form:
    """Choose from a menu; return the form behind it."""
    assert menu["type"] is FlowResultType.MENU
    form = await flows.async_configure(menu["flow_id"], {"next_step_id": step_id})
    assert form["step_id"] == step_id
    return form


async def price_form(
    hass: HomeAssistant, entry: ConfigEntry[Any], tariff: str = "Standard"
) -> Form:
    """Open the form for the prices of a tariff."""
    flows = hass.config_entries.options
    menu = await flows.async_init(entry.entry_id)
    form = await fill(flows, await choose(flows, menu, "tariff"), {"tariff": tariff})
    assert form["step_id"] == "prices"
    return form


def refused(form: Form, field: str, key: str, **placeholders: str) -> bool:
    """Tell whether the form is shown again because of one field, and says why."""
    assert form["type"] is FlowResultType.FORM
    assert form["errors"] == {field: key}
    assert placeholders.items() <= form["description_placeholders"].items()
    return True


def shown(form: Form) -> dict[str, Any]:
    """Return what the fields of a form begin with; None for an empty one."""
    return {str(field): _beginning(field) for field in form["data_schema"].schema}


def _beginning(field: probatio.Marker) -> object:
    if field.description is not None:
        return field.description["suggested_value"]
    return None if field.default is probatio.UNDEFINED else field.default()


def close(entry: ConfigEntry[Any], period_id: str) -> None:
    """Let the running community believe that a period is closed."""
    books = entry.runtime_data.books
    closed = ClosedPeriod(
        period=parse_period(period_id),
        closed_at=datetime(2026, 7, 1, tzinfo=UTC),
        file_name="",
        sha256="",
        invoices={},
        tariffs=("Standard",),
        houses=("house_1", "house_2"),
    )
    books._commitments = replace(books.commitments, closed=(closed,))
