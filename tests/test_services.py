"""The actions: who may call them, what they take, and what they answer."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
import probatio as vol
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.leg_invoicing import services
from custom_components.leg_invoicing.const import DOMAIN
from tests import given

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-02-04 10:07:00+00:00"),
]

TWO_DAYS, NEXT_DAY = "2026-02-01..2026-02-03", "2026-02-03..2026-02-04"

ACTIONS: Mapping[str, Mapping[str, Any]] = {
    "preview_period": {"period": TWO_DAYS},
    "check_period": {"period": TWO_DAYS},
    "close_period": {"period": TWO_DAYS},
    "get_period": {"period": TWO_DAYS},
    "get_invoices": {},
    "render_documents": {"period": TWO_DAYS},
    "simulate_period": {"period": TWO_DAYS, "changes": {}},
    "explain_line": {"period": TWO_DAYS, "house": "House 2"},
    "set_tariff": {"tariff": "Solar", "valid_from": "2026-02-03", **given.PRICES},
    "get_tariffs": {},
    "set_sharing": {
        "valid_from": "2026-02-03",
        "allocation": "hybrid",
        "weights": {"house_1": 0.4, "House 2": "0.6"},
    },
    "set_benefits": {"valid_from": "2026-02-03", "co2": 128},
    "change_occupant": {
        "house": "house_2",
        "day": "2026-02-03",
        "participant": "Anna",
    },
    "move_out": {"house": "house_2", "day": "2026-02-03"},
    "leave_community": {"house": "House 2", "day": "2026-02-03"},
    "import_readings": {"path": "/nowhere.csv"},
    "backfill_from_recorder": {"from": "2026-02-03"},
    "import_signals": {"path": "/nowhere.csv"},
    "change_meter": {
        "house": "house_1",
        "time": "2026-02-01 12:00:00",
        "import_final_kwh": 1,
        "import_first_kwh": 0,
    },
    "add_reading": {
        "house": "house_1",
        "register": "import",
        "time": "2026-02-01 12:00:00",
        "value": 1,
        "reason": "Seen",
    },
    "correct_interval": {
        "house": "house_1",
        "start": "2026-02-01 12:00:00",
        "import_kwh": 1,
        "reason": "Seen",
    },
    "get_intervals": {"house": "house_1", "from": "2026-02-01", "to": "2026-02-02"},
    "get_statistics": {"from": "2026-02-01", "to": "2026-02-02"},
    "get_audit": {"csv": True},
}
"""Every action, with what it needs."""
SILENT = frozenset(
    {
        "set_tariff",
        "set_sharing",
        "set_benefits",
        "change_occupant",
        "move_out",
        "leave_community",
    }
)
ANSWERING = tuple(
    # A change of meter needs one that is read: `test_meter_rows` has it.
    name
    for name in ACTIONS
    if name not in {*SILENT, "change_meter"}
)


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a running community, measured on three days that are over."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    await given.measured(hass, TWO_DAYS, house_1="0.1/0.25", house_2="0.3/0")
    await given.measured(hass, NEXT_DAY, house_1="0/0", house_2="0.000001/0")
    return entry


async def set_tariff(hass: HomeAssistant, **data: Any) -> None:
    """Set the prices of a tariff."""
    await hass.services.async_call(
        DOMAIN,
        "set_tariff",
        {"tariff": "Standard", **given.PRICES, **data},
        blocking=True,
    )


# Who may call


def test_every_action_is_tested() -> None:
    """The list of actions in this file is complete."""
    assert list(ACTIONS) == [name for name, *_ in services._ACTIONS]


@pytest.mark.parametrize("action", ACTIONS)
async def test_only_administrators_may_call(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_read_only_user: MockUser,
    action: str,
) -> None:
    """Somebody who may look at the dashboard gets neither bills nor power over them."""
    before = entry.runtime_data.books.commitments

    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            action,
            dict(ACTIONS[action]),
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
            return_response=action in ANSWERING,
        )

    assert entry.runtime_data.books.commitments is before


@pytest.mark.parametrize("action", ACTIONS)
async def test_a_community_that_does_not_run_is_not_touched(
    hass: HomeAssistant, entry: MockConfigEntry, action: str
) -> None:
    """An action about a community that is not loaded says so."""
    await hass.config_entries.async_unload(entry.entry_id)
    data = {**ACTIONS[action], "config_entry_id": entry.entry_id}

    with pytest.raises(ServiceValidationError) as caught:
        await hass.services.async_call(
            DOMAIN, action, data, blocking=True, return_response=action in ANSWERING
        )

    assert caught.value.translation_key == "service_config_entry_not_loaded"


async def test_which_of_several_communities_must_be_said(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """With two communities, an action does not guess."""
    MockConfigEntry(domain=DOMAIN, title="Mondweg").add_to_hass(hass)

    with pytest.raises(ServiceValidationError) as caught:
        await given.call(hass, "get_invoices")
    answer = await given.call(hass, "get_invoices", config_entry_id=entry.entry_id)

    expected = "service_found_multiple_config_entry_for_domain"
    assert caught.value.translation_key == expected
    assert answer == {"invoices": []}


# What they answer


def numbers_in(value: Any) -> Iterator[Any]:
    """Yield everything in an answer that is no container."""
    match value:
        case dict():
            for item in value.values():
                yield from numbers_in(item)
        case list():
            for item in value:
                yield from numbers_in(item)
        case _:
            yield value


@pytest.mark.parametrize("action", ANSWERING)
async def test_answers_are_plain(
    hass: HomeAssistant, entry: MockConfigEntry, action: str
) -> None:
    """Every answer is JSON with plain numbers, as dashboards and scripts take it."""
    await given.call(hass, "close_period", period=NEXT_DAY)
    if action == "render_documents":
        await given.call(hass, "close_period", period=TWO_DAYS)
    data = dict(ACTIONS[action])
    if action == "import_readings":
        path = given.interval_file(given.media(hass), TWO_DAYS, {"house_1": ("1", "")})
        data["path"] = str(path)
    if action == "import_signals":
        path = given.media(hass) / "signals.csv"
        path.write_text("signal,start,value\n")
        data["path"] = str(path)

    answer = await given.call(hass, action, **data)

    assert answer == json.loads(json.dumps(answer))
    plain = (str, int, float, bool, type(None))
    assert {type(item) for item in numbers_in(answer)} <= set(plain)


async def test_an_action_may_be_called_without_wanting_an_answer(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """An automation closes a period without taking the answer."""
    await hass.services.async_call(
        DOMAIN, "close_period", {"period": TWO_DAYS}, blocking=True
    )

    assert len(entry.runtime_data.books.closed) == 1


async def test_a_preview_shows_everything_and_changes_nothing(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What a period would cost is told before anybody decides."""
    before = entry.runtime_data.books.commitments

    answer = await given.call(hass, "preview_period", period=TWO_DAYS)

    assert answer["period"] == TWO_DAYS
    assert [(s["house_id"], s["net_amount_ct"]) for s in answer["statements"]] == [
        ("house_1", 480),
        ("house_2", -1440),
    ]
    # 76.8 kWh are used and 48 kWh produced: 28.8 kWh come from the grid at 30 ct.
    assert answer["community"]["value_grid_import_ct"] == 864
    assert answer["community"]["balance_ct"] == 96
    assert answer["findings"] == []
    assert entry.runtime_data.books.commitments is before


