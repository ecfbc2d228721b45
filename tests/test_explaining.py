"""Where the numbers of a bill come from, through the action."""

from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing.billing.calendar import parse_period
from custom_components.leg_invoicing.billing.commitment_membership import with_leaving
from custom_components.leg_invoicing.billing.signals import SignalValue
from custom_components.leg_invoicing.const import DOMAIN
from tests import given
from tests.billing.build import ZURICH

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-02-04 10:07:00+00:00"),
]

TWO_DAYS = "2026-02-01..2026-02-03"


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a running community, measured on two days that are over."""
    entry = given.community(hass, model="split")
    await given.set_up(hass, entry)
    await given.measured(hass, TWO_DAYS, house_1="0.1/0.25", house_2="0.3/0")
    return entry


async def explain(hass: HomeAssistant, **data: Any) -> dict[str, Any]:
    """Call the action."""
    return dict(await given.call(hass, "explain_line", **data))


async def test_a_line_of_an_open_period(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """It is settled anew: 192 × 0.1875 kWh came from the community."""
    answer = await explain(hass, period=TWO_DAYS, house="House 2", line=1)

    assert answer["invoice_id"] is None
    assert (answer["house_id"], answer["agreement_id"]) == ("house_2", "house_2_1")
    (line,) = answer["lines"]
    assert (line["line"], line["kind"], line["quantity"]) == (1, "local_import", 36)
    assert line["intervals"] == [
        {"quality": "measured", "intervals": 192, "energy_kwh": 36, "value_ct": None}
    ]
    text = line["arithmetic"]["de"].replace("\N{NO-BREAK SPACE}", " ")
    assert text == "36.000000 kWh × 25.00 Rp./kWh = 900 Rp. → CHF 9.00"
    assert answer["figures"] == []


async def test_all_of_a_bill(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Without a line, the total and what else the bill tells are explained, too."""
    answer = await explain(hass, period=TWO_DAYS, house="House 2")

    assert len(answer["lines"]) == 2
    total, saved = answer["figures"]
    assert (total["figure"], total["amount_ct"]) == ("total", answer["total_ct"])
    assert (saved["figure"], saved["amount_ct"]) == ("saved", 180)
    text = saved["arithmetic"]["de"].replace("\N{NO-BREAK SPACE}", " ")
    assert text == (
        "CHF 17.28 (Netzbetreiber: 57.600000 kWh × Ø 30.00 Rp./kWh) − CHF 15.48 "
        "(Zeilen 1–2) = CHF 1.80"
    )


