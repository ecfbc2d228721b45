"""Compare the invoices with what `script/settle` makes of the exported evidence."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
import json
from pathlib import Path
import subprocess

from .client import Json
from .progress import DemoError

_COLUMNS = "{:<14} {:<16} {:<22} {:>12} {:>12} {:>12}"


def invoice_table(invoices: Iterable[Json]) -> Iterator[str]:
    """Yield the invoices' totals as lines of text."""
    yield _COLUMNS.format(
        *("Invoice", "House", "Participant", "import kWh", "export kWh", "to pay CHF")
    )
    for invoice in invoices:
        yield _COLUMNS.format(
            invoice["invoice_id"],
            invoice["house_name"],
            invoice["recipient"]["name"],
            f"{_exact(invoice['energy_imported_kwh']):.3f}",
            f"{_exact(invoice['energy_exported_kwh']):.3f}",
            f"{_exact(invoice['total_ct']) / 100:.2f}",
        )


def settled_totals(root: Path, folder: Path, period_id: str) -> dict[str, Decimal]:
    """Return what each bill totals in ct, computed anew from the exported files.

    Bills are known by `bill_key`.
    """
    done = subprocess.run(
        [
            root / "script" / "settle",
            *("--intervals", folder / "intervals.csv"),
            *("--terms", folder / "terms.yaml"),
            *("--signals", folder / "signals.csv"),
            *("--period", period_id),
            "--json",
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise DemoError(f"script/settle failed:\n{done.stderr}")
    settlement = json.loads(done.stdout, parse_float=Decimal)
    return {bill_key(s): _exact(s["total_ct"]) for s in settlement["statements"]}


def bill_key(bill: Json) -> str:
    """Return whose bill it is; a house has two where somebody has moved."""
    return f"{bill['house_id']} from {bill['from']}"


def check_against_settle(root: Path, closed: Json, period_id: str) -> None:
    """Raise DemoError unless both agree to the cent on every bill."""
    billed = {bill_key(i): _exact(i["total_ct"]) for i in closed["invoices"]}
    settled = settled_totals(root, Path(closed["folder"]), period_id)
    if billed != settled:
        raise DemoError(f"script/settle says {settled}, the invoices {billed}.")


def _exact(number: float | str | Decimal) -> Decimal:
    return Decimal(str(number))
