"""What a demonstration was started with, so that it can be taken up again."""

from dataclasses import dataclass
from datetime import date
import json
from pathlib import Path
import shutil
from typing import Any

from .processes import answers
from .progress import DemoError
from .times import Times

_FILE = "demo.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is to be started, and where."""

    root: Path
    """The repository."""
    folder: Path
    """Holds everything that the demonstration writes."""
    environment: str
    """Which Home Assistant: a key of `ENVIRONMENTS`."""
    broker: str
    """Which broker: a key of `BROKERS`."""
    port: int
    """Of Home Assistant."""
    broker_port: int
    password: str
    times: Times

    def save(self) -> None:
        """Write it into the folder, which also marks the folder as ours."""
        self.folder.mkdir(parents=True, exist_ok=True)
        record = {
            "environment": self.environment,
            "broker": self.broker,
            "port": self.port,
            "broker_port": self.broker_port,
            "password": self.password,
            "day": self.times.this_month.isoformat(),
        }
        path = self.folder / _FILE
        path.write_text(json.dumps(record, indent=2), encoding="utf-8")


def load(root: Path, folder: Path) -> Setting:
    """Return what an earlier demonstration in the folder was started with."""
    path = folder / _FILE
    if not path.exists():
        raise DemoError(f"There is no demonstration in {folder} to go on with.")
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    times = Times.of(date.fromisoformat(record.pop("day")))
    return Setting(root=root, folder=folder, times=times, **record)


def delete(folder: Path) -> None:
    """Delete a demonstration's folder; never anybody else's, nor one in use."""
    if not folder.exists():
        return
    path = folder / _FILE
    if path.exists():
        if answers(json.loads(path.read_text(encoding="utf-8"))["port"]):
            raise DemoError(f"The demonstration in {folder} is still running.")
    elif any(folder.iterdir()):
        raise DemoError(
            f"{folder} was not made by a demonstration; it is left as it is."
        )
    shutil.rmtree(folder)
