"""Closing periods: what is issued, what is refused, and what interruptions leave."""

import asyncio
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
import json
from pathlib import Path
import threading
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Context, CoreState, HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import STORAGE_DIR
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_capture_events,
)

from custom_components.leg_invoicing import book_files, books as books_module
from custom_components.leg_invoicing.billing.agreements import Party
from custom_components.leg_invoicing.books import Books
from custom_components.leg_invoicing.const import DOMAIN, EVENT_PERIOD_CLOSED
from tests import given

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-02-03 10:07:00+00:00"),
]

TWO_DAYS = "2026-02-01..2026-02-03"
NEXT_DAY = "2026-02-03..2026-02-04"
INDEX = f"{DOMAIN}.{given.COMMUNITY}.books"
FROZEN = f"{DOMAIN}.{given.COMMUNITY}.period.2026-02-01_2026-02-03"


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a running community, measured on two days that are over."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    await given.measured(hass, TWO_DAYS, house_1="0.1/0.25", house_2="0.3/0")
    return entry


async def close(hass: HomeAssistant, period: str = TWO_DAYS, **data: Any) -> Any:
    """Close a period and return the answer."""
    return await given.call(hass, "close_period", period=period, **data)


def books(entry: MockConfigEntry) -> Books:
    """Return the books that are open now."""
    found: Books = entry.runtime_data.books
    return found


def numbers(entry: MockConfigEntry) -> list[str]:
    """Return all invoice numbers by period."""
    return [number for closed in books(entry).closed for number in closed.invoices]


def on_disk(hass: HomeAssistant) -> Mapping[str, bytes]:
    """Return the books and the documents as they are on the disk."""
    stored = Path(hass.config.path(STORAGE_DIR)).glob(f"{DOMAIN}.*[!.db]*")
    files = [path for path in stored if ".db" not in path.name]
    files += documents(hass)
    return {str(path): path.read_bytes() for path in files}


def documents(hass: HomeAssistant) -> list[Path]:
    """Return the files of all periods in the media folder."""
    return sorted((given.media(hass) / DOMAIN).rglob("*.*"))


# Numbers


