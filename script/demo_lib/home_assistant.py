"""A real Home Assistant with a configuration of its own, on a loopback port."""

import json
from pathlib import Path

from .processes import LOOPBACK, ChildProcess

INTEGRATION = Path("custom_components/leg_invoicing")

ENVIRONMENTS = {"newest": ".venv-newest", "pinned": ".venv"}
"""Where each Home Assistant is installed; `script/bootstrap` makes both."""

# Not `default_config`: it wants Bluetooth, clouds and voice assistants.
_CONFIGURATION = """\
homeassistant:
  name: Energy community
  country: CH
  currency: CHF
  language: en
  time_zone: Europe/Zurich
  unit_system: metric
  latitude: 47.05
  longitude: 8.31
  elevation: 430
  media_dirs:
    local: {media}
  allowlist_external_dirs:
    - {readings}

frontend:
config:
history:
logbook:
energy:
media_source:
recorder:
  commit_interval: 1
system_health:

logger:
  default: warning
  logs:
    custom_components.leg_invoicing: info
    # Parts of every Home Assistant that miss programs which nobody here needs.
    haffmpeg: fatal
    homeassistant.components.camera.img_util: fatal
"""


def environment_python(root: Path, environment: str) -> Path:
    """Return the Python of one of the environments."""
    return root / ENVIRONMENTS[environment] / "bin" / "python"


class HomeAssistantProcess(ChildProcess):
    """Home Assistant in a folder that holds all it knows.

    The folder can be used again, with or without the process having been killed.
    """

    def __init__(self, folder: Path, *, root: Path, python: Path, port: int) -> None:
        """Write the configuration where there is none yet."""
        self.folder = folder.resolve()
        self.media = self.folder / "media"
        self.readings = self.folder / "readings"
        self.url = f"http://{LOOPBACK}:{port}"
        if not (self.folder / "configuration.yaml").exists():
            self._configure(root, port)
        super().__init__(
            "Home Assistant",
            # All requirements are in the environment, so nothing is downloaded now.
            [python.with_name("hass"), "--skip-pip", "-c", self.folder],
            port=port,
            log=self.folder / "console.log",
        )

    def _configure(self, root: Path, port: int) -> None:
        for folder in (self.folder, self.media, self.readings):
            folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "configuration.yaml").write_text(
            _CONFIGURATION.format(
                # JSON strings are YAML strings, whatever a folder's name contains.
                media=json.dumps(str(self.media)),
                readings=json.dumps(str(self.readings)),
            ),
            encoding="utf-8",
        )
        # The first form of this file, which every version still brings up to date.
        # In configuration.yaml the port would be a trial that ends after five minutes.
        self._store("http", 1, {"server_host": [LOOPBACK], "server_port": port})
        # Only the user is left to create; the other steps would add integrations
        # that look for the internet.
        done = ["core_config", "analytics", "integration"]
        self._store("onboarding", 4, {"done": done})
        link = self.folder / INTEGRATION
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(root.resolve() / INTEGRATION, target_is_directory=True)

    def _store(self, key: str, version: int, data: dict[str, object]) -> None:
        stored = {"version": version, "minor_version": 1, "key": key, "data": data}
        path = self.folder / ".storage" / key
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(stored), encoding="utf-8")
