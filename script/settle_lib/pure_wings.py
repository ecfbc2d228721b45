"""Make the pure wings importable without Home Assistant.

Importing a module of a package first runs the package's `__init__`, and the
integration's starts Home Assistant's machinery. So an empty package of the same
name and place is put there first. Where the real one is imported already, as in
the tests, it stays.
"""

from pathlib import Path
import sys
from types import ModuleType

_FOLDER = Path(__file__).resolve().parents[2] / "custom_components"

for name, folder in (
    ("custom_components", _FOLDER),
    ("custom_components.leg_invoicing", _FOLDER / "leg_invoicing"),
):
    if name not in sys.modules:
        package = ModuleType(name)
        package.__path__ = [str(folder)]
        sys.modules[name] = package
