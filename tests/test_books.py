"""The books on the disk: what is written stays, and what is damaged is noticed."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
import errno
import hashlib
import json
from pathlib import Path
import stat
import subprocess
import sys
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import UnsupportedStorageVersionError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import STORAGE_DIR
import pytest

from custom_components.leg_invoicing.billing.agreements import Party
from custom_components.leg_invoicing.billing.calendar import parse_period
from custom_components.leg_invoicing.billing.commitments import (
    ClosedPeriod,
    Commitments,
)
from custom_components.leg_invoicing.book_files import (
    BooksDamagedError,
    period_file_name,
)
from custom_components.leg_invoicing.books import Books
from custom_components.leg_invoicing.const import DOMAIN
from tests import given
from tests.billing.build import agreement, ct, version

INDEX = f"{DOMAIN}.{given.COMMUNITY}.books"
JANUARY = f"{DOMAIN}.{given.COMMUNITY}.period.2026-01"
ISSUED = {"invoices": [], "terms": "", "total_ct": Decimal("12.50")}

DAMAGE = {INDEX: (b"{", b"["), JANUARY: (b"12.5", b"12.6")}
"""What makes another file of each."""

DISK_FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def storage(hass: HomeAssistant) -> Path:
    """Return the folder in which Home Assistant keeps its files."""
    return Path(hass.config.path(STORAGE_DIR))


@pytest.fixture
async def books(hass: HomeAssistant) -> Books:
    """Begin books, with a tariff and a house that somebody has."""
    books = await open_books(hass, expected=False)
    await books.async_set_tariff("standard", version())
    await books.async_add_agreement(agreement("house_1"))
    return books


async def open_books(hass: HomeAssistant, *, expected: bool = True) -> Books:
    """Read the books, as a start of Home Assistant does."""
    return await Books.async_open(hass, given.COMMUNITY, expected=expected)


def closed(period_id: str = "2026-01", sequence: int = 1) -> ClosedPeriod:
    """Return what is to be entered for a period with one invoice."""
    return ClosedPeriod(
        period=parse_period(period_id),
        closed_at=datetime(2026, 2, 1, 12, tzinfo=UTC),
        file_name=period_file_name(given.COMMUNITY, period_id),
        sha256="",
        invoices={f"INV-2026-{sequence:03}": ct("12.50")},
        tariffs=("standard",),
        houses=("house_1",),
    )


async def issue(books: Books, period_id: str = "2026-01", sequence: int = 1) -> None:
    """Close a period in the books."""
    async with books.changing:
        await books.async_issue(closed(period_id, sequence), ISSUED)


def files(folder: Path) -> dict[str, bytes]:
    """Return the files of the books as they are on the disk."""
    return {path.name: path.read_bytes() for path in folder.glob(f"{DOMAIN}.*")}


# Beginning, and what stays


async def test_books_begin_empty_and_on_the_disk(
    hass: HomeAssistant, storage: Path
) -> None:
    """New books are there at once, as a file that nobody else may read."""
    books = await open_books(hass, expected=False)

    assert books.commitments == Commitments()
    assert books.commitments == (await open_books(hass)).commitments
    assert stat.S_IMODE((storage / INDEX).stat().st_mode) == 0o600


async def test_books_that_must_be_there_are_not_begun_anew(
    hass: HomeAssistant, storage: Path
) -> None:
    """Books that are missing beside a ledger are damage, and stay missing."""
    with pytest.raises(BooksDamagedError) as caught:
        await open_books(hass)

    assert caught.value.path == str(storage / INDEX)
    assert files(storage) == {}


async def test_every_change_survives_a_restart(
    hass: HomeAssistant, books: Books
) -> None:
    """What was changed is there when the books are opened again."""
    anna = Party(name="Anna")
    await books.async_set_tariff("Solar", version("2026-02-01"))
    await books.async_change_occupant("house_1", date(2026, 3, 1), anna, "standard")
    await books.async_correct_agreement("house_1_2", anna, "Solar")
    await books.async_end_agreements("house_1", date(2026, 6, 1))

    again = await open_books(hass)

    assert again.commitments == books.commitments
    assert list(again.tariffs) == ["standard", "Solar"]
    assert [(a.agreement_id, a.tariff_id, a.end) for a in again.agreements] == [
        ("house_1_1", "standard", date(2026, 3, 1)),
        ("house_1_2", "Solar", date(2026, 6, 1)),
    ]


async def test_house_ids_are_never_given_twice(
    hass: HomeAssistant, books: Books
) -> None:
    """No two houses get the same id, at the same time, after a restart, or ever."""
    first = await asyncio.gather(
        *(books.async_next_house_id(date(2026, 1, 1)) for _ in range(3))
    )
    again = await open_books(hass)

    assert sorted(first) == ["house_2", "house_3", "house_4"]
    assert await again.async_next_house_id(date(2026, 1, 1)) == "house_5"


async def test_what_changes_nothing_is_not_written(books: Books, storage: Path) -> None:
    """A version that is there already leaves the file alone."""
    before = (storage / INDEX).stat().st_ino
    await books.async_set_tariff("standard", version())

    assert (storage / INDEX).stat().st_ino == before


async def test_a_rule_that_is_broken_changes_nothing(
    books: Books, storage: Path
) -> None:
    """A refused change leaves both the books and their file as they were."""
    before, written = books.commitments, files(storage)

    with given.refused("agreement_overlaps", house="house_1", first="2026-05-01"):
        await books.async_add_agreement(agreement("house_1", "2026-05-01"))

    assert books.commitments is before
    assert files(storage) == written


# Issuing


async def test_an_issued_period_is_frozen_in_a_file(
    books: Books, storage: Path
) -> None:
    """A period's file holds exact numbers, has the indexed hash, and is private."""
    await issue(books)

    (entry,) = books.closed
    content = (storage / JANUARY).read_bytes()
    assert entry.sha256 == hashlib.sha256(content).hexdigest()
    assert b'"total_ct": 12.5' in content
    assert stat.S_IMODE((storage / JANUARY).stat().st_mode) == 0o600
    assert await books.async_issued(entry) == ISSUED


