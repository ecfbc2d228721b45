"""Read meter-data files into the ledger.

Two files of our own are understood: intervals, and readings of registers, which
go through the same rules as a live meter's. A file is read to its end before
anything is written, and written in one transaction: a file with an error in its
last line leaves the ledger as it was. The ledger keeps what is better and what it
already has, so reading the same file twice changes nothing.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util
from sqlalchemy.exc import SQLAlchemyError

from .billing.calendar import iso_utc
from .billing.gap_shape import Closed
from .billing.gathering import (
    GatheredChange,
    Gathering,
    MidnightReading,
    RegisterGap,
    RegisterKey,
)
from .billing.measurements import IntervalRow
from .billing.register_state import RegisterState
from .billing.terms import Terms
from .const import CONF_INTERVAL, DOMAIN
from .formats import FormatError, own_csv, own_readings
from .gap_shaping import shape_gaps
from .joining import async_join
from .ledger import Ledger, Origin, Source, Written
from .metered import stored_changes, stored_readings
from .runtime import LegConfigEntry, terms_now


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContent:
    """What a file held, as the ledger takes it."""

    rows: list[IntervalRow]
    midnights: list[MidnightReading] = field(default_factory=list)
    gaps: list[RegisterGap] = field(default_factory=list)
    states: dict[RegisterKey, RegisterState] = field(default_factory=dict)
    """Where the registers stood at the end of the file."""
    changes: list[GatheredChange] = field(default_factory=list)


async def async_import_file(
    hass: HomeAssistant, entry: LegConfigEntry, path: str, user_id: str | None = None
) -> dict[str, Any]:
    """Import a file; return what it held and what it changed.

    Raises ServiceValidationError when Home Assistant may not read the file, or
    when any line of it is broken or about a house that is not there, and
    HomeAssistantError when the ledger cannot be written; nothing is imported then.
    """
    data = entry.runtime_data
    metering = data.coordinator.metering
    content = await hass.async_add_executor_job(
        _read, hass, Path(path), entry.data[CONF_INTERVAL], metering.new_gathering()
    )
    # A period that is being closed is billed, and kept as evidence, as it stands.
    async with data.books.changing:
        await data.coordinator.async_flush()
        now = int(dt_util.utcnow().timestamp())
        origin = Origin(
            source=Source.FILE,
            at=now,
            action="import_readings",
            reason=Path(path).name,
            user_id=user_id,
        )
        written = await data.ledger.async_run(
            _write, data.ledger, terms_now(entry), content, origin
        )
        await async_join(data.coordinator, data.ledger, content.states, now)
        # Where the registers stand now must survive a power cut, as the rows do.
        await data.coordinator.async_flush(always=True)
    if written.span is not None:
        await data.coordinator.async_measurements_changed(written.span)
    return _answer(content.rows, written)


def _answer(rows: list[IntervalRow], written: Written) -> dict[str, Any]:
    starts = [row.start for row in rows]
    return {
        "intervals": len(rows),
        "changed": written.changed,
        "houses": sorted({row.house_id for row in rows}),
        "first": iso_utc(min(starts)) if starts else None,
        "last": iso_utc(max(starts)) if starts else None,
    }


def _write(
    ledger: Ledger, terms: Terms, content: FileContent, origin: Origin
) -> Written:
    closed = Closed(content.rows, content.midnights, content.gaps)
    try:
        shaped = shape_gaps(ledger, terms.community, closed)
        return ledger.write(
            shaped.rows,
            origin,
            readings=stored_readings(shaped.midnights),
            changes=stored_changes(content.changes),
        )
    except SQLAlchemyError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="ledger_not_written",
            translation_placeholders={"path": str(ledger.path)},
        ) from err


def _read(
    hass: HomeAssistant, path: Path, interval_minutes: int, gathering: Gathering
) -> FileContent:
    if not hass.config.is_allowed_path(str(path)):
        raise _refused("file_not_allowed", path=str(path))
    try:
        with path.open("rb") as file:
            return _content(file, interval_minutes, gathering)
    except FormatError as err:
        line, reason = str(err.line), err.reason
        raise _refused("file_broken", path=str(path), line=line, reason=reason) from err
    except OSError as err:
        reason = str(err)
        raise _refused("file_broken", path=str(path), line="-", reason=reason) from err


def _content(
    file: BinaryIO, interval_minutes: int, gathering: Gathering
) -> FileContent:
    """Read intervals, or readings where the first line names no `start`."""
    is_intervals = b"start" in file.readline().lower()
    file.seek(0)
    if is_intervals:
        return FileContent(rows=list(_intervals(file, interval_minutes, gathering)))
    for line, shown in own_readings.read(file):
        _require(line, shown.house_id, gathering.houses)
        if shown.register in gathering.houses[shown.house_id].registers:
            key = (shown.house_id, shown.register)
            own_readings.gather(gathering, key, line, shown)
    return FileContent(
        rows=list(gathering.rows.values()),
        midnights=gathering.midnights,
        gaps=gathering.gaps,
        states=gathering.states,
        changes=gathering.changes,
    )


def _intervals(
    lines: Iterable[bytes], interval_minutes: int, gathering: Gathering
) -> Iterator[IntervalRow]:
    for line, row in own_csv.read(lines, interval_minutes):
        _require(line, row.house_id, gathering.houses)
        yield row


def _require(line: int, house_id: str, houses: Container[str]) -> None:
    if house_id not in houses:
        raise FormatError(line, f"there is no house {house_id!r}")


def _refused(key: str, **placeholders: str) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )
