"""What becomes of closed periods when their measurements change."""

import csv
from pathlib import Path
import shutil

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.const import GROUP_ID_ADMIN
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing import closed_periods
from custom_components.leg_invoicing.const import DOMAIN
from tests import given
from tests.playing import go

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-02-04 10:07:00+00:00"),
]

TWO_DAYS, NEXT_DAY = "2026-02-01..2026-02-03", "2026-02-03..2026-02-04"
CORRECT = {"house": "house_2", "reason": "The utility revised it"}
FIRST = {"start": "2026-02-01", "import_kwh": "4.3", **CORRECT}


@pytest.fixture
async def entry(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> MockConfigEntry:
    """Return a running community with a period that has just been closed."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    await given.measured(hass, TWO_DAYS, house_1="0.1/0.25", house_2="0.3/0")
    freezer.tick(60)
    await given.call(hass, "close_period", period=TWO_DAYS)
    freezer.tick(60)
    return entry


def told(hass: HomeAssistant) -> list[dict[str, str]]:
    """Return what the repairs about closed periods say."""
    return [
        issue.translation_placeholders or {}
        for issue in ir.async_get(hass).issues.values()
        if issue.translation_key == "closed_period_changed" and issue.active
    ]


async def test_utility_revises_data_after_the_bill(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The invoice stays; a repair says what would be different, by how much."""
    before = await given.call(hass, "get_invoices")
    assert told(hass) == []

    await given.call(hass, "correct_interval", **FIRST)
    await hass.async_block_till_done()

    # 4 kWh more at 25 ct.
    assert told(hass) == [
        {
            "community": "Sonnenweg",
            "period": TWO_DAYS,
            "houses": "House 2",
            "amount": "House 2 +1.00 CHF",
        }
    ]
    assert await given.call(hass, "get_invoices") == before
    answer = await given.call(hass, "check_period", period=TWO_DAYS)
    (change,) = answer["closed_period_changes"]
    assert change["key"] == "closed_period_changed:house_2"
    assert change["energy_kwh"] == 4
    assert change["details"] == {
        "period": TWO_DAYS,
        "billed": "14.40",
        "now": "15.40",
        "difference": "+1.00",
    }
    assert (answer["ready"], answer["reasons"]) == (False, ["period_closed"])


async def test_it_is_gone_with_the_difference(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """When the measurements are what was billed again, nothing is said any more."""
    await given.call(hass, "correct_interval", **FIRST)
    await given.call(hass, "correct_interval", **{**FIRST, "import_kwh": "0.3"})
    await hass.async_block_till_done()

    assert told(hass) == []


async def test_a_revised_file_is_told_too(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A file changes a closed period as a person does; several houses are named."""
    await given.measured(
        hass, "2026-02-02..2026-02-03", house_1="0/0.25", house_2="1/0"
    )
    await hass.async_block_till_done()

    assert told(hass)[0]["houses"] == "House 1, House 2"
    assert told(hass)[0]["amount"] == "House 1 -2.40 CHF, House 2 +16.80 CHF"


async def test_other_days_concern_no_closed_period(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A change outside of closed periods is nobody's business."""
    await given.measured(hass, NEXT_DAY, house_1="0/0.25", house_2="1/0")
    await hass.async_block_till_done()

    assert told(hass) == []


async def test_it_is_known_after_a_restart(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What was changed after closing is compared again when it starts."""
    await given.call(hass, "correct_interval", **FIRST)
    await hass.async_block_till_done()

    assert await hass.config_entries.async_unload(entry.entry_id)
    assert told(hass) == []
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert len(told(hass)) == 1


async def test_accepted_gaps_may_be_filled_by_a_meter(
    hass: HomeAssistant, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A period that was closed with gaps is compared whenever it starts."""
    accept = ["missing_data:house_1", "missing_data:house_2"]
    await given.call(hass, "close_period", period=NEXT_DAY, accept_findings=accept)
    compared = []
    original = closed_periods._changes
    monkeypatch.setattr(
        closed_periods,
        "_changes",
        lambda *args: compared.append(args[1].period_id) or original(*args),
    )

    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert compared == [NEXT_DAY]


async def test_terms_are_those_that_were_frozen(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Another model of today changes nothing about a period that was billed."""
    hass.config_entries.async_update_entry(entry, data={**entry.data, "model": "split"})
    await hass.async_block_till_done()

    await given.call(hass, "correct_interval", **FIRST)
    await hass.async_block_till_done()

    assert told(hass)[0]["amount"] == "House 2 +1.00 CHF"


async def test_a_failure_is_logged_and_leaves_the_rest(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What cannot be compared is logged; measuring goes on."""

    def fail(*_: object) -> None:
        raise ValueError("broken")

    monkeypatch.setattr(closed_periods, "_changes", fail)

    await given.call(hass, "correct_interval", **FIRST)
    await hass.async_block_till_done()

    assert told(hass) == []
    assert "not compared" in caplog.text


async def test_lost_evidence_is_what_was_billed(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Intervals that are written again are those of the invoice, not later ones."""
    answer = await given.call(hass, "get_period", period=TWO_DAYS)
    folder = next((given.media(hass) / DOMAIN).glob("*/2026-02-01_2026-02-03"))
    billed = (folder / "intervals.csv").read_bytes()
    for kwh in ("4.3", "5"):
        await given.call(hass, "correct_interval", **{**FIRST, "import_kwh": kwh})
        freezer.tick(60)
    shutil.rmtree(folder)

    await given.call(hass, "render_documents", period=TWO_DAYS)

    assert (folder / "intervals.csv").read_bytes() == billed
    assert answer["status"] == "closed"


# The audit


async def test_who_changed_what(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Every change is told with author, reason and extent, as a file too."""
    user = await hass.auth.async_create_user("Anna", group_ids=[GROUP_ID_ADMIN])
    for user_id, kwh in ((user.id, "1"), (None, "2")):
        await hass.services.async_call(
            DOMAIN,
            "correct_interval",
            {**FIRST, "import_kwh": kwh},
            blocking=True,
            context=Context(user_id=user_id),
        )

    answer = await given.call(hass, "get_audit", csv=True)

    entries = answer["entries"]
    assert [(e["action"], e["user"], e["changed"]) for e in entries] == [
        ("correct_interval", "automation", 1),
        ("correct_interval", "Anna", 1),
        ("import_readings", "automation", 384),
    ]
    assert entries[0] == {
        "at": "2026-02-04T10:09:00Z",
        "user_id": None,
        "user": "automation",
        "source": "hand",
        "action": "correct_interval",
        "reason": "The utility revised it",
        "houses": ["house_2"],
        "house_names": ["House 2"],
        "changed": 1,
        "from": "2026-01-31T23:00:00Z",
        "to": "2026-01-31T23:15:00Z",
    }
    text = Path(answer["path"]).read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert [(r["user"], r["houses"]) for r in rows] == [
        ("automation", "house_2"),
        ("Anna", "house_2"),
        ("automation", "house_1; house_2"),
    ]


async def test_changes_of_a_time_and_of_a_house(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Changes are found by when they were made and whom they concern."""
    await given.call(hass, "correct_interval", **FIRST)

    async def found(**data: str) -> list[str]:
        answer = await given.call(hass, "get_audit", **data)
        return [e["action"] for e in answer["entries"]]

    assert await found(house="House 1") == ["import_readings"]
    assert await found(house="house_2") == ["correct_interval", "import_readings"]
    assert await found(**{"from": "2026-02-04 11:08:30"}) == ["correct_interval"]
    assert await found(to="2026-02-04") == []
    with given.refused("house_unknown", house="House 9"):
        await found(house="House 9")


async def test_a_file_that_cannot_be_written(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A full disk is told."""
    (given.media(hass) / DOMAIN / given.COMMUNITY / "audit.csv").mkdir()

    with given.refused("file_not_written"):
        await given.call(hass, "get_audit", csv=True)


async def test_late_meters_are_compared_too(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """A meter that comes back after the bill is told like anybody else."""
    entry = given.community(hass, [given.house(hass, 2, ["import"])])
    freezer.move_to("2026-02-03 22:00:00+00:00")
    await given.set_up(hass, entry)
    await go(hass, freezer, "2026-02-03 22:00:00", house_2_import=100)
    await go(hass, freezer, "2026-02-03 22:15:00", house_2_import=101)
    await go(hass, freezer, "2026-02-03 22:16:00", house_2_import="unavailable")
    await go(hass, freezer, "2026-02-03 23:02:00")
    accept = ["missing_data:house_2"]
    await given.call(hass, "close_period", period=NEXT_DAY, accept_findings=accept)

    await go(hass, freezer, "2026-02-03 23:30:00", house_2_import=106)
    await go(hass, freezer, "2026-02-03 23:32:00", house_2_import=106)

    assert told(hass)[0]["amount"] == "House 2 +0.75 CHF"
