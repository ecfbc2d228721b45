"""Meters as Home Assistant shows them, and the readings that come of it."""

from collections.abc import AsyncGenerator, Callable
from decimal import Decimal
import json
import logging
from typing import Any
from unittest.mock import Mock

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.mqtt.const import MQTT_CONNECTION_STATE
from homeassistant.components.sensor import SensorEntity
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_send
import homeassistant.util.dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockEntityPlatform,
    async_fire_mqtt_message,
)

from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.registers import (
    Reading,
    RegisterLimits,
    RegisterState,
    advance,
)
from custom_components.leg_invoicing.meter_feed import (
    FollowedRegister,
    MeterFeed,
    Reason,
    Unusable,
    parse_state,
)

KWH = {"unit_of_measurement": "kWh"}
LIMITS = RegisterLimits(interval_seconds=900, max_power_w=30_000)


def instant(clock: str) -> int:
    """Return a time of day on 5 January 2026, UTC."""
    return int(dt_util.parse_datetime(f"2026-01-05T{clock}+00:00").timestamp())


def energy(kwh: str) -> Energy:
    """Return an energy."""
    return Energy.from_kwh(Decimal(kwh))


def add_meter(hass: HomeAssistant, name: str = "meter_1") -> FollowedRegister:
    """Enter a sensor into the registry, and return how its register is followed."""
    entry = er.async_get(hass).async_get_or_create(
        "sensor", "mqtt", name, suggested_object_id=name
    )
    return FollowedRegister(point_id="house_1", register="import", registry_id=entry.id)


class Household:
    """A feed, and everything that came of it."""

    def __init__(self, hass: HomeAssistant, *followed: FollowedRegister) -> None:
        """Begin to follow."""
        self.hass = hass
        self.followed = followed
        self.readings: list[tuple[FollowedRegister, Reading]] = []
        self.feed = MeterFeed(hass, followed, self.take)
        self.feed.start()

    def take(self, followed: FollowedRegister, reading: Reading) -> None:
        """Take a reading."""
        self.readings.append((followed, reading))

    @property
    def values(self) -> list[tuple[int, str]]:
        """The readings taken, as (instant, kWh)."""
        return [(r.at, f"{r.value.kwh.normalize():f}") for _, r in self.readings]

    def problem(self, index: int = 0) -> Reason | None:
        """Return what is wrong with one of the registers."""
        problem = self.feed.problems.get(self.followed[index])
        return problem.reason if problem else None


@pytest.fixture
def frozen(freezer: FrozenDateTimeFactory) -> Callable[[str], None]:
    """Return how to move to a time of day on 5 January 2026, UTC."""

    def move_to(clock: str) -> None:
        freezer.move_to(f"2026-01-05T{clock}+00:00")

    move_to("10:00:00")
    return move_to


@pytest.fixture
async def follow(
    hass: HomeAssistant, frozen: Callable[[str], None]
) -> AsyncGenerator[Callable[..., Household]]:
    """Return how to follow registers until the end of the test."""
    households = []

    def start(*followed: FollowedRegister) -> Household:
        households.append(Household(hass, *followed))
        return households[-1]

    yield start
    for household in households:
        household.feed.stop()


