"""The registers on an invoice as a plain record, and back again."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from .calendar import iso_utc
from .energy import Energy
from .invoices import RegisterChange, RegisterReadings

_EDGES = ("import_start", "import_end", "export_start", "export_end")


def registers_record(registers: RegisterReadings) -> dict[str, Any]:
    """Return the registers at the edges of a statement, and what came between."""
    edges = {name: getattr(registers, name) for name in _EDGES}
    return {
        **{
            f"{name}_kwh": energy.kwh if energy is not None else None
            for name, energy in edges.items()
        },
        "meter_constant": registers.constant,
        "changes": [
            {
                "register": change.register,
                "at": iso_utc(change.at),
                "final_kwh": change.final.kwh,
                "first_kwh": change.first.kwh,
            }
            for change in registers.changes
        ],
    }


def registers_from_record(record: Mapping[str, Any]) -> RegisterReadings:
    """Rebuild the registers; records of earlier versions know of no changes."""
    return RegisterReadings(
        **{name: _energy_or_none(record[f"{name}_kwh"]) for name in _EDGES},
        constant=Decimal(record.get("meter_constant", 1)),
        changes=tuple(
            RegisterChange(
                register=change["register"],
                at=int(datetime.fromisoformat(change["at"]).timestamp()),
                final=_energy(change["final_kwh"]),
                first=_energy(change["first_kwh"]),
            )
            for change in record.get("changes", ())
        ),
    )


def _energy(kwh: Decimal | str) -> Energy:
    return Energy.from_kwh(Decimal(kwh))


def _energy_or_none(kwh: Decimal | str | None) -> Energy | None:
    return None if kwh is None else _energy(kwh)
