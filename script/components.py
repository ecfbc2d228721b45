"""Print what a set of Home Assistant's own components needs from PyPI.

Usage: python script/components.py FOLDER_WITH_HOMEASSISTANT

Home Assistant installs the requirements of a component when it first loads it. The
demonstration and the end-to-end tests start it without that step, so the environments
must hold those requirements beforehand. This follows the manifests the way
`homeassistant/requirements.py` does, and prints them as an input for `script/lock`.
"""

import json
from pathlib import Path
import sys

# What a running Home Assistant of ours loads: its defaults, and what we configure.
ROOTS = (
    "analytics",
    "application_credentials",
    "assist_satellite",
    "automation",
    "backup",
    "binary_sensor",
    "brands",
    "button",
    "calendar",
    "config",
    "counter",
    "diagnostics",
    "energy",
    "event",
    "frontend",
    "hardware",
    "history",
    "homeassistant",
    "input_boolean",
    "input_button",
    "input_datetime",
    "input_number",
    "input_select",
    "input_text",
    "isal",
    "labs",
    "logbook",
    "logger",
    "lovelace",
    "media_source",
    "mqtt",
    "network",
    "notify",
    "number",
    "persistent_notification",
    "person",
    "recorder",
    "repairs",
    "scene",
    "schedule",
    "script",
    "select",
    "sensor",
    "switch",
    "system_health",
    "tag",
    "template",
    "timer",
    "webhook",
    "zone",
)


def requirements(components: Path) -> dict[str, list[str]]:
    """Return each requirement with the components that ask for it."""
    waiting = list(ROOTS)
    seen: set[str] = set()
    found: dict[str, list[str]] = {}
    while waiting:
        domain = waiting.pop()
        manifest_path = components / domain / "manifest.json"
        if domain in seen or not manifest_path.exists():
            continue
        seen.add(domain)
        manifest = json.loads(manifest_path.read_text(encoding="utf-8"))
        for requirement in manifest.get("requirements", []):
            found.setdefault(requirement, []).append(domain)
        waiting += manifest.get("dependencies", [])
        waiting += manifest.get("after_dependencies", [])
    return found


def main() -> int:
    """Print the requirements, one a line, sorted."""
    components = Path(sys.argv[1]) / "homeassistant" / "components"
    print("# Made by script/lock from Home Assistant's own manifests. Do not edit.")
    for requirement, domains in sorted(requirements(components).items()):
        print(f"{requirement}  # {', '.join(sorted(domains))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
