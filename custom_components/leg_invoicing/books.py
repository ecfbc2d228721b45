"""The books: what was agreed and billed, in Home Assistant's storage.

Two kinds of file, both private, under `.storage`:

- `leg_invoicing.<community>.books`, the index: tariffs, agreements, closed
  periods, counters. One immutable state, replaced whole and atomically.
- `leg_invoicing.<community>.period.<period>`, one for each issued period: written
  once, before the index names it with its hash. A period is closed when the index
  says so; a period file the index does not know is the remainder of an attempt
  that was interrupted, and means nothing.

Every write is read back, and books that are damaged or missing stop the set-up
instead of beginning anew.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Unpack

from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers.storage import STORAGE_DIR, Store
from homeassistant.util import dt as dt_util

from .billing.agreements import Agreement, Party
from .billing.commitment_changes import (
    Agreed,
    AgreedFromDay,
    with_agreement,
    with_change_of_occupant,
    with_closed_period,
    with_corrected_agreement,
    with_new_house,
)
from .billing.commitment_membership import with_end
from .billing.commitment_records import commitments_record
from .billing.commitments import ClosedPeriod, CommitmentError, Commitments
from .billing.records import Record
from .billing.tariff_changes import with_tariff_set
from .billing.tariffs import Tariff, TariffVersion
from .book_files import (
    STORAGE_VERSION,
    BooksDamagedError,
    BooksNotWrittenError,
    frozen,
    index_name,
    read_commitments,
    read_index,
    read_period,
    write_period,
)
from .books_error import NO_NAMES, BooksError


def _accept(_: Commitments) -> None:
    """Find nothing wrong with a next state."""


class Books:
    """The books of one community."""

    def __init__(
        self, hass: HomeAssistant, community_id: str, commitments: Commitments
    ) -> None:
        """Hold a state that was read from, or is about to be written to, storage."""
        self._hass = hass
        self.community_id = community_id
        self._commitments = commitments
        self.house_names = NO_NAMES
        """What people call the houses, by id."""
        self.check: Callable[[Commitments], None] = _accept
        """Refuses a next state for what is said outside of the books."""
        self.changing = asyncio.Lock()
        """Held by whoever changes the books, from the first look at them on.

        Whoever changes what a bill rests on waits for it too.
        """

    @classmethod
    async def async_open(
        cls, hass: HomeAssistant, community_id: str, *, expected: bool
    ) -> Books:
        """Read the books, or begin them when none are `expected` to be there.

        Raises BooksDamagedError when they, or the file of a closed period, are
        missing, unreadable, or not what the index says.
        """
        path = Path(hass.config.path(STORAGE_DIR, index_name(community_id)))
        commitments = await hass.async_add_executor_job(read_commitments, path)
        if commitments is None:
            if expected:
                raise BooksDamagedError(path)
            books = cls(hass, community_id, Commitments())
            await books._async_commit(Commitments())
            return books
        books = cls(hass, community_id, commitments)
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

    async def async_next_house_id(
        self, joins: date, weight: Decimal | None = None
    ) -> str:
        """Return an id that was never given before, for a house that joins on a day."""
        await self.async_change(lambda b: with_new_house(b, joins, weight))
        return f"house_{self._commitments.last_house}"

    async def async_set_tariff(
        self, tariff_id: str, version: TariffVersion, user_id: str | None = None
    ) -> None:
        """Add a tariff version, or replace one that nothing was billed with."""
        at = dt_util.utcnow()
        await self.async_change(
            lambda b: with_tariff_set(b, tariff_id, version, at, user_id)
        )

    async def async_add_agreement(self, agreement: Agreement) -> None:
        """Add an agreement."""
        await self.async_change(lambda b: with_agreement(b, agreement))

    async def async_change_occupant(
        self,
        house_id: str,
        first: date,
        participant: Party,
        tariff_id: str,
        **more: Unpack[AgreedFromDay],
    ) -> None:
        """Let somebody else have a house, as `with_change_of_occupant` says."""
        await self.async_change(
            lambda b: with_change_of_occupant(
                b, house_id, first, participant, tariff_id, **more
            )
        )

    async def async_correct_agreement(
        self,
        agreement_id: str,
        participant: Party,
        tariff_id: str,
        **more: Unpack[Agreed],
    ) -> None:
        """Correct what was agreed, as `with_corrected_agreement` says."""
        await self.async_change(
            lambda b: with_corrected_agreement(
                b, agreement_id, participant, tariff_id, **more
            )
        )

    async def async_end_agreements(self, house_id: str, end: date) -> None:
        """Let a house leave that was removed."""
        await self.async_change(lambda b: with_end(b, house_id, end))

    async def async_change(self, change: Callable[[Commitments], Commitments]) -> None:
        """Replace the state by the next one, on disk and then here.

        Raises BooksError when a rule forbids it, and HomeAssistantError when it
        cannot be written; the state is then what it was.
        """
        async with self.changing:
            following = self._following(change)
            if following != self._commitments:
                await self._async_commit(following)

    async def async_issue(self, closed: ClosedPeriod, issued: Record) -> None:
        """Close a period: first its file, then the index, which is the commit.

        The caller holds `changing` since before it looked at what it settled by.
        Raises BooksError, before any file is touched, when the period is billed.
        """
        run = self._hass.async_add_executor_job
        content, sha256 = await run(frozen, issued)
        closed = replace(closed, sha256=sha256)
        year = closed.closed_at.year
        following = self._following(lambda b: with_closed_period(b, closed, year=year))
        await run(write_period, self._period_path(closed), content)
        await self._async_commit(following)

    async def async_issued(self, closed: ClosedPeriod) -> Record:
        """Read an issued period; raises BooksDamagedError if it has changed."""
        return await self._hass.async_add_executor_job(
            read_period, self._period_path(closed), closed.sha256
        )

    def _following(self, change: Callable[[Commitments], Commitments]) -> Commitments:
        """Return the next state, or refuse it for people to read."""
        try:
            following = change(self._commitments)
        except CommitmentError as err:
            raise BooksError(err, self.house_names) from err
        self.check(following)
        return following

    def _check_period_files(self) -> None:
        for closed in self.closed:
            read_period(self._period_path(closed), closed.sha256)

    def _period_path(self, closed: ClosedPeriod) -> Path:
        return Path(self._hass.config.path(STORAGE_DIR, closed.file_name))

    async def _async_commit(self, commitments: Commitments) -> None:
        """Write a state and make sure that it can be read again."""
        store = Store[dict[str, Any]](
            self._hass,
            STORAGE_VERSION,
            index_name(self.community_id),
            private=True,
            atomic_writes=True,
        )
        path, record = Path(store.path), commitments_record(commitments)
        # While stopping, a store only promises to write; that is not enough here.
        if self._hass.state is CoreState.stopping:
            raise BooksNotWrittenError(path)
        await store.async_save(record)
        if await self._hass.async_add_executor_job(read_index, path) != record:
            raise BooksNotWrittenError(path)
        self._commitments = commitments
