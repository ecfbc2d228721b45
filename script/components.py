"""Print what Home Assistant, running our integration, needs beyond its own package.

Usage: python script/components.py FOLDER_WITH_HOMEASSISTANT

Home Assistant installs the requirements of a component when it first loads it. The
demonstration and the end-to-end tests must start without that step, so the environments
hold those requirements beforehand. This follows the manifests the way
`homeassistant/requirements.py` does, and prints them as an input for `script/lock`.
"""

import ast
from collections.abc import Iterator
import json
from pathlib import Path
import sys
from typing import Any

OUR_MANIFEST = Path("custom_components/leg_invoicing/manifest.json")

# What our configurations load on top of what every Home Assistant loads by itself.
OURS = (
    "assist_satellite",
    "config",
    "diagnostics",
    "energy",
    "history",
    "logbook",
    "lovelace",
    "media_source",
    "mqtt",
    "persistent_notification",
    "recorder",
    "repairs",
    "template",
    "webhook",
)


def strings_in(node: ast.AST) -> list[str]:
    """Return every string constant below a syntax node."""
    return [
        constant.value
        for constant in ast.walk(node)
        if isinstance(constant, ast.Constant) and isinstance(constant.value, str)
    ]


def assigned(path: Path, name: str) -> list[str]:
    """Return the strings in the value that a module assigns to a name."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            targets, value = [node.target], node.value
        else:
            continue
        if any(isinstance(t, ast.Name) and t.id == name for t in targets):
            return strings_in(value)
    return []


def loaded_by_default(core: Path) -> Iterator[str]:
    """Yield what every Home Assistant loads: its defaults, and all entity platforms."""
    bootstrap = core / "bootstrap.py"
    for name in ("CORE_INTEGRATIONS", "DEFAULT_INTEGRATIONS"):
        yield from assigned(bootstrap, name)
    yield from assigned(bootstrap, "LOGGING_AND_HTTP_DEPS_INTEGRATIONS")
    for path in (core / "components").glob("*/manifest.json"):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if manifest.get("integration_type") == "entity":
            yield path.parent.name


def loaded_with(manifest: dict[str, Any]) -> list[str]:
    """Return what Home Assistant prepares together with a component."""
    return [
        *manifest.get("dependencies", []),
        *manifest.get("after_dependencies", []),
    ]


def manifests(core: Path) -> Iterator[dict[str, Any]]:
    """Yield the manifests of everything that gets loaded, each once."""
    ours = json.loads(OUR_MANIFEST.read_text(encoding="utf-8"))
    yield ours
    waiting = [*OURS, *loaded_by_default(core), *loaded_with(ours)]
    seen: set[str] = set()
    while waiting:
        domain = waiting.pop()
        path = core / "components" / domain / "manifest.json"
        if domain in seen or not path.exists():
            continue
        seen.add(domain)
        manifest = json.loads(path.read_text(encoding="utf-8"))
        waiting += loaded_with(manifest)
        yield manifest


def requirements(core: Path) -> dict[str, set[str]]:
    """Return each requirement with the components that ask for it."""
    found: dict[str, set[str]] = {}
    for module in (core / "auth" / "mfa_modules").glob("*.py"):
        for requirement in assigned(module, "REQUIREMENTS"):
            found.setdefault(requirement, set()).add("auth")
    for manifest in manifests(core):
        for requirement in manifest.get("requirements", []):
            found.setdefault(requirement, set()).add(manifest["domain"])
    return found


def main() -> int:
    """Print the requirements, one a line, sorted."""
    core = Path(sys.argv[1]) / "homeassistant"
    print("# Made by script/lock from Home Assistant's own manifests. Do not edit.")
    for requirement, domains in sorted(requirements(core).items()):
        print(f"{requirement}  # {', '.join(sorted(domains))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