async def test_an_issued_period_survives_a_restart(
    hass: HomeAssistant, books: Books
) -> None:
    """Periods, numbers and hashes are there when the books are opened again."""
    await issue(books)
    await issue(books, "2026-02-01..2026-02-03", 2)

    again = await open_books(hass)

    assert again.commitments == books.commitments
    assert again.commitments.last_sequence == {2026: 2}
    assert await again.async_issued(again.closed[1]) == ISSUED


async def test_a_closed_period_keeps_its_file(books: Books, storage: Path) -> None:
    """Closing a period once more is refused before its file is touched."""
    await issue(books)
    before = files(storage)

    with given.refused("period_closed", period="2026-01"):
        async with books.changing:
            await books.async_issue(closed(), {"invoices": []})

    assert files(storage) == before


async def test_the_file_of_an_interrupted_attempt_is_replaced(
    hass: HomeAssistant, books: Books, storage: Path
) -> None:
    """A period file that no index names means nothing and stands in nobody's way."""
    (storage / JANUARY).write_text("half a per")

    again = await open_books(hass)
    assert again.closed == ()
    await issue(again)

    assert await again.async_issued(again.closed[0]) == ISSUED


async def test_an_issued_period_that_changed_is_not_given_out(
    books: Books, storage: Path
) -> None:
    """A period's file is checked each time that it is read."""
    await issue(books)
    (storage / JANUARY).write_text("{}")

    with given.refused("books_damaged", path=str(storage / JANUARY)):
        await books.async_issued(books.closed[0])


# Writing that fails


@pytest.mark.parametrize(
    "target",
    [
        # What a store notices, logs, and keeps to itself.
        "homeassistant.util.file.AtomicWriter",
        # What nobody notices: the disk says yes and does nothing.
        "homeassistant.helpers.storage.write_utf8_file_atomic",
    ],
)
async def test_a_write_that_fails_in_silence_is_noticed(
    hass: HomeAssistant, books: Books, storage: Path, target: str
) -> None:
    """A change that did not reach the disk is refused, and can be tried again."""
    before, written = books.commitments, files(storage)
    failure = {"side_effect": DISK_FULL} if "Writer" in target else {}

    with patch(target, **failure), given.refused("books_not_written"):
        await books.async_set_tariff("Solar", version())

    assert books.commitments is before
    assert files(storage) == written
    await books.async_set_tariff("Solar", version())
    assert "Solar" in (await open_books(hass)).tariffs


@pytest.mark.parametrize("failure", [{"side_effect": DISK_FULL}, {}])
async def test_a_period_that_cannot_be_written_is_not_closed(
    books: Books, storage: Path, failure: dict[str, Any]
) -> None:
    """A period file that the disk refuses, or loses, closes nothing."""
    before, written = books.commitments, files(storage)
    (storage / JANUARY).write_text("from an earlier attempt")
    target = (
        "homeassistant.util.file.AtomicWriter"
        if failure
        else "custom_components.leg_invoicing.book_files.write_utf8_file_atomic"
    )

    with patch(target, **failure), given.refused("books_not_written"):
        await issue(books)

    (storage / JANUARY).unlink()
    assert books.commitments is before
    assert files(storage) == written


async def test_books_cannot_begin_on_a_full_disk(hass: HomeAssistant) -> None:
    """Books that could not be written are not begun."""
    with (
        patch("homeassistant.util.file.AtomicWriter", side_effect=DISK_FULL),
        given.refused("books_not_written"),
    ):
        await open_books(hass, expected=False)


async def test_nothing_is_promised_while_home_assistant_stops(
    hass: HomeAssistant, books: Books, storage: Path
) -> None:
    """A store only promises to write while stopping; a change is refused then."""
    before, written = books.commitments, files(storage)
    hass.set_state(CoreState.stopping)

    with given.refused("books_not_written"):
        await books.async_set_tariff("Solar", version())

    hass.set_state(CoreState.running)
    assert books.commitments is before
    assert files(storage) == written


async def test_power_may_fail_at_any_time(tmp_path: Path) -> None:
    """Whenever the process is killed, every period that the index names is whole."""
    command = [sys.executable, "-m", "tests.killed", str(tmp_path), "8"]
    done = await asyncio.to_thread(
        subprocess.run, command, check=True, capture_output=True, text=True
    )
    counts = [int(line) for line in done.stdout.split()]

    assert len(counts) == 8
    assert counts == sorted(counts)
    assert counts[-1] > 0


# Damage


