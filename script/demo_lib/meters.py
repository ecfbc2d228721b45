"""Four kinds of meters, as they speak over MQTT, and how Home Assistant learns of them.

Home Assistant finds the sensors by MQTT discovery. What a real device sends of itself
stays as it is: topics, keys, units and the number of digits.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
import json
from typing import Any

from .profiles import PER_KWH, ZONE

type Message = tuple[str, str]
"""Topic and payload."""

IMPORT, EXPORT, TAG = "import", "export", "tag"

TAGS = ("04A2B75C", "04C1D91F")
"""Of those who charge at the wallbox; they take turns, day by day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a meter shows at an instant."""

    at: float
    imported: int
    """Cumulative, in tenths of a watt hour."""
    exported: int
    import_watts: int
    export_watts: int

    @property
    def import_kwh(self) -> float:
        """The import register, with the digits that meters show."""
        return round(self.imported / PER_KWH, 4)

    @property
    def export_kwh(self) -> float:
        """The export register."""
        return round(self.exported / PER_KWH, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterSensor:
    """One value of a meter's payload, offered as a sensor."""

    key: str
    name: str
    value: str
    """Where it stands in the JSON."""
    about: dict[str, str]
    """Unit, device class and state class, where the device tells them."""


_ENERGY_KWH = {
    "unit_of_measurement": "kWh",
    "device_class": "energy",
    "state_class": "total_increasing",
}
_ENERGY_WH = {**_ENERGY_KWH, "unit_of_measurement": "Wh"}
_POWER_KW = {
    "unit_of_measurement": "kW",
    "device_class": "power",
    "state_class": "measurement",
}
_POWER_W = {**_POWER_KW, "unit_of_measurement": "W"}
_UNTOLD = {"state_class": "measurement"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterKind:
    """A make of meter."""

    manufacturer: str
    model: str
    state_topic: str
    availability_topic: str
    sensors: tuple[MeterSensor, ...]
    payload: Callable[[str, Reading], dict[str, Any]]
    """Makes the JSON from the hardware's id and a reading."""


def _sensor(
    key: str, name: str, value: str, about: dict[str, str] | None = None
) -> MeterSensor:
    return MeterSensor(key=key, name=name, value=value, about=about or {})


def _leg_payload(hardware_id: str, reading: Reading) -> dict[str, Any]:
    return {
        "SMid": hardware_id,
        "ts": int(reading.at),
        "Pi": reading.import_watts / 1000,
        "Po": reading.export_watts / 1000,
        "Ei": reading.import_kwh,
        "Eo": reading.export_kwh,
    }


def _tasmota_payload(hardware_id: str, reading: Reading) -> dict[str, Any]:
    power = reading.import_watts - reading.export_watts
    phases = [power // 2, power // 3, power - power // 2 - power // 3]
    return {
        "Time": f"{datetime.fromtimestamp(reading.at, ZONE):%Y-%m-%dT%H:%M:%S}",
        "MT681": {
            "E_in": reading.import_kwh,
            "E_out": reading.export_kwh,
            "Power": power,
            **{f"P{number}": watts for number, watts in enumerate(phases, 1)},
            "Meter_id": hardware_id,
        },
    }


def tag_at(at: float) -> str:
    """Return the tag of whoever's turn it is at the wallbox."""
    return TAGS[datetime.fromtimestamp(at, ZONE).toordinal() % len(TAGS)]


def _wallbox_payload(_hardware_id: str, reading: Reading) -> dict[str, Any]:
    return {
        "energy": reading.import_kwh,
        "power": reading.import_watts,
        "tag": tag_at(reading.at),
    }


def _shelly_payload(_hardware_id: str, reading: Reading) -> dict[str, Any]:
    return {
        "id": 0,
        "total_act": reading.imported / 10,
        "total_act_ret": reading.exported / 10,
        "act_power": reading.import_watts - reading.export_watts,
    }


LEG = MeterKind(
    manufacturer="LEG",
    model="Smart meter reader",
    state_topic="{id}/SENSOR",
    availability_topic="{id}/LWT",
    sensors=(
        _sensor(IMPORT, "Import", "Ei", _ENERGY_KWH),
        _sensor(EXPORT, "Export", "Eo", _ENERGY_KWH),
        _sensor("import_power", "Import power", "Pi", _POWER_KW),
        _sensor("export_power", "Export power", "Po", _POWER_KW),
    ),
    payload=_leg_payload,
)
# A script for SML meters names its values as it likes, so that Home Assistant is told
# neither a unit nor a device class for any of them.
TASMOTA_SML = MeterKind(
    manufacturer="Tasmota",
    model="SML reading head (MT681)",
    state_topic="tele/{id}/SENSOR",
    availability_topic="tele/{id}/LWT",
    sensors=(
        _sensor(IMPORT, "MT681 E in", "MT681.E_in", _UNTOLD),
        _sensor(EXPORT, "MT681 E out", "MT681.E_out", _UNTOLD),
        _sensor("power", "MT681 Power", "MT681.Power", _UNTOLD),
    ),
    payload=_tasmota_payload,
)
WALLBOX = MeterKind(
    manufacturer="Wallbox",
    model="11 kW",
    state_topic="wallbox/{id}/status",
    availability_topic="wallbox/{id}/online",
    sensors=(
        _sensor(IMPORT, "Energy", "energy", _ENERGY_KWH),
        _sensor("power", "Power", "power", _POWER_W),
        _sensor(TAG, "Tag", "tag"),
    ),
    payload=_wallbox_payload,
)
SHELLY = MeterKind(
    manufacturer="Shelly",
    model="Pro 3EM",
    state_topic="{id}/status/em1data:0",
    availability_topic="{id}/online",
    sensors=(
        _sensor(IMPORT, "Energy", "total_act", _ENERGY_WH),
        _sensor("power", "Power", "act_power", _POWER_W),
    ),
    payload=_shelly_payload,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """One meter in one house."""

    kind: MeterKind
    hardware_id: str
    name: str

    def unique_id(self, key: str) -> str:
        """Return what Home Assistant's registry knows one of the sensors by."""
        return f"{self.hardware_id}_{key}"

    @property
    def has_export(self) -> bool:
        """Whether the meter shows what the house delivers."""
        return any(sensor.key == EXPORT for sensor in self.kind.sensors)

    def online(self, is_online: bool) -> Message:
        """Return what is said of the connection: the last will says Offline."""
        topic = self.kind.availability_topic.format(id=self.hardware_id)
        return topic, "Online" if is_online else "Offline"

    def state(self, reading: Reading) -> Message:
        """Return what the meter sends every few seconds."""
        topic = self.kind.state_topic.format(id=self.hardware_id)
        return topic, json.dumps(self.kind.payload(self.hardware_id, reading))

    def discovery(self) -> Iterator[Message]:
        """Yield what makes Home Assistant create the sensors."""
        for sensor in self.kind.sensors:
            unique_id = self.unique_id(sensor.key)
            config = {
                "name": sensor.name,
                "unique_id": unique_id,
                "state_topic": self.kind.state_topic.format(id=self.hardware_id),
                "value_template": f"{{{{ value_json.{sensor.value} }}}}",
                "availability_topic": self.online(True)[0],
                "payload_available": self.online(True)[1],
                "payload_not_available": self.online(False)[1],
                "device": {
                    "identifiers": [self.hardware_id],
                    "name": self.name,
                    "manufacturer": self.kind.manufacturer,
                    "model": self.kind.model,
                },
                **sensor.about,
            }
            yield f"homeassistant/sensor/{unique_id}/config", json.dumps(config)
