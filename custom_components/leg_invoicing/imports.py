"""Read meter-data files into the ledger.

A file is read to its end before anything is written, and written in one
transaction: a file with an error in its last line leaves the ledger as it was.
The ledger keeps what is better and what it already has, so reading the same file
twice changes nothing.
"""

from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util

from .billing.calendar import iso_utc
from .billing.measurements import IntervalRow
from .community import houses_of_entry
from .const import CONF_INTERVAL, DOMAIN
from .formats import FormatError, own_csv
from .ledger import Source, Written
from .runtime import LegConfigEntry


async def async_import_file(
    hass: HomeAssistant, entry: LegConfigEntry, path: str
) -> dict[str, Any]:
    """Import a file of intervals; return what it held and what it changed.

    Raises ServiceValidationError when Home Assistant may not read the file, or
    when any line of it is broken or about a house that is not there.
    """
    data = entry.runtime_data
    houses = {house.house_id for house in houses_of_entry(entry)}
    rows = await hass.async_add_executor_job(
        _read, hass, Path(path), entry.data[CONF_INTERVAL], houses
    )
    await data.coordinator.async_flush()
    written: Written = await data.ledger.async_run(
        lambda: data.ledger.write(
            rows,
            source=Source.FILE,
            reason=Path(path).name,
            at=int(dt_util.utcnow().timestamp()),
        )
    )
    if written.span is not None:
        await data.coordinator.async_measurements_changed(written.span)
    return {
        "rows": len(rows),
        "changed": written.changed,
        "houses": sorted({row.house_id for row in rows}),
        "first": iso_utc(min(row.start for row in rows)) if rows else None,
        "last": iso_utc(max(row.start for row in rows)) if rows else None,
    }


def _read(
    hass: HomeAssistant, path: Path, interval_minutes: int, houses: Container[str]
) -> list[IntervalRow]:
    if not hass.config.is_allowed_path(str(path)):
        raise _refused("file_not_allowed", path=str(path))
    try:
        with path.open("rb") as file:
            return list(_rows(file, interval_minutes, houses))
    except FormatError as err:
        line, reason = str(err.line), err.reason
        raise _refused("file_broken", path=str(path), line=line, reason=reason) from err
    except OSError as err:
        reason = str(err)
        raise _refused("file_broken", path=str(path), line="-", reason=reason) from err


def _rows(
    lines: Iterable[bytes], interval_minutes: int, houses: Container[str]
) -> Iterator[IntervalRow]:
    for line, row in own_csv.read(lines, interval_minutes):
        if row.house_id not in houses:
            raise FormatError(line, f"there is no house {row.house_id!r}")
        yield row


def _refused(key: str, **placeholders: str) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )
