"""The books: what was agreed and billed, in Home Assistant's storage.

Two kinds of file, both private, under `.storage`:

- `leg_invoicing.<community>.books`, the index: tariffs, agreements, closed
  periods, counters. One immutable state, replaced whole and atomically.
- `leg_invoicing.<community>.period.<period>`, one for each issued period: written
  once, before the index names it with its hash. A period is closed when the index
  says so; a period file the index does not know is the remainder of an attempt
  that was interrupted, and means nothing.

`Store` logs a failed write and goes on, and reads a corrupt file as an empty one.
Neither will do for money: every write is read back, and books that are damaged
or missing stop the set-up instead of beginning anew.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
import hashlib
import json
from pathlib import Path
from typing import Any, Self

from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.storage import STORAGE_DIR, Store
from homeassistant.util.file import WriteError, write_utf8_file_atomic

from .billing.agreements import Agreement, Party
from .billing.commitment_records import commitments_from_record, commitments_record
from .billing.commitments import (
    ClosedPeriod,
    CommitmentError,
    Commitments,
    with_agreement,
    with_change_of_occupant,
    with_closed_period,
    with_corrected_agreement,
    with_end,
    with_tariff_version,
)
from .billing.records import Record
from .billing.tariffs import Tariff, TariffVersion
from .const import DOMAIN
from .documents.exact_json import dumps

STORAGE_VERSION = 1


class BooksError(ServiceValidationError):
    """A change of the books was refused; nothing has changed."""

    def __init__(self, error: CommitmentError) -> None:
        """Translate the rule that was broken."""
        super().__init__(
            translation_domain=DOMAIN,
            translation_key=error.code,
            translation_placeholders=error.details,
        )

    @classmethod
    def of(cls, code: str, **details: str) -> Self:
        """Refuse something that has to do with the books."""
        return cls(CommitmentError(code, **details))


class BooksDamagedError(HomeAssistantError):
    """The books are not what they were when they were written."""

    def __init__(self, path: str) -> None:
        """Name the file."""
        super().__init__(
            translation_domain=DOMAIN,
            translation_key="books_damaged",
            translation_placeholders={"path": path},
        )
        self.path = path


class Books:
    """The books of one community."""

    def __init__(
        self, hass: HomeAssistant, community_id: str, commitments: Commitments
    ) -> None:
        """Hold a state that was read from, or is about to be written to, storage."""
        self._hass = hass
        self.community_id = community_id
        self._commitments = commitments
        self._lock = asyncio.Lock()

    @classmethod
    async def async_open(
        cls, hass: HomeAssistant, community_id: str, *, expected: bool
    ) -> Books:
        """Read the books, or begin them when none are `expected` to be there.

        Raises BooksDamagedError when they, or the file of a closed period, are
        missing, unreadable, or not what the index says.
        """
        store = _store(hass, community_id)
        try:
            record = await store.async_load()
            if record is None:
                if expected:
                    raise BooksDamagedError(store.path)
                books = cls(hass, community_id, Commitments())
                await books._async_commit(Commitments())
                return books
            books = cls(hass, community_id, commitments_from_record(record))
        except (KeyError, TypeError, ValueError, AttributeError) as err:
            raise BooksDamagedError(store.path) from err
        await hass.async_add_executor_job(books._check_period_files)
        return books

    @property
    def commitments(self) -> Commitments:
        """The present state."""
        return self._commitments

    @property
    def tariffs(self) -> Mapping[str, Tariff]:
        """The tariffs by id."""
        return self._commitments.tariffs

    @property
    def agreements(self) -> tuple[Agreement, ...]:
        """The agreements by house and date."""
        return self._commitments.agreements

    @property
    def closed(self) -> tuple[ClosedPeriod, ...]:
        """The closed periods by date."""
        return self._commitments.closed

    async def async_next_house_id(self) -> str:
        """Return a house id that was never given before."""
        await self.async_change(lambda b: replace(b, last_house=b.last_house + 1))
        return f"house_{self._commitments.last_house}"

    async def async_set_tariff(self, tariff_id: str, version: TariffVersion) -> None:
        """Add a tariff version, or replace one that nothing was billed with."""
        await self.async_change(lambda b: with_tariff_version(b, tariff_id, version))

    async def async_add_agreement(self, agreement: Agreement) -> None:
        """Add an agreement."""
        await self.async_change(lambda b: with_agreement(b, agreement))

    async def async_change_occupant(
        self, house_id: str, first: date, participant: Party, tariff_id: str
    ) -> None:
        """Let somebody else have a house from a day on."""
        await self.async_change(
            lambda b: with_change_of_occupant(
                b, house_id, first, participant, tariff_id
            )
        )

    async def async_correct_agreement(
        self, agreement_id: str, participant: Party, tariff_id: str
    ) -> None:
        """Correct who is billed; what was issued stays."""
        await self.async_change(
            lambda b: with_corrected_agreement(b, agreement_id, participant, tariff_id)
        )

    async def async_end_agreements(self, house_id: str, end: date) -> None:
        """End the open-ended agreement of a house that was removed."""
        await self.async_change(lambda b: with_end(b, house_id, end))

    async def async_change(self, change: Callable[[Commitments], Commitments]) -> None:
        """Replace the state by the next one, on disk and then here.

        Raises BooksError when a rule forbids it, and HomeAssistantError when it
        cannot be written; the state is then what it was.
        """
        async with self._lock:
            try:
                following = change(self._commitments)
            except CommitmentError as err:
                raise BooksError(err) from err
            if following != self._commitments:
                await self._async_commit(following)

    async def async_issue(self, closed: ClosedPeriod, issued: Record) -> None:
        """Close a period: first its file, then the index, which is the commit."""
        content = dumps(issued).encode()
        closed = replace(closed, sha256=hashlib.sha256(content).hexdigest())
        path = self._period_path(closed)
        await self._hass.async_add_executor_job(_write_once_more, path, content)
        year = closed.closed_at.year
        await self.async_change(lambda b: with_closed_period(b, closed, year=year))

    async def async_issued(self, closed: ClosedPeriod) -> Record:
        """Read an issued period; raises BooksDamagedError if it has changed."""
        return await self._hass.async_add_executor_job(self._read_issued, closed)

    def _read_issued(self, closed: ClosedPeriod) -> Record:
        path = self._period_path(closed)
        try:
            content = path.read_bytes()
        except OSError as err:
            raise BooksDamagedError(str(path)) from err
        if hashlib.sha256(content).hexdigest() != closed.sha256:
            raise BooksDamagedError(str(path))
        issued: Record = json.loads(content, parse_float=Decimal)
        return issued

    def _check_period_files(self) -> None:
        for closed in self.closed:
            self._read_issued(closed)

    def _period_path(self, closed: ClosedPeriod) -> Path:
        return Path(self._hass.config.path(STORAGE_DIR, closed.file_name))

    async def _async_commit(self, commitments: Commitments) -> None:
        """Write a state and make sure that it can be read again."""
        store = _store(self._hass, self.community_id)
        record = commitments_record(commitments)
        # While stopping, a store only promises to write; that is not enough here.
        if self._hass.state is CoreState.stopping:
            raise _not_written(store.path)
        await store.async_save(record)
        if await _store(self._hass, self.community_id).async_load() != record:
            raise _not_written(store.path)
        self._commitments = commitments


def period_file_name(community_id: str, period_id: str) -> str:
    """Return the name of an issued period's file."""
    return f"{DOMAIN}.{community_id}.period.{period_id.replace('..', '_')}"


def _store(hass: HomeAssistant, community_id: str) -> Store[dict[str, Any]]:
    return Store(
        hass,
        STORAGE_VERSION,
        f"{DOMAIN}.{community_id}.books",
        private=True,
        atomic_writes=True,
    )


def _write_once_more(path: Path, content: bytes) -> None:
    """Write a period file and read it back.

    There may be one from an attempt that was never committed; it is replaced.
    """
    try:
        write_utf8_file_atomic(str(path), content, private=True, mode="wb")
        written = path.read_bytes()
    except (OSError, WriteError) as err:
        raise _not_written(str(path)) from err
    if written != content:
        raise _not_written(str(path))


def _not_written(path: str) -> HomeAssistantError:
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="books_not_written",
        translation_placeholders={"path": path},
    )
