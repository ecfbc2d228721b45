"""Read meter-data files into the ledger.

A file, or an archive of files, is read to its end before anything is written, and
written in one transaction: a file with an error in its last line leaves the ledger
as it was. The ledger keeps what is better and what it already has, so reading the
same file twice changes nothing. The action and the form in the options both go this
way: read, match with houses, look at it, write.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from typing import BinaryIO

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util
from sqlalchemy.exc import SQLAlchemyError

from .archives import ArchiveError, files_in
from .billing.calendar import Instant
from .billing.participation import partly
from .billing.reasons import ReasonedError
from .billing.terms import Community, GapShape
from .community import points_of_entry
from .const import CONF_INTERVAL, CONF_TIMEZONE, DOMAIN
from .formats import FormatError, grid_csv
from .formats.collection import Collection
from .formats.gathered import BrokenReadingsError
from .formats.grid_record import LayoutRecord, with_changes
from .formats.reasons import workbooks as because
from .gap_shaping import shape_gaps
from .ignored_points import ignored_points
from .incoming import ClashError, Incoming, Shape, Wishes, match
from .joining import async_join
from .ledger import Effect, Ledger, Origin, Source, Written
from .metered import stored_changes, stored_readings
from .refusals import refused, said
from .runtime import LegConfigEntry, closed_spans, terms_now

type Opened = Callable[[], AbstractContextManager[BinaryIO]]
"""Opens a file in binary mode."""


async def async_read(
    hass: HomeAssistant,
    entry: LegConfigEntry,
    name: str,
    opened: Opened,
    wishes: Wishes,
) -> Collection:
    """Read a file to its end.

    Raises ServiceValidationError when it cannot be read, or any line is broken.
    """
    found = Collection(
        entry.data[CONF_INTERVAL],
        format_name=wishes.format_name,
        only_look=wishes.only_look,
        layout=partial(_layout, hass, entry.data[CONF_TIMEZONE], wishes.layout),
    )
    await hass.async_add_executor_job(_read, hass, found, name, opened)
    return found


def _read(hass: HomeAssistant, found: Collection, name: str, opened: Opened) -> None:
    try:
        with opened() as content:
            for inner, file in files_in(name, content):
                _take(hass, found, inner, file)
    except ArchiveError as err:
        raise _broken(err.name, "-", said(hass, err)) from err
    except OSError as err:
        reason = because.UNREADABLE(error=str(err.strerror or err))
        raise _broken(name, "-", said(hass, reason)) from err


def _take(hass: HomeAssistant, found: Collection, name: str, file: BinaryIO) -> None:
    try:
        found.take(name, file)
    except FormatError as err:
        raise _broken(name, str(err.line), said(hass, err)) from err


def _layout(
    hass: HomeAssistant,
    timezone: str,
    changes: LayoutRecord,
    name: str,
    proposed: grid_csv.Mapping,
) -> grid_csv.Mapping:
    """Return how a load profile is read; its times are the community's at first."""
    try:
        return with_changes(proposed, {"timezone": timezone, **changes})
    except ReasonedError as err:
        raise refused("layout_invalid", path=name, reason=said(hass, err)) from err


async def async_match(
    hass: HomeAssistant,
    entry: LegConfigEntry,
    name: str,
    found: Collection,
    mapping: Mapping[str, str],
) -> Incoming:
    """Match what was read with houses.

    Raises ServiceValidationError for a house that is not there, or about which
    several files say something that does not add up.
    """
    data = entry.runtime_data
    known_points = {point.point_id for point in points_of_entry(entry)}
    for point, house_id in mapping.items():
        if house_id not in known_points:
            raise refused("house_not_found", house=house_id, point=point)
    known = await hass.async_add_executor_job(data.ledger.points)
    gathering = data.coordinator.metering.new_gathering()
    try:
        incoming = await hass.async_add_executor_job(
            match,
            name,
            found,
            mapping,
            known,
            gathering,
            _shape(data.ledger, terms_now(entry).community),
            partly(data.books.commitments),
        )
    except BrokenReadingsError as err:
        raise _broken(err.name, str(err.line), said(hass, err)) from err
    except ClashError as err:
        raise refused("files_clash", path=name, house=str(err)) from err
    return replace(incoming, ignored=ignored_points(entry))


def _shape(ledger: Ledger, community: Community) -> Shape | None:
    """Return what gives gaps their shape; even ones come as they are."""
    if community.gaps.shape is GapShape.LINEAR:
        return None
    return partial(shape_gaps, ledger, community)


async def async_effect(
    hass: HomeAssistant, entry: LegConfigEntry, incoming: Incoming
) -> Effect:
    """Say what importing would do to the ledger and to closed periods."""
    data = entry.runtime_data
    await data.coordinator.async_flush()
    return await hass.async_add_executor_job(
        data.ledger.preview,
        incoming.table.by_start(),
        _origin(incoming, 0),
        closed_spans(entry),
    )


async def async_import(
    entry: LegConfigEntry, incoming: Incoming, user_id: str | None = None
) -> Written:
    """Write what was read into the ledger, and settle what rests on it.

    Raises HomeAssistantError when the ledger cannot be written.
    """
    data = entry.runtime_data
    # A period that is being closed is billed, and kept as evidence, as it stands.
    async with data.books.changing:
        await data.coordinator.async_flush()
        now = int(dt_util.utcnow().timestamp())
        origin = _origin(incoming, now, user_id)
        written = await data.ledger.async_run(_write, data.ledger, incoming, origin)
        states = incoming.states
        await async_join(data.coordinator, data.ledger, states, now)
        # Where the registers stand now must survive a power cut, as the rows do.
        await data.coordinator.async_flush(always=True)
    if written.span is not None:
        await data.coordinator.async_measurements_changed(written.span)
    return written


def _origin(incoming: Incoming, at: Instant, user_id: str | None = None) -> Origin:
    return Origin(
        source=Source.FILE,
        at=at,
        action="import_readings",
        reason=incoming.name,
        user_id=user_id,
    )


def _write(ledger: Ledger, incoming: Incoming, origin: Origin) -> Written:
    try:
        return ledger.write(
            incoming.table.by_start(),
            origin,
            readings=stored_readings(incoming.midnights),
            changes=stored_changes(incoming.changes),
            allotted=incoming.found.allotted(incoming.houses),
            points=incoming.points,
        )
    except SQLAlchemyError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="ledger_not_written",
            translation_placeholders={"path": str(ledger.path)},
        ) from err


def _broken(path: str, line: str, reason: str) -> ServiceValidationError:
    return refused("file_broken", path=path, line=line, reason=reason)
