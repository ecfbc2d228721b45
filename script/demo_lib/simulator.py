"""Houses whose meters have counted since some instant and go on counting.

A register's value follows from the instant alone. A restart of the simulator is
therefore nothing worse than a meter that was out of reach for a while.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
import time
from typing import Self

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from .meters import Message, Meter, Reading
from .processes import LOOPBACK
from .profiles import SLOT_SECONDS, HouseModel, slot_energy


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedHouse:
    """A house's electricity, and the meter that shows it."""

    model: HouseModel
    meter: Meter
    first_import: int
    """What the registers showed when counting began, in tenths of a watt hour."""
    first_export: int


class Registers:
    """The two counters of a house; they are read in the order of time."""

    def __init__(self, house: SimulatedHouse, since: int) -> None:
        """Begin counting at an edge of a slot."""
        self._model = house.model
        self._slot = since
        self._imported = house.first_import
        self._exported = house.first_export

    def at(self, instant: float) -> Reading:
        """Return what the meter shows; within a slot the energy flows evenly."""
        while self._slot + SLOT_SECONDS <= instant:
            imported, exported = slot_energy(self._model, self._slot)
            self._imported += imported
            self._exported += exported
            self._slot += SLOT_SECONDS
        imported, exported = slot_energy(self._model, self._slot)
        elapsed = max(instant - self._slot, 0)
        per_hour = 3600 / SLOT_SECONDS / 10
        return Reading(
            at=instant,
            imported=self._imported + int(imported * elapsed / SLOT_SECONDS),
            exported=self._exported + int(exported * elapsed / SLOT_SECONDS),
            import_watts=round(imported * per_hour),
            export_watts=round(exported * per_hour),
        )


class LiveMeter:
    """A meter's connection to the broker, with a last will of its own."""

    def __init__(self, house: SimulatedHouse, since: int) -> None:
        """Connect nothing yet."""
        self._meter = house.meter
        self._registers = Registers(house, since)
        self._client = Client(
            CallbackAPIVersion.VERSION2, client_id=house.meter.hardware_id
        )
        self._client.reconnect_delay_set(min_delay=1, max_delay=2)
        topic, offline = self._meter.online(False)
        self._client.will_set(topic, offline, retain=True)
        # A broker that was restarted has forgotten everything, so each connection
        # introduces the meter anew, as the firmware of such meters does.
        self._client.on_connect = lambda *_: self._introduce()

    def connect(self, port: int) -> None:
        """Connect, and again whenever the connection is lost."""
        self._client.connect_async(LOOPBACK, port, keepalive=20)
        self._client.loop_start()

    def close(self) -> None:
        """Say goodbye and disconnect."""
        self._send(self._meter.online(False), retain=True)
        self._client.disconnect()
        self._client.loop_stop()

    def show(self, instant: float) -> Reading:
        """Send what the meter shows now, if there is a connection."""
        reading = self._registers.at(instant)
        self._send(self._meter.state(reading))
        return reading

    def _introduce(self) -> None:
        for message in self._meter.discovery():
            self._send(message, retain=True)
        self._send(self._meter.online(True), retain=True)

    def _send(self, message: Message, *, retain: bool = False) -> None:
        self._client.publish(*message, retain=retain)


class Simulator:
    """All meters, sending every few seconds for as long as the context lasts."""

    def __init__(
        self,
        houses: Iterable[SimulatedHouse],
        *,
        port: int,
        since: int,
        every: float = 5.0,
    ) -> None:
        """Prepare meters that have counted `since` an instant."""
        self._meters = [LiveMeter(house, since) for house in houses]
        self._port = port
        self._every = every
        self._sending: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Connect all meters and let them send."""
        for meter in self._meters:
            meter.connect(self._port)
        self._sending = asyncio.create_task(self._send_forever())
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Disconnect all meters."""
        if self._sending is not None:
            self._sending.cancel()
            with suppress(asyncio.CancelledError):
                await self._sending
        for meter in self._meters:
            meter.close()

    async def _send_forever(self) -> None:
        while True:
            now = time.time()
            for meter in self._meters:
                meter.show(now)
            await asyncio.sleep(self._every)