@pytest.fixture
def messages(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Return how to see what the feed has logged."""
    caplog.set_level(logging.INFO, "custom_components.leg_invoicing.meter_feed")
    return lambda: [
        record.getMessage()
        for record in caplog.records
        if record.name == "custom_components.leg_invoicing.meter_feed"
    ]


# One state


@pytest.mark.parametrize(
    ("text", "unit", "mwh"),
    [
        ("1234.5670", "kWh", 1_234_567_000),
        ("1234567", "Wh", 1_234_567_000),
        ("1.234567", "MWh", 1_234_567_000),
        ("0.0000014", "kWh", 1),
        ("0", "kWh", 0),
        ("-0.0", "kWh", 0),
        ("+.5", "kWh", 500_000),
        ("5.", "kWh", 5_000_000),
        ("1.2345E+3", "kWh", 1_234_500_000),
        ("1e-07", "MWh", 100),
        ("999999999999.999999", "kWh", 999_999_999_999_999_999),
        ("999999999999999", "Wh", 999_999_999_999_999_000),
    ],
)
def test_number_and_unit(text: str, unit: str, mwh: int) -> None:
    """A register is read exactly as its text stands, whatever the unit."""
    state = State("sensor.meter", text, {"unit_of_measurement": unit})
    assert parse_state(state, None, 77) == Reading(77, Energy(mwh))


def test_text_is_not_read_through_a_float() -> None:
    """Digits that a float would lose are kept."""
    state = State("sensor.meter", "90071992547.409931", KWH)
    assert parse_state(state, None, 0) == Reading(0, Energy(90_071_992_547_409_931))


@pytest.mark.parametrize(
    "text",
    [
        *("nan", "NaN", "inf", "-inf", "Infinity", "sNaN", "-0.001", "-5"),
        *("", " ", "12,5", "1_000", "1 000", "12.5 kWh", "on", "None", "0x10", "1.2.3"),
        *("٣", "²", "1e", "e5", ".", "1e999", "1e999999999", "1000000000000"),
    ],
)
def test_text_that_no_register_shows(text: str) -> None:
    """What is no register's value is refused, and said."""
    unusable = parse_state(State("sensor.meter", text, KWH), None, 0)
    assert unusable == Unusable(Reason.NOT_A_NUMBER, text)


@pytest.mark.parametrize("text", [STATE_UNAVAILABLE, STATE_UNKNOWN])
def test_nothing_shown(text: str) -> None:
    """A sensor that shows nothing gives no reading, and no zero."""
    unusable = parse_state(State("sensor.meter", text, KWH), None, 0)
    assert unusable == Unusable(Reason.UNAVAILABLE, text)


def test_no_state() -> None:
    """A sensor that is not there gives no reading."""
    assert parse_state(None, "kWh", 0) == Unusable(Reason.UNAVAILABLE)


@pytest.mark.parametrize("unit", ["kW", "W", "m³", "GWh", "kwh", "%", "J"])
@pytest.mark.parametrize("declared", [None, "kWh"])
def test_row_12_foreign_unit(unit: str, declared: str | None) -> None:
    """A unit that is not known is refused, also where a person stated another."""
    state = State("sensor.meter", "5", {"unit_of_measurement": unit})
    assert parse_state(state, declared, 0) == Unusable(Reason.UNKNOWN_UNIT, unit)


@pytest.mark.parametrize("attributes", [{}, {"unit_of_measurement": ""}])
def test_row_12_no_unit(attributes: dict[str, str]) -> None:
    """A sensor without unit has the one that a person stated, or is refused."""
    state = State("sensor.meter", "5000", attributes)
    assert parse_state(state, "Wh", 0) == Reading(0, energy("5"))
    assert parse_state(state, None, 0) == Unusable(Reason.UNKNOWN_UNIT)


def test_row_12_own_unit_wins() -> None:
    """A sensor's own unit is believed before the one that a person stated."""
    assert parse_state(State("sensor.meter", "5", KWH), "Wh", 0) == Reading(
        0, energy("5")
    )


# Following


async def test_reading_has_the_time_of_the_state(
    hass: HomeAssistant, frozen: Callable[[str], None], follow: Callable[..., Household]
) -> None:
    """A reading is as old as the state it was read off."""
    household = follow(add_meter(hass))
    frozen("10:03:20.7")
    hass.states.async_set("sensor.meter_1", "3.737", KWH)

    assert household.values == [(instant("10:03:20"), "3.737")]


async def test_attributes_make_a_reading(
    hass: HomeAssistant, frozen: Callable[[str], None], follow: Callable[..., Household]
) -> None:
    """The same value with other attributes is a reading at its own time."""
    household = follow(add_meter(hass))
    hass.states.async_set("sensor.meter_1", "3.737", KWH)
    frozen("10:01:00")
    hass.states.async_set("sensor.meter_1", "3.737", KWH | {"rssi": -60})

    assert household.values[-1] == (instant("10:01:00"), "3.737")


async def test_reported_again(
    hass: HomeAssistant, frozen: Callable[[str], None], follow: Callable[..., Household]
) -> None:
    """A state that is written again is a reading, for those who do write it again."""
    household = follow(add_meter(hass))
    hass.states.async_set("sensor.meter_1", "3.737", KWH)
    frozen("10:05:00")
    hass.states.async_set("sensor.meter_1", "3.737", KWH)

    assert household.values == [
        (instant("10:00:00"), "3.737"),
        (instant("10:05:00"), "3.737"),
    ]


async def test_readings_go_to_their_register(
    hass: HomeAssistant, follow: Callable[..., Household]
) -> None:
    """Each register gets the readings of its own sensor."""
    first, second = add_meter(hass, "meter_1"), add_meter(hass, "meter_2")
    household = follow(first, second)
    hass.states.async_set("sensor.meter_2", "2", KWH)
    hass.states.async_set("sensor.meter_1", "1", KWH)
    hass.states.async_set("sensor.other", "9", KWH)

    assert household.readings == [
        (second, Reading(instant("10:00:00"), energy("2"))),
        (first, Reading(instant("10:00:00"), energy("1"))),
    ]
    assert household.feed.followed == (first, second)


async def test_two_followers_of_one_sensor(
    hass: HomeAssistant, follow: Callable[..., Household]
) -> None:
    """Nobody's reading is lost where two follow one sensor."""
    first = add_meter(hass)
    second = FollowedRegister(
        point_id="house_2", register="import", registry_id=first.registry_id
    )
    household = follow(first, second)
    hass.states.async_set("sensor.meter_1", "1", KWH)

    assert [followed for followed, _ in household.readings] == [first, second]


async def test_no_readings_after_stop(
    hass: HomeAssistant, follow: Callable[..., Household]
) -> None:
    """Whoever has stopped following is told nothing, however often he stops."""
    household = follow(add_meter(hass))
    household.feed.stop()
    household.feed.stop()
    hass.states.async_set("sensor.meter_1", "1", KWH)
    er.async_get(hass).async_update_entity(
        "sensor.meter_1", new_entity_id="sensor.renamed"
    )
    hass.states.async_set("sensor.renamed", "1", KWH)

    assert household.readings == []


async def test_nobody_to_follow(follow: Callable[..., Household]) -> None:
    """A community without meters is followed, too."""
    assert follow().feed.sample(0) == {}


async def test_sample(
    hass: HomeAssistant, frozen: Callable[[str], None], follow: Callable[..., Household]
) -> None:
    """What an available sensor shows is a reading now; the others say why not."""
    shown, silent, gone = (add_meter(hass, f"meter_{n}") for n in (1, 2, 3))
    hass.states.async_set("sensor.meter_1", "5", KWH)
    hass.states.async_set("sensor.meter_2", STATE_UNAVAILABLE)
    er.async_get(hass).async_remove("sensor.meter_3")
    household = follow(shown, silent, gone)
    frozen("10:15:00")

    assert household.feed.sample(instant("10:15:00")) == {
        shown: Reading(instant("10:15:00"), energy("5")),
        silent: Unusable(Reason.UNAVAILABLE, STATE_UNAVAILABLE),
        gone: Unusable(Reason.METER_MISSING),
    }
    assert household.readings == []


# Problems


async def test_problem_and_its_end_are_logged_once(
    hass: HomeAssistant,
    frozen: Callable[[str], None],
    follow: Callable[..., Household],
    messages: Callable[[], list[str]],
) -> None:
    """A meter that goes is logged once, and once when it is back."""
    meter = add_meter(hass)
    hass.states.async_set("sensor.meter_1", "5", KWH)
    household = follow(meter)
    for clock, text in (
        ("10:01:00", STATE_UNAVAILABLE),
        ("10:02:00", STATE_UNKNOWN),
        ("10:03:00", STATE_UNAVAILABLE),
    ):
        frozen(clock)
        hass.states.async_set("sensor.meter_1", text, KWH)
        household.feed.sample(instant(clock))
    problem = household.feed.problems[meter]
    assert (problem.reason, problem.since) == (Reason.UNAVAILABLE, instant("10:01:00"))

    hass.states.async_set("sensor.meter_1", "6", KWH)
    hass.states.async_set("sensor.meter_1", "7", KWH)

    name = "The import register of house_1 (sensor.meter_1)"
    assert messages() == [
        f"{name} cannot be read: unavailable",
        f"{name} can be read again",
    ]
    assert household.feed.problems == {}


async def test_another_problem(
    hass: HomeAssistant,
    frozen: Callable[[str], None],
    follow: Callable[..., Household],
    messages: Callable[[], list[str]],
) -> None:
    """Another reason is logged; the meter is out since the first one."""
    meter = add_meter(hass)
    hass.states.async_set("sensor.meter_1", "5", KWH)
    household = follow(meter)
    frozen("10:01:00")
    hass.states.async_set("sensor.meter_1", STATE_UNAVAILABLE)
    frozen("10:02:00")
    hass.states.async_set("sensor.meter_1", "5", {"unit_of_measurement": "kW"})

    problem = household.feed.problems[meter]
    assert (problem.reason, problem.shown) == (Reason.UNKNOWN_UNIT, "kW")
    assert problem.since == instant("10:01:00")
    assert len(messages()) == 2


async def test_quiet_while_home_assistant_starts(
    hass: HomeAssistant,
    follow: Callable[..., Household],
    messages: Callable[[], list[str]],
) -> None:
    """Sensors that show nothing yet are no news, and neither is their first value."""
    household = follow(add_meter(hass))
    hass.states.async_set("sensor.meter_1", STATE_UNAVAILABLE, {"restored": True})
    hass.states.async_set("sensor.meter_1", STATE_UNKNOWN, KWH)
    assert household.problem() is Reason.UNAVAILABLE
    hass.states.async_set("sensor.meter_1", "5", KWH)

    assert household.problem() is None
    assert messages() == []


async def test_wrong_unit_at_start_is_logged(
    hass: HomeAssistant,
    follow: Callable[..., Household],
    messages: Callable[[], list[str]],
) -> None:
    """What does not pass by itself is logged from the beginning."""
    meter = add_meter(hass)
    hass.states.async_set("sensor.meter_1", "5", {"unit_of_measurement": "kW"})
    household = follow(meter)

    assert household.problem() is Reason.UNKNOWN_UNIT
    assert len(messages()) == 1


# How meters misbehave (each pattern is one row of the specification)


def count(household: Household, state: RegisterState | None = None) -> list[Any]:
    """Return the closed intervals of the readings taken: (kWh, quality)."""
    closed = []
    for _, reading in household.readings:
        step = advance(state, reading, LIMITS)
        state = step.state
        closed += step.closed
    return [(str(i.energy.kwh.normalize()), i.quality) for i in closed]


async def test_row_1_zero_after_unavailable(
    hass: HomeAssistant, frozen: Callable[[str], None], follow: Callable[..., Household]
) -> None:
    """3.737, unavailable, 0.000, 3.746: nothing has happened."""
    household = follow(add_meter(hass))
    for clock, text in (
        ("10:00:00", "3.700"),
        ("10:05:00", "3.737"),
        ("10:05:02", STATE_UNAVAILABLE),
        ("10:05:04", "0.000"),
        ("10:05:08", "3.746"),
        ("10:15:00", "3.800"),
    ):
        frozen(clock)
        hass.states.async_set("sensor.meter_1", text, KWH)

    assert count(household) == [("0.1", Quality.MEASURED)]


async def test_row_2_restart(
    hass: HomeAssistant, frozen: Callable[[str], None], follow: Callable[..., Household]
) -> None:
    """After a restart the first value is compared with what the ledger holds."""
    before = advance(None, Reading(instant("10:00:00"), energy("5")), LIMITS).state
    household = follow(add_meter(hass))
    for clock, text in (
        ("10:09:00", STATE_UNAVAILABLE),
        ("10:09:10", STATE_UNKNOWN),
        ("10:15:00", "5.5"),
    ):
        frozen(clock)
        hass.states.async_set("sensor.meter_1", text, KWH)

    assert count(household, before) == [("0.5", Quality.MEASURED)]


async def test_row_14_renamed(
    hass: HomeAssistant,
    follow: Callable[..., Household],
    messages: Callable[[], list[str]],
) -> None:
    """A renamed sensor is still the same meter, and that is no news."""
    meter = add_meter(hass)
    hass.states.async_set("sensor.meter_1", "1", KWH)
    household = follow(meter)
    er.async_get(hass).async_update_entity(
        "sensor.meter_1", new_entity_id="sensor.cellar"
    )
    hass.states.async_remove("sensor.meter_1")
    await hass.async_block_till_done()
    hass.states.async_set("sensor.cellar", "2", KWH)
    hass.states.async_set("sensor.meter_1", "999", KWH)

    assert [value for _, value in household.values] == ["2"]
    assert household.feed.entity_id(meter) == "sensor.cellar"
    assert messages() == []


class PlainSensor(SensorEntity):
    """A meter's sensor of some integration."""

    _attr_should_poll = False
    _attr_unique_id = "meter_1"
    _attr_native_unit_of_measurement = "kWh"
    _attr_native_value = Decimal(5)
    entity_id = "sensor.meter_1"


@pytest.mark.parametrize("remove", [False, True])
async def test_row_14_real_entity(
    hass: HomeAssistant,
    follow: Callable[..., Household],
    messages: Callable[[], list[str]],
    remove: bool,
) -> None:
    """What an entity does with its states on the way is no news of its own."""
    platform = MockEntityPlatform(hass, domain="sensor", platform_name="mqtt")
    await platform.async_add_entities([PlainSensor()])
    meter = add_meter(hass)
    household = follow(meter)
    if remove:
        er.async_get(hass).async_remove("sensor.meter_1")
    else:
        er.async_get(hass).async_update_entity(
            "sensor.meter_1", new_entity_id="sensor.cellar"
        )
    await hass.async_block_till_done()

    assert household.problem() is (Reason.METER_MISSING if remove else None)
    assert len(messages()) == int(remove)


async def test_row_14_renamed_and_never_back(
    hass: HomeAssistant, follow: Callable[..., Household]
) -> None:
    """A renamed sensor that shows nothing is noticed when it is next read."""
    meter = add_meter(hass)
    hass.states.async_set("sensor.meter_1", "1", KWH)
    household = follow(meter)
    er.async_get(hass).async_update_entity(
        "sensor.meter_1", new_entity_id="sensor.cellar"
    )
    hass.states.async_remove("sensor.meter_1")
    await hass.async_block_till_done()
    assert household.problem() is None

    household.feed.sample(instant("10:15:00"))
    assert household.problem() is Reason.UNAVAILABLE


async def test_row_14_names_swapped(
    hass: HomeAssistant, follow: Callable[..., Household]
) -> None:
    """Two meters that swap their names keep their houses."""
    first, second = add_meter(hass, "meter_1"), add_meter(hass, "meter_2")
    household = follow(first, second)
    for old, new in (("meter_1", "x"), ("meter_2", "meter_1"), ("x", "meter_2")):
        er.async_get(hass).async_update_entity(
            f"sensor.{old}", new_entity_id=f"sensor.{new}"
        )
        await hass.async_block_till_done()
    hass.states.async_set("sensor.meter_1", "2", KWH)

    assert [followed for followed, _ in household.readings] == [second]


async def test_row_14_removed_and_recreated(
    hass: HomeAssistant,
    follow: Callable[..., Household],
    messages: Callable[[], list[str]],
) -> None:
    """A removed sensor is missed; recreated, it is the same meter again."""
    meter = add_meter(hass)
    hass.states.async_set("sensor.meter_1", "1", KWH)
    household = follow(meter)
    er.async_get(hass).async_remove("sensor.meter_1")
    hass.states.async_remove("sensor.meter_1")
    await hass.async_block_till_done()
    assert household.problem() is Reason.METER_MISSING
    assert household.feed.entity_id(meter) is None

    assert add_meter(hass) == meter
    await hass.async_block_till_done()
    hass.states.async_set("sensor.meter_1", "2", KWH)

    assert [value for _, value in household.values] == ["2"]
    assert household.problem() is None
    assert len(messages()) == 2


async def test_row_14_other_entities_are_not_followed(
    hass: HomeAssistant, follow: Callable[..., Household]
) -> None:
    """What happens to other entities has nothing to do with us."""
    household = follow(add_meter(hass))
    subscriptions = household.feed._unsubscribe
    add_meter(hass, "other")
    er.async_get(hass).async_remove("sensor.other")
    await hass.async_block_till_done()

    assert household.feed._unsubscribe is subscriptions


async def test_disabled(hass: HomeAssistant, follow: Callable[..., Household]) -> None:
    """A sensor that a person disables shows nothing, but is not missing."""
    meter = add_meter(hass)
    hass.states.async_set("sensor.meter_1", "1", KWH)
    household = follow(meter)
    er.async_get(hass).async_update_entity(
        "sensor.meter_1", disabled_by=er.RegistryEntryDisabler.USER
    )
    hass.states.async_remove("sensor.meter_1")
    await hass.async_block_till_done()

    assert household.problem() is Reason.UNAVAILABLE


# Real MQTT sensors


class MqttMeter:
    """A meter that announces its sensor to Home Assistant, and sends."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Make up a meter."""
        self.hass = hass
        self.discovery = "homeassistant/sensor/A0B1C2D3E4F5/Ei/config"

    async def announce(self, **more: Any) -> None:
        """Publish the discovery message."""
        config = {
            "name": "Import",
            "unique_id": "A0B1C2D3E4F5_Ei",
            "default_entity_id": "sensor.meter_1",
            "state_topic": "A0B1C2D3E4F5/SENSOR",
            "value_template": "{{ value_json.Ei }}",
            "unit_of_measurement": "kWh",
            "device_class": "energy",
            "state_class": "total_increasing",
            "device": {"identifiers": ["A0B1C2D3E4F5"], "name": "Meter"},
        }
        await self.publish(self.discovery, json.dumps(config | more))

    async def vanish(self) -> None:
        """Take the discovery message back."""
        await self.publish(self.discovery, "")

    async def send(self, kwh: str) -> None:
        """Publish what the registers show."""
        message = f'{{"SMid": "1", "ts": 1, "Pi": 0.4, "Po": 0, "Ei": {kwh}, "Eo": 0}}'
        await self.publish("A0B1C2D3E4F5/SENSOR", message)

    async def publish(self, topic: str, message: str) -> None:
        """Publish a message and wait until it has arrived."""
        async_fire_mqtt_message(self.hass, topic, message)
        await self.hass.async_block_till_done()

    @property
    def followed(self) -> FollowedRegister:
        """How the meter's register is followed."""
        registry = er.async_get(self.hass)
        entity_id = registry.async_get_entity_id("sensor", "mqtt", "A0B1C2D3E4F5_Ei")
        return FollowedRegister(
            point_id="house_1",
            register="import",
            registry_id=registry.async_get(entity_id).id,
        )


@pytest.fixture
async def mqtt_meter(
    hass: HomeAssistant, frozen: Callable[[str], None], mqtt_mock: Mock
) -> MqttMeter:
    """Return an MQTT meter that has announced itself."""
    meter = MqttMeter(hass)
    await meter.announce()
    return meter


async def test_mqtt_reading(
    frozen: Callable[[str], None],
    follow: Callable[..., Household],
    mqtt_meter: MqttMeter,
) -> None:
    """A meter's message is a reading at the time it arrived."""
    household = follow(mqtt_meter.followed)
    assert household.problem() is Reason.UNAVAILABLE
    frozen("10:02:00")
    await mqtt_meter.send("12345.678")

    assert household.values == [(instant("10:02:00"), "12345.678")]
    assert household.problem() is None


async def test_row_10_same_payload_again(
    frozen: Callable[[str], None],
    follow: Callable[..., Household],
    mqtt_meter: MqttMeter,
) -> None:
    """A repeated payload makes no event; the sensor is read when it is asked."""
    household = follow(mqtt_meter.followed)
    await mqtt_meter.send("5")
    frozen("10:16:00")
    await mqtt_meter.send("5")
    assert len(household.readings) == 1

    sample = household.feed.sample(instant("10:16:00"))
    for followed, reading in sample.items():
        household.take(followed, reading)
    assert count(household) == [("0", Quality.MEASURED)]


async def test_row_12_unit_changed_by_the_user(
    hass: HomeAssistant,
    frozen: Callable[[str], None],
    follow: Callable[..., Household],
    mqtt_meter: MqttMeter,
) -> None:
    """A sensor that a person switches to MWh is still read right."""
    household = follow(mqtt_meter.followed)
    await mqtt_meter.send("1234.567")
    frozen("10:15:00")
    er.async_get(hass).async_update_entity_options(
        "sensor.meter_1", "sensor", {"unit_of_measurement": "MWh"}
    )
    await hass.async_block_till_done()
    await mqtt_meter.send("1235.567")

    assert hass.states.get("sensor.meter_1").attributes["unit_of_measurement"] == "MWh"
    assert household.values[-1] == (instant("10:15:00"), "1235.567")
    assert {value for _, value in household.values} == {"1234.567", "1235.567"}


async def test_row_12_unit_changed_by_the_meter(
    follow: Callable[..., Household], mqtt_meter: MqttMeter
) -> None:
    """A meter that announces itself anew, in Wh, is still read right."""
    household = follow(mqtt_meter.followed)
    await mqtt_meter.send("1234")
    await mqtt_meter.announce(unit_of_measurement="Wh")
    await mqtt_meter.send("1234500")

    assert household.values[-1][1] == "1234.5"


async def test_row_14_mqtt_renamed(
    hass: HomeAssistant,
    follow: Callable[..., Household],
    mqtt_meter: MqttMeter,
    messages: Callable[[], list[str]],
) -> None:
    """A person may rename the entity while it is being followed."""
    household = follow(mqtt_meter.followed)
    await mqtt_meter.send("5")
    er.async_get(hass).async_update_entity(
        "sensor.meter_1", new_entity_id="sensor.cellar"
    )
    await hass.async_block_till_done()
    await mqtt_meter.send("6")

    assert hass.states.get("sensor.cellar").state == "6"
    assert household.values[-1][1] == "6"
    assert household.feed.entity_id(mqtt_meter.followed) == "sensor.cellar"
    assert not any("missing" in message for message in messages())


async def test_row_14_mqtt_removed_and_recreated(
    follow: Callable[..., Household], mqtt_meter: MqttMeter
) -> None:
    """A meter that withdraws and announces itself again is the same meter."""
    household = follow(mqtt_meter.followed)
    await mqtt_meter.send("5")
    await mqtt_meter.vanish()
    assert household.problem() is Reason.METER_MISSING

    await mqtt_meter.announce()
    await mqtt_meter.send("6")

    assert household.values[-1][1] == "6"
    assert household.problem() is None


async def test_row_15_broker_down(
    hass: HomeAssistant,
    frozen: Callable[[str], None],
    follow: Callable[..., Household],
    mqtt_meter: MqttMeter,
    mqtt_mock: Mock,
    messages: Callable[[], list[str]],
) -> None:
    """Without a broker nothing is read, no zero either; its return fills the gap."""
    household = follow(mqtt_meter.followed)
    await mqtt_meter.send("5")
    frozen("10:01:00")
    mqtt_mock.connected = False
    async_dispatcher_send(hass, MQTT_CONNECTION_STATE, False)
    await hass.async_block_till_done()
    assert household.problem() is Reason.UNAVAILABLE
    sample = household.feed.sample(instant("10:15:00"))
    assert list(sample.values()) == [Unusable(Reason.UNAVAILABLE, STATE_UNAVAILABLE)]

    frozen("11:00:00")
    mqtt_mock.connected = True
    await mqtt_meter.send("9")
    async_dispatcher_send(hass, MQTT_CONNECTION_STATE, True)
    await hass.async_block_till_done()

    assert household.problem() is None
    assert count(household) == [("1", Quality.INTERPOLATED)] * 4
    assert len(messages()) == 2


async def test_mqtt_sensor_without_unit(
    follow: Callable[..., Household], mqtt_meter: MqttMeter
) -> None:
    """A sensor without unit, as Tasmota makes them, is read in the stated unit."""
    await mqtt_meter.announce(
        unit_of_measurement=None, device_class=None, state_class="measurement"
    )
    bare = mqtt_meter.followed
    stated = FollowedRegister(
        point_id="house_2",
        register="import",
        registry_id=bare.registry_id,
        declared_unit="Wh",
    )
    household = follow(bare, stated)
    await mqtt_meter.send("5000.5")

    assert household.problem(0) is Reason.UNKNOWN_UNIT
    assert household.readings == [
        (stated, Reading(instant("10:00:00"), energy("5.0005")))
    ]
