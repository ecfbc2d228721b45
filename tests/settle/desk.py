"""Two files on a desk, and the command that settles them."""

from decimal import Decimal
import json
from pathlib import Path
from typing import Any

import pytest

from script.settle_lib import command

TERMS = """\
community: {timezone: Europe/Zurich, currency: CHF, model: split, interval: 15}
tariffs:
  standard:
    - {valid_from: 2026-01-01, p_pv: 20, p_con: 25, p_grid_del: 6, p_grid_con: 30.10}
agreements:
  - {house: house_1, participant: "Anna Muster", tariff: standard, from: 2026-01-01}
  - house: house_2
    participant: {name: Beat, address: "Sonnenweg 2\\n8000 Zürich", language: de}
    tariff: standard
    from: 2026-01-01
    to: 2026-01-16
left: {house_2: 2026-01-16}
"""
LEFT = "left: {house_2: 2026-01-16}\n"
HEADER = "house,start,import_kwh,export_kwh,quality"
ROWS = f"""\
{HEADER}
house_2,2026-01-01T00:00:00+01:00,0.5,1,measured
house_1,2025-12-31T23:00:00Z,0.125,0,measured
house_1,2026-01-31T23:00:00Z,99,99,measured
house_1,2025-12-31T22:45:00Z,99,99,measured
"""


def changed(old: str, new: str) -> str:
    """Return the terms with other words in one place."""
    assert old in TERMS
    return TERMS.replace(old, new)


class Desk:
    """A folder with the two files, and the command to settle them."""

    def __init__(self, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
        """Lay the files out."""
        self.folder = folder
        self._capfd = capfd
        self.write("terms.yaml", TERMS)
        self.write("rows.csv", ROWS)

    def write(self, name: str, text: str | bytes) -> None:
        """Write a file."""
        content = text.encode() if isinstance(text, str) else text
        (self.folder / name).write_bytes(content)

    def run(self, *options: str, period: str = "2026-01") -> tuple[int, str, str]:
        """Run the command; return its status and what it printed."""
        arguments = [
            *("--intervals", str(self.folder / "rows.csv")),
            *("--terms", str(self.folder / "terms.yaml")),
            *("--period", period),
            *options,
        ]
        status = command.main(arguments)
        return status, *self._capfd.readouterr()

    def settled(self, *options: str, period: str = "2026-01") -> dict[str, Any]:
        """Return the answer of a run that went well."""
        status, out, err = self.run(*options, period=period)
        assert (status, err) == (0, "")
        answer: dict[str, Any] = json.loads(out, parse_float=Decimal)
        return answer

    def refused(self, *options: str, period: str = "2026-01") -> str:
        """Return the message of a run that was refused, and left nothing behind."""
        before = sorted(self.folder.iterdir())
        trace = self.folder / "out.csv"
        status, out, err = self.run("--trace", str(trace), *options, period=period)
        assert (status, out) == (2, "")
        assert before == sorted(self.folder.iterdir())
        assert err.startswith("Error: ")
        assert err.count("\n") == 1
        return err
