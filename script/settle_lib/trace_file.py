"""How each interval was shared, as CSV: the evidence behind a settlement."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
import csv
import os
from pathlib import Path

from custom_components.leg_invoicing.billing.calendar import iso_utc
from custom_components.leg_invoicing.billing.energy import MWH_PER_KWH
from custom_components.leg_invoicing.billing.measurements import IntervalSlice
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.sharing import Trace
from script.settle_lib.refusal import RefusalError

COLUMNS = (
    "house",
    "start",
    "import_kwh",
    "export_kwh",
    "local_import_kwh",
    "local_export_kwh",
    "quality",
)


@contextmanager
def trace_file(path: Path, houses: Sequence[str]) -> Iterator[Trace]:
    """Write a row per interval and house; the file appears only when all is well.

    Raises RefusalError when it cannot be written.
    """
    target = path.resolve()  # what a link points to is replaced, not the link
    if target.exists() and not target.is_file():
        raise RefusalError(f"--trace: {path} is not a file; choose another name")
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)

            def trace(
                measured: IntervalSlice,
                local_import: Sequence[int],
                local_export: Sequence[int],
            ) -> None:
                start = iso_utc(measured.start)
                lanes = zip(
                    houses,
                    measured.imported,
                    measured.exported,
                    local_import,
                    local_export,
                    measured.quality,
                    strict=True,
                )
                writer.writerows(
                    (house, start, *map(_kwh, energies), Quality(quality).label)
                    for house, *energies, quality in lanes
                )

            yield trace
        part.replace(target)
    except OSError as err:
        raise RefusalError.of_system(path, err) from err
    finally:
        part.unlink(missing_ok=True)


def _kwh(mwh: int) -> str:
    whole, rest = divmod(mwh, MWH_PER_KWH)
    return f"{whole}.{rest:06}"