async def test_closing_issues_an_invoice_for_every_house(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The answer holds the invoices, and where their documents are."""
    answer = await close(hass)

    folder = given.media(hass) / DOMAIN / given.COMMUNITY / "2026-02-01_2026-02-03"
    assert answer["period_id"] == TWO_DAYS
    assert answer["status"] == "closed"
    assert answer["start"] == "2026-01-31T23:00:00Z"
    assert answer["end"] == "2026-02-02T22:59:59Z"
    assert answer["folder"] == str(folder)
    # 192 intervals: house_1 takes 19.2 kWh at 25 ct and delivers 48 kWh at 20 ct.
    assert [
        (i["invoice_id"], i["house_id"], i["net_amount_ct"], i["total_ct"])
        for i in answer["invoices"]
    ] == [
        ("INV-2026-001", "house_1", 480, -480),
        ("INV-2026-002", "house_2", -1440, 1440),
    ]


async def test_the_index_says_what_was_closed_by_whom(
    hass: HomeAssistant, entry: MockConfigEntry, hass_admin_user: MockUser
) -> None:
    """The books keep what each house owes, and who closed the period."""
    context = Context(user_id=hass_admin_user.id)
    await hass.services.async_call(
        DOMAIN, "close_period", {"period": TWO_DAYS}, blocking=True, context=context
    )

    (closed,) = books(entry).closed
    assert {number: due.ct for number, due in closed.invoices.items()} == {
        "INV-2026-001": -480,
        "INV-2026-002": 1440,
    }
    assert closed.tariffs == ("Standard",)
    assert closed.houses == ("house_1", "house_2")
    assert closed.user_id == hass_admin_user.id
    assert closed.context_id == context.id
    assert closed.closed_at.isoformat() == "2026-02-03T11:07:00+01:00"


async def test_numbers_have_no_gaps_and_no_repeats(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Numbers go on through failures, a restart, and periods in any order."""
    await close(hass, "2026-02-02..2026-02-03")
    with given.refused("period_closed"):
        await close(hass, "2026-02-02..2026-02-03")
    await hass.config_entries.async_reload(entry.entry_id)
    with (
        patch.object(Books, "_async_commit", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        await close(hass, "2026-02-01..2026-02-02")
    await close(hass, "2026-02-01..2026-02-02")
    freezer.move_to("2026-02-04 10:07:00+00:00")
    await given.measured(hass, NEXT_DAY, house_1="0/0", house_2="0/0")
    await close(hass, NEXT_DAY)

    assert numbers(entry) == [
        *("INV-2026-003", "INV-2026-004"),
        *("INV-2026-001", "INV-2026-002"),
        *("INV-2026-005", "INV-2026-006"),
    ]


@pytest.mark.freeze_time("2026-12-31 22:30:00+00:00")
async def test_the_year_of_a_number_is_the_communitys(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """In Zurich it is next year half an hour before it is in UTC."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    await given.measured(
        hass, "2026-12-28..2026-12-31", house_1="0.1/0", house_2="0.1/0"
    )

    await close(hass, "2026-12-28..2026-12-29")
    freezer.move_to("2026-12-31 23:30:00+00:00")
    answer = await close(hass, "2026-12-29..2026-12-30")
    await close(hass, "2026-12-30..2026-12-31")

    assert numbers(entry) == [
        *("INV-2026-001", "INV-2026-002"),
        *("INV-2027-001", "INV-2027-002"),
        *("INV-2027-003", "INV-2027-004"),
    ]
    assert answer["invoices"][0]["issued_on"] == "2027-01-01"
    assert books(entry).commitments.last_sequence == {2026: 2, 2027: 4}


# Refusals


@pytest.mark.parametrize(
    ("period", "key", "about"),
    [
        (TWO_DAYS, "period_closed", {"period": TWO_DAYS}),
        ("2026-Q1", "period_overlaps", {"period": "2026-Q1", "other": TWO_DAYS}),
        ("2026", "period_overlaps", {"period": "2026", "other": TWO_DAYS}),
        (
            "2026-01-15..2026-02-02",
            "period_overlaps",
            {"period": "2026-01-15..2026-02-02", "other": TWO_DAYS},
        ),
        ("2026-03", "period_unfinished", {"period": "2026-03", "end": "2026-04-01"}),
        (
            NEXT_DAY,
            "period_unfinished",
            {"period": NEXT_DAY, "end": "2026-02-04"},
        ),
        ("2025-12", "nothing_to_bill", {"period": "2025-12"}),
        ("January", "period_invalid", {"period": "January"}),
        ("2026-02-03..2026-02-01", "period_invalid", {}),
    ],
)
async def test_what_cannot_be_closed_changes_nothing(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    period: str,
    key: str,
    about: dict[str, str],
) -> None:
    """A refusal says why, and leaves the books and the documents as they were."""
    await close(hass)
    before, files = books(entry).commitments, on_disk(hass)

    with given.refused(key, **about):
        await close(hass, period)

    assert books(entry).commitments is before
    assert on_disk(hass) == files


@pytest.mark.freeze_time("2026-02-02 23:00:59+00:00")
async def test_the_last_interval_gets_its_grace(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """A period can be closed when its last reading has had a minute to come."""
    with given.refused("period_unfinished"):
        await close(hass)

    freezer.tick(1)
    assert (await close(hass))["status"] == "closed"


async def test_findings_are_accepted_by_name_or_block(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A period with gaps is closed only by somebody who names each gap."""
    period = "2026-01-31..2026-02-03"
    both = ["missing_data:house_1", "missing_data:house_2"]
    before = on_disk(hass)

    with given.refused("findings_block", period=period, findings=", ".join(both)):
        await close(hass, period)
    with given.refused("findings_block", findings="missing_data:house_2"):
        await close(hass, period, accept_findings=both[:1])
    with given.refused("findings_not_there", findings="no_tariff:house_1"):
        await close(hass, period, accept_findings=[*both, "no_tariff:house_1"])
    assert on_disk(hass) == before

    answer = await close(hass, period, accept_findings=both)

    assert books(entry).closed[0].accepted == tuple(both)
    for invoice in answer["invoices"]:
        (finding,) = invoice["findings"]
        assert finding["key"] == f"missing_data:{invoice['house_id']}"
        assert finding["intervals"] == 96


async def test_a_finding_that_does_not_block_may_be_named_too(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Whoever copies all names out of the preview is not sent back."""
    path = given.media(hass) / "gap.csv"
    path.write_text(
        "house,start,import_kwh,export_kwh,quality\n"
        "house_1,2026-02-01T00:00:00+01:00,1,1,interpolated\n"
        "house_2,2026-02-01T00:00:00+01:00,1,1,interpolated\n"
    )
    await given.call(hass, "import_readings", path=str(path))
    await given.measured(
        hass, "2026-02-01..2026-02-02", house_1="0.1/0", house_2="0.1/0"
    )
    keys = ["missing_data:house_1", "missing_data:house_2"]

    preview = await given.call(hass, "preview_period", period="2026-01-31..2026-02-03")
    names = [finding["key"] for finding in preview["findings"]]
    await close(hass, "2026-01-31..2026-02-03", accept_findings=names)

    assert books(entry).closed[0].accepted == tuple(keys)


async def test_a_community_without_a_media_folder_closes_nothing(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A period is not closed while there is nowhere to put its documents."""
    hass.config.media_dirs = {"nas": "/nas"}

    with given.refused("media_folder_missing"):
        await close(hass)

    assert books(entry).closed == ()


async def test_nothing_is_closed_while_home_assistant_stops(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Stopping promises to write later, which is too late for a bill."""
    hass.set_state(CoreState.stopping)

    with given.refused("books_not_written"):
        await close(hass)

    hass.set_state(CoreState.running)
    assert books(entry).closed == ()


# At the same time


async def test_two_calls_at_once_close_once(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The second call finds the period closed, and its numbers taken by the first."""
    first, second = await asyncio.gather(
        close(hass), close(hass), return_exceptions=True
    )

    assert first["status"] == "closed"
    assert second.translation_key == "period_closed"
    assert numbers(entry) == ["INV-2026-001", "INV-2026-002"]


async def test_two_periods_at_once_share_no_number(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Calls for different periods are worked off one after the other."""
    await asyncio.gather(
        close(hass, "2026-02-01..2026-02-02"), close(hass, "2026-02-02..2026-02-03")
    )

    assert numbers(entry) == [f"INV-2026-00{n}" for n in (1, 2, 3, 4)]


class SlowDisk:
    """Holds up the writing of a period's file until it is told to go on."""

    def __init__(self) -> None:
        """Begin by holding up."""
        self.reached = threading.Event()
        self.go_on = threading.Event()

    def write(self, path: Path, content: bytes) -> None:
        """Write when the time has come."""
        self.reached.set()
        assert self.go_on.wait(10)
        book_files.write_period(path, content)


async def while_closing(hass: HomeAssistant, disk: SlowDisk) -> asyncio.Task[Any]:
    """Return a closing that has come as far as the disk."""
    with patch.object(books_module, "write_period", disk.write):
        closing = hass.async_create_task(close(hass))
        assert await hass.async_add_executor_job(disk.reached.wait, 10)
    return closing


async def a_moment() -> None:
    """Let everything else come as far as it can without the disk."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_reload_waits_for_the_closing(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A community that is loaded anew knows what was being closed, and its papers."""
    disk = SlowDisk()
    closing = await while_closing(hass, disk)
    reloading = hass.async_create_task(hass.config_entries.async_reload(entry.entry_id))
    await a_moment()
    disk.go_on.set()
    await asyncio.gather(closing, reloading)

    assert numbers(entry) == ["INV-2026-001", "INV-2026-002"]
    assert len(documents(hass)) == 9


async def test_new_prices_wait_for_the_closing(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Prices cannot change between a settlement and its commit."""
    disk = SlowDisk()
    closing = await while_closing(hass, disk)
    changing = hass.async_create_task(
        hass.services.async_call(
            DOMAIN,
            "set_tariff",
            {"tariff": "Standard", "valid_from": "2026-02-01", **given.PRICES},
            blocking=True,
        )
    )
    await a_moment()
    disk.go_on.set()
    await closing

    with given.refused("tariff_version_used", period=TWO_DAYS):
        await changing


async def test_who_gives_up_waiting_does_not_interrupt(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """An automation that starts anew in the midst of closing breaks nothing."""
    disk = SlowDisk()
    closing = await while_closing(hass, disk)
    closing.cancel()
    await a_moment()
    again = hass.async_create_task(close(hass))
    disk.go_on.set()

    with pytest.raises(asyncio.CancelledError):
        await closing
    with given.refused("period_closed"):
        await again
    assert numbers(entry) == ["INV-2026-001", "INV-2026-002"]
    assert len(documents(hass)) == 9


# Interruptions


@pytest.mark.parametrize(
    "where",
    [
        "custom_components.leg_invoicing.closing.settle_period",
        "custom_components.leg_invoicing.closing.issue",
        "custom_components.leg_invoicing.books.write_period",
        "custom_components.leg_invoicing.books.Books._async_commit",
        "homeassistant.helpers.storage.Store.async_save",
    ],
)
async def test_before_the_commit_nothing_has_happened(
    hass: HomeAssistant, entry: MockConfigEntry, where: str
) -> None:
    """A closing that ends before the index is replaced can begin again."""
    index = Path(hass.config.path(STORAGE_DIR)) / INDEX
    before, written = books(entry).commitments, index.read_bytes()

    with patch(where, side_effect=RuntimeError("killed")), pytest.raises(RuntimeError):
        await close(hass)

    assert index.read_bytes() == written
    assert books(entry).commitments is before
    await hass.config_entries.async_reload(entry.entry_id)
    assert books(entry).commitments == before
    await close(hass)
    assert numbers(entry) == ["INV-2026-001", "INV-2026-002"]


async def test_the_remainder_of_an_attempt_is_overwritten(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """A period file without an index entry is replaced by the one that counts."""
    frozen = Path(hass.config.path(STORAGE_DIR)) / FROZEN
    with (
        patch.object(Books, "_async_commit", side_effect=RuntimeError("killed")),
        pytest.raises(RuntimeError),
    ):
        await close(hass)
    remainder = frozen.read_bytes()
    freezer.tick(3600)

    await close(hass)

    assert frozen.read_bytes() != remainder
    assert b"2026-02-03T12:07:00+01:00" in frozen.read_bytes()
    await hass.config_entries.async_reload(entry.entry_id)
    assert numbers(entry) == ["INV-2026-001", "INV-2026-002"]


@pytest.mark.parametrize("files_before_the_end", [0, 1, 4, 7, 8])
async def test_after_the_commit_the_documents_are_completed(
    hass: HomeAssistant, entry: MockConfigEntry, files_before_the_end: int
) -> None:
    """Whatever was interrupted behind the commit is made up for at the next start."""
    from custom_components.leg_invoicing import document_files

    original = document_files.replace_file
    left = iter(range(files_before_the_end))

    def killed(path: Path, chunks: Any) -> None:
        if next(left, None) is None:
            raise RuntimeError("killed")
        original(path, chunks)

    with (
        patch.object(document_files, "replace_file", killed),
        patch("custom_components.leg_invoicing.closing.async_keep_evidence"),
        pytest.raises(RuntimeError),
    ):
        await close(hass)
    assert len(documents(hass)) == files_before_the_end

    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert numbers(entry) == ["INV-2026-001", "INV-2026-002"]
    assert len(documents(hass)) == 9
    completed = on_disk(hass)
    for path in documents(hass):
        path.unlink()
    await given.call(hass, "render_documents", period=TWO_DAYS)
    assert on_disk(hass) == completed


async def test_documents_that_cannot_be_written_leave_the_period_closed(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A full media disk is a repair, and rendering again clears it."""
    events = async_capture_events(hass, EVENT_PERIOD_CLOSED)
    issue_id = "documents_missing_sonnenweg_2026-02-01_2026-02-03"
    issues = ir.async_get(hass)
    full = OSError(28, "No space left on device")

    with patch("tempfile.NamedTemporaryFile", side_effect=full):
        answer = await close(hass)
        assert answer["status"] == "closed"
        with given.refused("documents_failed", period=TWO_DAYS, reason=str(full)):
            await given.call(hass, "render_documents", period=TWO_DAYS)

    repair = issues.async_get_issue(DOMAIN, issue_id)
    assert repair is not None
    assert repair.translation_placeholders == {
        "period": TWO_DAYS,
        "reason": str(full),
    }
    assert len(events) == 1
    await given.call(hass, "render_documents", period=TWO_DAYS)
    assert issues.async_get_issue(DOMAIN, issue_id) is None
    assert len(documents(hass)) == 9


async def test_the_event_comes_whatever_becomes_of_the_documents(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A fault in a document hides from nobody that the period is closed."""
    events = async_capture_events(hass, EVENT_PERIOD_CLOSED)
    fault = patch(
        "custom_components.leg_invoicing.document_files.render_pdf",
        side_effect=ValueError("no such glyph"),
    )

    with fault, pytest.raises(ValueError, match="glyph"):
        await close(hass)

    assert [event.data["period_id"] for event in events] == [TWO_DAYS]


# What the world is told


async def test_the_event_names_the_invoices_and_who_caused_it(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """An automation learns what was closed, and in which context."""
    events = async_capture_events(hass, EVENT_PERIOD_CLOSED)
    context = Context()
    await hass.services.async_call(
        DOMAIN, "close_period", {"period": TWO_DAYS}, blocking=True, context=context
    )

    (event,) = events
    assert event.context is context
    assert event.data == {
        "config_entry_id": entry.entry_id,
        "period_id": TWO_DAYS,
        "invoices": ["INV-2026-001", "INV-2026-002"],
    }


async def test_what_houses_owe_is_shown_at_once(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The open amount counts what houses owe, not what they are owed."""
    await close(hass)
    await hass.async_block_till_done()

    assert entry.runtime_data.coordinator.data.open_amount.ct == 1440


async def test_what_is_frozen_is_all_that_was_known(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The period's file has the settlement, the terms and the invoices."""
    await close(hass)

    frozen = Path(hass.config.path(STORAGE_DIR)) / FROZEN
    issued = json.loads(frozen.read_text(), parse_float=Decimal)
    assert issued["period_id"] == TWO_DAYS
    assert issued["accepted"] == []
    assert issued["settlement"]["community"]["total_production_kwh"] == 48
    assert "Person 2" in issued["terms"]
    assert [i["recipient"]["name"] for i in issued["invoices"]] == [
        "Person 1",
        "Person 2",
    ]


# Changes of the terms


async def test_a_change_of_occupant_splits_the_bill(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Both occupants get an invoice for their days, and together the house's energy."""
    before = await given.call(hass, "preview_period", period=TWO_DAYS)
    await books(entry).async_change_occupant(
        "house_2", date(2026, 2, 2), Party(name="Anna"), "Standard"
    )

    answer = await close(hass)

    whole = before["statements"][1]
    parts = answer["invoices"][1:]
    assert [(i["participant"], i["from"], i["to"]) for i in parts] == [
        ("Person 2", "2026-02-01", "2026-02-02"),
        ("Anna", "2026-02-02", "2026-02-03"),
    ]
    for amount in ("energy_imported_kwh", "local_import_kwh", "import_cost_ct"):
        assert sum(i[amount] for i in parts) == pytest.approx(whole[amount])
    assert numbers(entry) == [f"INV-2026-00{n}" for n in (1, 2, 3)]


async def test_a_correction_leaves_issued_invoices_as_they_are(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Who was billed under a wrong name has it right from the next period on."""
    await close(hass, "2026-02-01..2026-02-02")
    before = on_disk(hass)
    await books(entry).async_correct_agreement(
        "house_2_1", Party(name="Anna"), "Standard"
    )

    issued = await given.call(hass, "get_invoices")
    answer = await close(hass, "2026-02-02..2026-02-03")

    assert [i["participant"] for i in issued["invoices"]] == ["Person 1", "Person 2"]
    assert [i["participant"] for i in answer["invoices"]] == ["Person 1", "Anna"]
    after = on_disk(hass)
    assert {p: c for p, c in before.items() if not p.endswith(".books")}.items() <= (
        after.items()
    )


@pytest.mark.freeze_time("2026-02-02 22:30:00+00:00")
async def test_registers_stand_on_the_invoice_where_they_are_known(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """An invoice shows the meter at those of its midnights that it was read at."""
    entry = given.community(hass, [given.house(hass, 1, ["import"])])
    given.show(hass, "house_1_import", "1000.5")
    await given.set_up(hass, entry)
    await given.measured(hass, "2026-02-02..2026-02-03", house_1="0.1/0")
    for time, kwh in ("22:45:00", "1000.6"), ("23:00:00", "1000.75"):
        freezer.move_to(f"2026-02-02 {time}+00:00")
        given.show(hass, "house_1_import", kwh)
    await hass.async_block_till_done()
    freezer.tick(60)

    answer = await close(hass, "2026-02-02..2026-02-03")

    assert answer["invoices"][0]["registers"] == {
        "import_start_kwh": None,
        "import_end_kwh": 1000.75,
        "export_start_kwh": None,
        "export_end_kwh": None,
        "meter_constant": 1,
        "changes": [],
    }
