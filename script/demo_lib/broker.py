"""An MQTT broker on a loopback port: amqtt from PyPI, or a mosquitto that is there."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
import shutil

from .processes import LOOPBACK, ChildProcess
from .progress import DemoError


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerKind:
    """A program that can be our broker."""

    program: Callable[[Path], Path]
    """Finds it, given the Python of the environment that we run in."""
    configuration: str
    protocol: str
    """The newest protocol it speaks, as Home Assistant's form calls it."""


def find_mosquitto() -> Path | None:
    """Return the mosquitto program; Debian keeps it where users do not look."""
    found = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
    return Path(found) if found else None


def _mosquitto(_python: Path) -> Path:
    if (mosquitto := find_mosquitto()) is None:
        raise DemoError("mosquitto was not found (Debian: apt-get install mosquitto).")
    return mosquitto


BROKERS = {
    "amqtt": BrokerKind(
        program=lambda python: python.with_name("amqtt"),
        configuration=(
            "listeners:\n"
            "  default: {{type: tcp, bind: '{host}:{port}'}}\n"
            "plugins:\n"
            "  amqtt.plugins.authentication.AnonymousAuthPlugin:\n"
            "    allow_anonymous: true\n"
        ),
        protocol="3.1.1",
    ),
    "mosquitto": BrokerKind(
        program=_mosquitto,
        configuration=(
            "listener {port} {host}\nallow_anonymous true\npersistence false\n"
        ),
        protocol="5",
    ),
}


class Broker(ChildProcess):
    """A broker that forgets everything when it stops."""

    def __init__(self, kind: str, folder: Path, port: int, python: Path) -> None:
        """Write the configuration; `python` is of the environment that has amqtt."""
        self.protocol = BROKERS[kind].protocol
        folder.mkdir(parents=True, exist_ok=True)
        configuration = folder / f"{kind}.conf"
        configuration.write_text(
            BROKERS[kind].configuration.format(host=LOOPBACK, port=port),
            encoding="utf-8",
        )
        super().__init__(
            f"The MQTT broker ({kind})",
            [BROKERS[kind].program(python), "-c", configuration],
            port=port,
            log=folder / f"{kind}.log",
        )
