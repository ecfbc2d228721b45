"""Nothing changes while Home Assistant is being backed up."""

import asyncio
from pathlib import Path
from unittest.mock import patch

from homeassistant.components.backup import DATA_MANAGER
from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing.backup import async_post_backup, async_pre_backup
from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.const import DOMAIN
from custom_components.leg_invoicing.ledger import Ledger, Origin, Source, Written
from tests import given
from tests.playing import MEASURED, instant

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-02-03 10:07:00+00:00"),
]

NOON = instant("2026-02-02 12:00")


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a community of two houses that runs."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    return entry


def write(entry: MockConfigEntry, imported: int) -> asyncio.Task[Written]:
    """Begin to write an interval."""
    ledger: Ledger = entry.runtime_data.ledger
    row = IntervalRow("house_1", NOON, imported, 0, MEASURED)
    origin = Origin(source=Source.LIVE, at=NOON)
    return asyncio.ensure_future(ledger.async_run(ledger.write, [row], origin))


async def test_backup_waits_and_is_waited_for(
    hass: HomeAssistant, entry: MockConfigEntry, tmp_path: Path
) -> None:
    """What was begun is in the copied file; what comes after waits, and is written."""
    assert await async_setup_component(hass, "backup", {})
    await hass.async_block_till_done()
    before = write(entry, 1)

    await hass.data[DATA_MANAGER].async_pre_backup_actions()
    after = write(entry, 2)
    closing = asyncio.ensure_future(entry.runtime_data.books.changing.acquire())

    assert (await before).changed == 1
    copied = await hass.async_add_executor_job(copy, hass, tmp_path)
    assert not after.done()
    assert not closing.done()
    await hass.data[DATA_MANAGER].async_post_backup_actions()

    assert (await after).changed == 1
    assert await closing
    entry.runtime_data.books.changing.release()
    assert [row.imported for row in copied] == [1]


def copy(hass: HomeAssistant, folder: Path) -> list[IntervalRow]:
    """Copy the ledger's files one after the other, and read the copy."""
    files = sorted(Path(hass.config.path(STORAGE_DIR)).glob(f"{DOMAIN}.*.db*"))
    for file in files:
        (folder / file.name).write_bytes(file.read_bytes())
    ledger = Ledger.open(folder / files[0].name)
    bounds = ledger.bounds()
    assert bounds is not None
    rows = list(ledger.rows(bounds))
    ledger.close()
    return rows


async def test_backup_that_was_not_announced_ends(hass: HomeAssistant) -> None:
    """Without anything held there is nothing to let go."""
    await async_post_backup(hass)


async def test_backup_that_cannot_begin_holds_nothing(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Where one community cannot be held, all of them go on."""
    other = given.community(hass, community_id="other")
    await given.set_up(hass, other)
    hold = Ledger.async_hold
    # The first one is held already.
    attempts = [await hold(entry.runtime_data.ledger), RuntimeError]

    with (
        patch.object(Ledger, "async_hold", side_effect=attempts),
        pytest.raises(RuntimeError),
    ):
        await async_pre_backup(hass)

    assert not any(e.runtime_data.books.changing.locked() for e in (entry, other))
    assert (await write(entry, 1)).changed == 1