async def test_a_price_that_follows_a_sensor(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The sensor is called what people call it."""
    spot = er.async_get(hass).async_get_or_create(
        "sensor", "exchange", "spot", suggested_object_id="spot"
    )
    hass.states.async_set("sensor.spot", "0.1", {"unit_of_measurement": "CHF/kWh"})
    span = parse_period(TWO_DAYS).span(ZoneInfo(ZURICH))
    shown = [SignalValue(spot.id, s, "0.24") for s in range(span.start, span.end, 900)]
    ledger = entry.runtime_data.ledger
    await hass.async_add_executor_job(ledger.write_signals, shown)
    prices = {
        "p_pv": 20,
        "p_con": {"entity": "sensor.spot", "offset": 1},
        "p_grid_del": 6,
        "p_grid_con": 30,
    }
    await hass.services.async_call(
        DOMAIN,
        "set_tariff",
        {"tariff": "Standard", "valid_from": "2026-02-01", **prices},
        blocking=True,
    )

    answer = await explain(hass, period=TWO_DAYS, house="House 2", line=1)

    (line,) = answer["lines"]
    assert line["follows"] == {
        "entity": "sensor.spot",
        "multiplier": 100,
        "offset_ct": 1,
    }
    assert line["part"] is None
    assert line["description"]["de"] == "Bezug aus der Gemeinschaft"
    assert "[100 × sensor.spot + 1.00" in line["arithmetic"]["de"]


async def test_an_issued_invoice(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """By its number, or by period and house; later measurements are told apart."""
    closed = await given.call(hass, "close_period", period=TWO_DAYS)
    number = closed["invoices"][1]["invoice_id"]

    by_number = await explain(hass, invoice=number)
    by_house = await explain(hass, period=TWO_DAYS, house="house_2")

    assert by_number == by_house
    assert by_number["invoice_id"] == number
    assert [line["remark"] for line in by_number["lines"]] == [None, None]
    amounts = [line["amount_ct"] for line in closed["invoices"][1]["lines"]]
    assert [line["amount_ct"] for line in by_number["lines"]] == amounts

    await given.call(
        hass,
        "correct_interval",
        house="house_2",
        start="2026-02-01 12:00:00",
        import_kwh=5,
        reason="Seen",
    )
    await hass.async_block_till_done()
    later = await explain(hass, invoice=number)
    assert [line["amount_ct"] for line in later["lines"]] == amounts
    assert later["lines"][1]["remark"] == "measurements_changed"
    assert [known["quality"] for known in later["lines"][1]["intervals"]] == [
        "measured",
        "manual",
    ]


async def test_whose_bill(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Where two people had the house, one must be named."""
    books = entry.runtime_data.books
    second = books.agreements[0].participant
    changed = next(a for a in books.agreements if a.house_id == "house_2")
    await books.async_change_occupant(
        "house_2", changed.first.replace(month=2, day=2), second, "Standard"
    )

    with given.refused("agreement_needed", agreements="house_2_1, house_2_2"):
        await explain(hass, period=TWO_DAYS, house="house_2")

    answer = await explain(
        hass, period=TWO_DAYS, house="house_2", agreement="house_2_2"
    )
    assert (answer["from"], answer["to"]) == ("2026-02-02", "2026-02-03")


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({}, "bill_needed"),
        ({"invoice": "INV-2026-009"}, "invoice_not_found"),
        ({"house": "house_9"}, "house_unknown"),
        ({"house": "house_2", "line": 0}, "line_not_found"),
        ({"house": "house_2", "line": 3}, "line_not_found"),
        ({"house": "house_2", "agreement": "house_1_1"}, "agreement_needed"),
        ({"house": "house_2", "period": "2025-01"}, "house_not_billed"),
    ],
)
async def test_what_there_is_not(
    hass: HomeAssistant, entry: MockConfigEntry, data: dict[str, Any], key: str
) -> None:
    """A refusal says what is missing."""
    with given.refused(key):
        await explain(hass, **{"period": TWO_DAYS, **data})


async def test_who_is_not_billed(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """The refusal names the houses that are, as people call them."""
    books = entry.runtime_data.books
    await books.async_change(lambda b: with_leaving(b, "house_2", date(2026, 2, 1)))

    with given.refused("house_not_billed", house="House 2", billed="House 1"):
        await explain(hass, period=TWO_DAYS, house="house_2")


async def test_an_invoice_of_several_houses(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """One of its houses must be named; its lines are numbered by themselves."""
    books = entry.runtime_data.books
    person = books.agreements[0].participant
    together = [
        replace(a, participant=person, invoice="both") for a in books.agreements
    ]
    books._commitments = replace(books.commitments, agreements=tuple(together))
    closed = await given.call(hass, "close_period", period=TWO_DAYS)
    (number,) = {invoice["invoice_id"] for invoice in closed["invoices"]}

    with given.refused("agreement_needed", agreements="house_1_1, house_2_1"):
        await explain(hass, invoice=number)

    answer = await explain(hass, invoice=number, house="House 2", line=2)
    (line,) = answer["lines"]
    assert (answer["house_id"], line["kind"]) == ("house_2", "grid_import")
    by_period = await explain(hass, period=TWO_DAYS, house="House 2", line=2)
    assert by_period == answer