def truncated(content: bytes) -> bytes:
    """Return what an interrupted copy leaves."""
    return content[: len(content) // 2]


def changed(**fields: Any) -> Callable[[bytes], bytes]:
    """Return what makes an index with other fields."""
    return lambda content: json.dumps(json.loads(content) | fields).encode()


def with_price(price: str) -> Callable[[bytes], bytes]:
    """Return what makes an index with another price."""
    return lambda content: content.replace(b'"25"', json.dumps(price).encode())


@pytest.mark.parametrize(
    "damage",
    [
        truncated,
        lambda _: b"",
        lambda _: b"{}",
        lambda _: b"[]",
        lambda _: b"null",
        lambda content: content + b"}",
        lambda content: content.replace(b"2026", b"\xff\xfe26"),
        lambda content: content.replace(b"2026-01-01", b"2026-13-01"),
        changed(key="leg_invoicing.mondweg.books"),
        changed(data=[]),
        changed(data={}),
        with_price("a lot"),
        with_price("NaN nonsense"),
    ],
)
async def test_a_damaged_index_is_left_alone(
    hass: HomeAssistant, books: Books, storage: Path, damage: Callable[[bytes], bytes]
) -> None:
    """An index that is not what was written is neither read, moved nor replaced."""
    content = damage((storage / INDEX).read_bytes())
    (storage / INDEX).write_bytes(content)

    for expected in (True, False):
        with pytest.raises(BooksDamagedError) as caught:
            await open_books(hass, expected=expected)
        assert caught.value.path == str(storage / INDEX)

    assert files(storage) == {INDEX: content}


async def test_an_index_that_cannot_be_read_is_not_taken_for_none(
    hass: HomeAssistant, storage: Path
) -> None:
    """A disk that fails to read does not make the books begin anew."""
    (storage / INDEX).mkdir()

    with pytest.raises(BooksDamagedError):
        await open_books(hass, expected=False)


async def test_an_index_of_another_version_is_left_alone(
    hass: HomeAssistant, books: Books, storage: Path
) -> None:
    """What a newer version wrote is not read by an older one."""
    content = changed(version=2)((storage / INDEX).read_bytes())
    (storage / INDEX).write_bytes(content)

    with pytest.raises(UnsupportedStorageVersionError):
        await open_books(hass)

    assert files(storage) == {INDEX: content}


@pytest.mark.parametrize(
    "damage",
    [
        truncated,
        lambda content: content.replace(b"12.5", b"12.6"),
        lambda content: content + b"\n",
        None,
    ],
)
async def test_a_damaged_period_is_left_alone(
    hass: HomeAssistant,
    books: Books,
    storage: Path,
    damage: Callable[[bytes], bytes] | None,
) -> None:
    """One byte more, less or different in a period's file stops the books."""
    await issue(books)
    await issue(books, "2026-02", 2)
    if damage is None:
        (storage / JANUARY).unlink()
    else:
        (storage / JANUARY).write_bytes(damage((storage / JANUARY).read_bytes()))
    before = files(storage)

    with pytest.raises(BooksDamagedError) as caught:
        await open_books(hass)

    assert caught.value.path == str(storage / JANUARY)
    assert files(storage) == before


# The community around the books


@pytest.mark.usefixtures("recorder_mock", "no_statistics")
@pytest.mark.parametrize("name", DAMAGE)
async def test_damaged_books_stop_the_community_until_they_are_restored(
    hass: HomeAssistant, storage: Path, name: str
) -> None:
    """Damage is a repair that names the file; a restored file runs at once."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    await issue(entry.runtime_data.books)
    await hass.config_entries.async_unload(entry.entry_id)
    good = (storage / name).read_bytes()
    (storage / name).write_bytes(good.replace(*DAMAGE[name], 1))
    before = files(storage)

    assert not await hass.config_entries.async_setup(entry.entry_id)

    issue_id = f"books_damaged_{given.COMMUNITY}"
    repair = ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    assert repair is not None
    assert repair.severity is ir.IssueSeverity.CRITICAL
    assert repair.translation_placeholders["path"] == str(storage / name)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "books_damaged"
    assert files(storage) == before

    (storage / name).write_bytes(good)
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None


@pytest.mark.usefixtures("recorder_mock", "no_statistics")
async def test_lost_books_are_not_begun_anew_beside_a_ledger(
    hass: HomeAssistant, storage: Path
) -> None:
    """Where there are measurements there were books, so their absence is damage."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    await hass.config_entries.async_unload(entry.entry_id)
    good = (storage / INDEX).read_bytes()
    (storage / INDEX).unlink()

    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.error_reason_translation_key == "books_damaged"
    assert not (storage / INDEX).exists()

    # Restored while Home Assistant runs: no need to start it again.
    (storage / INDEX).write_bytes(good)
    assert await hass.config_entries.async_reload(entry.entry_id)


@pytest.mark.usefixtures("recorder_mock", "no_statistics")
async def test_a_reload_waits_for_a_change_under_way(
    hass: HomeAssistant, storage: Path
) -> None:
    """Books that are opened again hold what was being written."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    books = entry.runtime_data.books
    # The reload comes while the disk is busy with the change.
    changing = hass.async_create_task(books.async_set_tariff("Solar", version()))
    reloading = hass.async_create_task(hass.config_entries.async_reload(entry.entry_id))
    await asyncio.gather(changing, reloading)

    assert entry.runtime_data.books is not books
    assert "Solar" in entry.runtime_data.books.tariffs


@pytest.mark.usefixtures("recorder_mock", "no_statistics")
@pytest.mark.freeze_time("2026-02-10 10:00:00+00:00")
async def test_a_removed_house_is_billed_to_its_last_day(hass: HomeAssistant) -> None:
    """Removing a house ends who has it, and voids who was going to."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    await entry.runtime_data.books.async_change_occupant(
        "house_2", date(2026, 3, 1), Party(name="Anna"), "Standard"
    )

    hass.config_entries.async_remove_subentry(entry, "subentry_2")
    await hass.async_block_till_done()

    assert [(a.house_id, a.end) for a in entry.runtime_data.books.agreements] == [
        ("house_1", None),
        ("house_2", date(2026, 2, 11)),
    ]