async def test_a_preview_names_what_blocks(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A preview of unmeasured days names findings as closing wants them named."""
    answer = await given.call(hass, "preview_period", period="2026-01-31..2026-02-02")

    assert [(f["key"], f["blocking"], f["intervals"]) for f in answer["findings"]] == [
        ("missing_data:house_1", True, 96),
        ("missing_data:house_2", True, 96),
    ]


async def test_new_prices_in_the_midst_make_two_lines(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Each price has its own line, from the day on which it begins."""
    await set_tariff(hass, valid_from="2026-02-02", p_con="27.5")

    answer = await given.call(hass, "preview_period", period=TWO_DAYS)

    lines = [
        (line["from"], line["to"], line["quantity"], line["unit_price_ct"])
        for line in answer["statements"][1]["lines"]
    ]
    assert lines == [
        ("2026-02-01", "2026-02-02", 28.8, 25),
        ("2026-02-02", "2026-02-03", 28.8, 27.5),
    ]
    assert answer["statements"][1]["import_cost_ct"] == 28.8 * 25 + 28.8 * 27.5


async def test_a_period_is_open_until_it_is_closed(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Where a period stands is told with its edges and its invoices."""
    span = {"start": "2026-01-31T23:00:00Z", "end": "2026-02-02T22:59:59Z"}

    answer = await given.call(hass, "get_period", period=TWO_DAYS)
    assert answer == {
        "period_id": TWO_DAYS,
        **span,
        "status": "open",
        "invoices": [],
    }
    await given.call(hass, "close_period", period=TWO_DAYS)
    answer = await given.call(hass, "get_period", period=TWO_DAYS)
    assert answer == {
        "period_id": TWO_DAYS,
        **span,
        "status": "closed",
        "invoices": ["INV-2026-001", "INV-2026-002"],
    }


@pytest.mark.parametrize("all_of_them", [{}, {"period": ""}])
async def test_invoices_of_one_period_or_of_all(
    hass: HomeAssistant, entry: MockConfigEntry, all_of_them: dict[str, str]
) -> None:
    """Without a period, all invoices come in the order of their periods."""
    await given.call(hass, "close_period", period=NEXT_DAY)
    await given.call(hass, "close_period", period=TWO_DAYS)

    every = await given.call(hass, "get_invoices", **all_of_them)
    some = await given.call(hass, "get_invoices", period=NEXT_DAY)

    assert [i["invoice_id"] for i in every["invoices"]] == [
        f"INV-2026-00{n}" for n in (3, 4, 1, 2)
    ]
    assert some["invoices"] == every["invoices"][2:]
    with given.refused("period_not_found", period="2026-01"):
        await given.call(hass, "get_invoices", period="2026-01")


@pytest.mark.parametrize(
    ("cadence", "last"),
    [("month", "2026-01"), ("quarter", "2025-Q4"), ("year", "2025")],
)
@pytest.mark.parametrize("said", [{}, {"period": ""}])
async def test_without_a_period_the_last_one_is_meant(
    hass: HomeAssistant, cadence: str, last: str, said: dict[str, str]
) -> None:
    """The last period is the newest one of the community's cadence that is over."""
    entry = given.community(hass, cadence=cadence)
    await given.set_up(hass, entry)

    assert (await given.call(hass, "get_period", **said))["period_id"] == last


@pytest.mark.freeze_time("2026-01-31 22:59:00+00:00")
async def test_the_last_period_is_over_at_the_communitys_midnight(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """In Zurich, January is the last month an hour before it is in UTC."""
    await given.set_up(hass, given.community(hass))

    assert (await given.call(hass, "get_period"))["period_id"] == "2025-12"
    freezer.tick(60)
    assert (await given.call(hass, "get_period"))["period_id"] == "2026-01"


@pytest.mark.parametrize("period", ["2026-13", "0026-01", "0001"])
@pytest.mark.parametrize(
    "action", ["preview_period", "close_period", "get_period", "render_documents"]
)
async def test_what_is_no_period_is_refused(
    hass: HomeAssistant, entry: MockConfigEntry, action: str, period: str
) -> None:
    """A mistyped period is named in the refusal."""
    with given.refused("period_invalid", period=period):
        await given.call(hass, action, period=period)


# Prices


async def test_prices_are_taken_as_they_were_typed(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Numbers and texts become exact prices of a tariff, known or new."""
    await set_tariff(
        hass,
        tariff=" Solar ",
        valid_from="2026-02-01",
        p_pv=20.1,
        p_con="25.123456789012345678901",
        p_grid_del=-1,
        p_grid_con=0,
    )

    (version,) = entry.runtime_data.books.tariffs["Solar"].versions
    assert version.valid_from == date(2026, 2, 1)
    assert version.p_pv.at(None).ct_per_kwh == Decimal("20.1")
    assert version.p_con.at(None).ct_per_kwh == Decimal("25.123456789012345678901")
    assert version.p_grid_del.at(None).ct_per_kwh == -1
    assert version.p_grid_con.at(None).ct_per_kwh == 0


@pytest.mark.parametrize(
    "price",
    ["a lot", "25,5", "nan", float("inf"), "1e999", "1_000", True, None],
)
async def test_what_is_no_number_is_no_price(
    hass: HomeAssistant, entry: MockConfigEntry, price: object
) -> None:
    """It is refused in everybody's language, with the value and how to write it."""
    before = entry.runtime_data.books.commitments

    with given.refused("not_a_number", value=str(price)):
        await set_tariff(hass, valid_from="2026-02-01", p_con=price)

    assert entry.runtime_data.books.commitments is before


@pytest.mark.parametrize(
    "wrong",
    [
        {"tariff": ""},
        {"tariff": "   "},
        {"tariff": "x" * 61},
        {"valid_from": "tomorrow"},
        {"surprise": 1},
    ],
)
async def test_what_is_no_tariff_is_refused(
    hass: HomeAssistant, entry: MockConfigEntry, wrong: dict[str, Any]
) -> None:
    """A tariff has a name and versions with a day, and nothing that is misspelt."""
    before = entry.runtime_data.books.commitments

    with pytest.raises(vol.Invalid):
        await set_tariff(hass, **{"valid_from": "2026-02-01", **wrong})

    assert entry.runtime_data.books.commitments is before


_BANDS = [
    {"name": "day", "days": "mon-sat", "from": "06:00", "to": "22:00"},
    {"name": "night", "rest": True},
]


async def test_a_tariff_by_time_of_use(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Bands, fees, discounts and VAT come as they are written in the terms' file."""
    await set_tariff(
        hass,
        valid_from="2026-02-01",
        bands=_BANDS,
        p_con={"day": 25, "night": 18.5},
        p_pv={"tiers": [{"to": 100, "price": 22}, {"price": 20}]},
        fees=[{"name": "Base fee", "amount": 500, "per": "month", "each": "meter"}],
        discounts=[{"name": "Loyalty", "percent": 5, "of": "all"}],
        vat={"mode": "on_top", "rate": 8.1},
    )

    version = entry.runtime_data.books.tariffs["Standard"].versions[-1]
    assert version.bands.names == ("day", "night")
    assert version.p_con.at("night").ct_per_kwh == Decimal("18.5")
    assert version.p_pv.at("night").ct_per_kwh == 20
    assert [(fee.name, fee.amount.ct, fee.per) for fee in version.fees] == [
        ("Base fee", 500, "month")
    ]
    assert [(each.name, each.by.percent) for each in version.discounts] == [
        ("Loyalty", 5)
    ]
    assert [tier.price.ct_per_kwh for tier in version.p_pv.tiers] == [22, 20]
    assert (version.vat.mode, version.vat.rate) == ("on_top", Decimal("8.1"))


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (
            {"bands": [{"name": "day", "from": "06:00"}]},
            "bands: mon 00:00-06:00 is in no band; add it to one, or let one have",
        ),
        (
            {"bands": _BANDS, "p_con": {"day": 1}},
            "p_con: night is missing in p_con",
        ),
        (
            {"fees": [{"name": "Base fee", "amount": "5,00", "per": "month"}]},
            "fees.0.amount: amount: '5,00' is not a finite number",
        ),
    ],
)
async def test_a_tariff_that_is_not_understood_is_refused(
    hass: HomeAssistant, entry: MockConfigEntry, wrong: dict[str, Any], reason: str
) -> None:
    """The refusal says where, and how to write it; nothing changes."""
    before = entry.runtime_data.books.commitments

    with pytest.raises(ServiceValidationError) as refusal:
        await set_tariff(hass, **{"valid_from": "2026-02-01", **wrong})

    assert refusal.value.translation_key == "tariff_invalid"
    assert refusal.value.translation_placeholders["reason"].startswith(reason)
    assert entry.runtime_data.books.commitments is before


async def test_a_tariff_may_ask_for_holidays_that_are_named(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """They stand in the options, and have to be named first."""
    free, other = {"name": "free", "days": "holiday"}, {"name": "other", "rest": True}
    asking = {"valid_from": "2026-02-01", "bands": [free, other]}

    with given.refused("tariff_invalid") as refusal:
        await set_tariff(hass, **asking)
    reason = refusal.value.translation_placeholders["reason"]
    assert reason.endswith("or under Configure › Rounding and holidays")

    options = {**entry.options, "holidays": ["2026-08-01"]}
    hass.config_entries.async_update_entry(entry, options=options)
    await hass.async_block_till_done()
    await set_tariff(hass, **asking)


@pytest.mark.parametrize(
    ("language", "reason"),
    [
        ("de-CH", "in keinem Zeitfenster; füge es einem hinzu"),
        ("fr", "n’est dans aucune plage; ajoutez-le à une"),
        ("it", "non è in nessuna fascia; aggiungilo a una"),
        ("rm", "is in no band; add it to one, or let one have"),
    ],
)
async def test_the_reason_is_in_the_language_of_home_assistant(
    hass: HomeAssistant, entry: MockConfigEntry, language: str, reason: str
) -> None:
    """What the rules say against a tariff is said in one of four languages."""
    hass.config.language = language

    with given.refused("tariff_invalid") as refusal:
        await set_tariff(
            hass,
            valid_from="2026-02-01",
            bands=[{"name": "day", "from": "06:00"}],
        )

    assert reason in refusal.value.translation_placeholders["reason"]


async def test_prices_of_a_closed_period_stay(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Billed prices are refused, unused ones are replaced, later ones accepted."""
    await set_tariff(hass, valid_from="2026-02-01", p_con="26")
    await set_tariff(hass, valid_from="2026-02-01", p_con="27")
    await given.call(hass, "close_period", period=TWO_DAYS)

    for day in ("2026-02-01", "2026-02-02"):
        about = {"valid_from": day, "tariff": "Standard"}
        with given.refused("tariff_version_used", period=TWO_DAYS, **about):
            await set_tariff(hass, valid_from=day)
    await set_tariff(hass, valid_from="2026-02-03", p_con="28")
    await set_tariff(hass, valid_from="2026-02-03", p_con="29")

    versions = entry.runtime_data.books.tariffs["Standard"].versions
    assert [
        (v.valid_from.isoformat(), v.p_con.at(None).ct_per_kwh) for v in versions
    ] == [
        ("2026-01-01", 25),
        ("2026-02-01", 27),
        ("2026-02-03", 29),
    ]


async def test_what_tariffs_said_and_what_was_changed_is_told(
    hass: HomeAssistant, entry: MockConfigEntry, hass_admin_user: MockUser
) -> None:
    """Versions come with their days, periods and author; what they replaced stays."""
    await set_tariff(hass, valid_from="2026-02-03", p_con="26")
    await given.call(hass, "close_period", period=TWO_DAYS)
    await hass.services.async_call(
        DOMAIN,
        "set_tariff",
        {"tariff": "Standard", "valid_from": "2026-02-03", **given.PRICES},
        blocking=True,
        context=Context(user_id=hass_admin_user.id),
    )

    answer = await given.call(hass, "get_tariffs")

    (standard,) = answer["tariffs"]
    first, second = standard["versions"]
    prices = {name: str(price) for name, price in given.PRICES.items()}
    admin = {"user_id": hass_admin_user.id, "user": hass_admin_user.name}
    now = "2026-02-04T10:07:00Z"
    assert first["terms"] == {"valid_from": "2026-01-01", **prices}
    assert (first["valid_to"], first["periods"]) == ("2026-02-03", [TWO_DAYS])
    assert second == {
        "valid_from": "2026-02-03",
        "valid_to": None,
        "terms": {"valid_from": "2026-02-03", **prices},
        "periods": [],
        "set_at": now,
        **admin,
    }
    begun = {"tariff": "Standard", "set_at": now, "user_id": None, "user": None}
    assert answer["changes"] == [
        {
            "tariff": "Standard",
            "valid_from": "2026-02-03",
            "set_at": now,
            **admin,
            "before": {"valid_from": "2026-02-03", **prices, "p_con": "26"},
        },
        {**begun, "valid_from": "2026-02-03", "before": None},
        {**begun, "valid_from": "2026-01-01", "before": None},
    ]
    await hass.config_entries.async_reload(entry.entry_id)
    assert await given.call(hass, "get_tariffs") == answer


async def test_new_prices_show_at_once(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What the sensors show follows prices that count since the period began."""
    coordinator = entry.runtime_data.coordinator
    before = coordinator.data.so_far.house("house_2").cost.ct

    await set_tariff(hass, valid_from="2026-02-01", p_con="50")
    await hass.async_block_till_done()

    assert coordinator.data.so_far.house("house_2").cost.ct == before * 2
