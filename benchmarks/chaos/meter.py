"""A meter that can be made to misbehave, and its connection to the broker."""

from collections.abc import Callable
from dataclasses import dataclass, replace
import json
from socket import SHUT_RDWR, socket

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from script.demo_lib.meters import EXPORT, IMPORT, LEG, Message, Meter
from script.demo_lib.processes import LOOPBACK

from .truth import Count, Truth

_DIGITS = {"kWh": 6, "Wh": 3}
"""Digits after the point by unit; each shows the last mWh."""
_KEYS = {IMPORT: "Ei", EXPORT: "Eo"}

KIND = replace(LEG, sensors=tuple(s for s in LEG.sensors if s.key in _KEYS))
"""A meter that sends its registers and nothing else, not even the time.

So a payload that is repeated is the same to the last byte.
"""


@dataclass(slots=True, kw_only=True)
class Face:
    """How a meter shows the truth: what misbehaviour changes."""

    unit: str
    told_unit: str
    """What Home Assistant is told that the unit is."""
    offset: Count = Count(0, 0)
    """What is added to the truth, since the meter was reset or replaced."""
    lie: Callable[[int], int] | None = None
    """Makes something else of what a register shows, in mWh."""
    mute: bool = False
    hidden: bool = False
    """Home Assistant is not told that there is such a meter."""

    def shown(self, truth: Count) -> Count:
        """Return what the registers show, in mWh."""
        honest = truth + self.offset
        return Count(*map(self.lie, honest)) if self.lie else honest

    def payload(self, truth: Count) -> str:
        """Return what is sent."""
        shown = dict(zip(_KEYS.values(), self.shown(truth), strict=True))
        return json.dumps(
            {key: _number(mwh, _DIGITS[self.unit]) for key, mwh in shown.items()}
        )


def _number(mwh: int, digits: int) -> float:
    return float(f"{mwh // 10**digits}.{mwh % 10**digits:0{digits}}")


class ChaoticMeter:
    """A meter whose face and connection are at our mercy."""

    def __init__(self, name: str, truth: Truth, *, unit: str) -> None:
        """Connect nothing yet."""
        self.name = name
        self.truth = truth
        self.replacements = 0
        self._port = 0
        self.face = Face(unit=unit, told_unit=unit)
        self.meter = Meter(kind=KIND, hardware_id=f"chaos_{name}", name=f"Meter {name}")
        self._client = self._new_client()

    def _new_client(self) -> Client:
        client = Client(CallbackAPIVersion.VERSION2, client_id=self.meter.hardware_id)
        client.reconnect_delay_set(min_delay=1, max_delay=2)
        topic, offline = self.meter.online(False)
        client.will_set(topic, offline, retain=True)
        # The broker forgets everything when it stops.
        client.on_connect = lambda *_: self.introduce()
        return client

    def connect(self, port: int) -> None:
        """Connect, and again whenever the connection is lost."""
        self._port = port
        self._client.connect_async(LOOPBACK, port, keepalive=20)
        self._client.loop_start()

    def cut(self) -> None:
        """Lose the connection without a goodbye: the broker says the last will."""
        self.face.mute = True
        self._client.loop_stop()
        if isinstance(connection := self._client.socket(), socket):
            connection.shutdown(SHUT_RDWR)
        self._client = self._new_client()

    def mend(self) -> None:
        """Connect again, and go on sending."""
        self.face.mute = False
        self.connect(self._port)

    def close(self) -> None:
        """Disconnect."""
        self._client.disconnect()
        self._client.loop_stop()

    def show(self, instant: float) -> None:
        """Send what the meter shows, if it speaks and there is a connection."""
        if not self.face.mute:
            topic = KIND.state_topic.format(id=self.meter.hardware_id)
            self._send((topic, self.face.payload(self.truth.at(instant))))

    def introduce(self) -> None:
        """Tell Home Assistant what there is, and in which unit."""
        if not self.face.hidden:
            self._discover()
        self._send(self.meter.online(True), retain=True)

    def _discover(self) -> None:
        about = {"unit_of_measurement": self.face.told_unit}
        if self.face.told_unit in _DIGITS:
            about |= {"device_class": "energy", "state_class": "total_increasing"}
        sensors = (replace(sensor, about=about) for sensor in KIND.sensors)
        kind = replace(KIND, sensors=tuple(sensors))
        for message in replace(self.meter, kind=kind).discovery():
            self._send(message, retain=True)

    def _send(self, message: Message, *, retain: bool = False) -> None:
        self._client.publish(*message, retain=retain)
