"""The files in the media folder: what they are, and that they stay what they are."""

import asyncio
import csv
from decimal import Decimal
import io
import json
from pathlib import Path
import stat
from threading import Lock
from time import sleep
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import STORAGE_DIR
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from reportlab.pdfbase.ttfonts import TTFontFile
import yaml

from custom_components.leg_invoicing import document_files
from custom_components.leg_invoicing.billing.calendar import parse_period
from custom_components.leg_invoicing.billing.measurements import (
    IntervalRow,
    IntervalSlice,
    Measurements,
)
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.terms_record import terms_from_record
from custom_components.leg_invoicing.const import DOMAIN
from custom_components.leg_invoicing.document_files import (
    async_write_missing,
    media_folder,
)
from custom_components.leg_invoicing.formats import own_csv
from tests import given

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-02-03 10:07:00+00:00"),
]

FIRST, SECOND = "2026-02-01..2026-02-02", "2026-02-02..2026-02-03"
NAMES = [
    "INV-2026-001_house_1.csv",
    "INV-2026-001_house_1.json",
    "INV-2026-001_house_1.pdf",
    "INV-2026-002_house_2.csv",
    "INV-2026-002_house_2.json",
    "INV-2026-002_house_2.pdf",
    "intervals.csv",
    "period.csv",
    "terms.yaml",
]


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a running community, measured on two days that are over."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    await given.measured(hass, FIRST, house_1="0.1/0.25", house_2="0.3/0")
    await given.measured(hass, SECOND, house_1="0.2/0.125", house_2="0.1/0")
    return entry


async def close(hass: HomeAssistant, period: str) -> Path:
    """Close a period; return the folder with its documents."""
    answer = await given.call(hass, "close_period", period=period)
    return Path(answer["folder"])


async def render(hass: HomeAssistant, period: str) -> list[str]:
    """Write a period's documents again; return their paths."""
    answer = await given.call(hass, "render_documents", period=period)
    paths: list[str] = answer["documents"]
    return paths


def files(folder: Path) -> dict[str, bytes]:
    """Return the files in a folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def table(content: bytes) -> list[dict[str, str]]:
    """Read a CSV file."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


async def test_every_invoice_has_its_files(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A period's folder holds what was issued, readable for whoever may log in."""
    folder = await close(hass, FIRST)

    assert folder == (
        given.media(hass) / DOMAIN / given.COMMUNITY / "2026-02-01_2026-02-02"
    )
    assert list(files(folder)) == NAMES
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o644


async def test_the_files_say_what_the_action_says(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """JSON, CSV and PDF hold the amounts of the answer, exactly."""
    folder = await close(hass, FIRST)
    answer = await given.call(hass, "get_invoices", period=FIRST)
    (invoice, other) = answer["invoices"]

    written = files(folder)
    assert json.loads(written[NAMES[1]]) == invoice
    lines = table(written[NAMES[0]])
    assert sum(Decimal(line["amount_ct"]) for line in lines) == invoice["total_ct"]
    assert [
        (row["invoice_id"], row["house_id"], Decimal(row["total_ct"]))
        for row in table(written["period.csv"])
    ] == [(i["invoice_id"], i["house_id"], i["total_ct"]) for i in (invoice, other)]
    assert written[NAMES[2]].startswith(b"%PDF-")


async def test_writing_again_gives_the_same_bytes(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Documents that were changed or deleted come back as they were."""
    folder = await close(hass, FIRST)
    before = files(folder)
    (folder / NAMES[2]).unlink()
    (folder / NAMES[0]).write_text("scribbled")
    (folder / "terms.yaml").unlink()

    paths = await render(hass, FIRST)

    assert files(folder) == before
    assert sorted(paths) == [str(folder / name) for name in NAMES]


async def test_documents_stay_what_they_were_when_the_terms_change(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A new name of the community, or another issuer, changes no old document."""
    folder = await close(hass, FIRST)
    before = files(folder)
    hass.config_entries.async_update_entry(
        entry,
        title="Mondweg",
        options=entry.options | {"payment_term_days": 5},
    )
    await hass.async_block_till_done()

    await render(hass, FIRST)

    assert files(folder) == before


def measurements(content: bytes) -> Measurements:
    """Read the evidence as what a settlement takes."""
    rows: dict[int, dict[str, IntervalRow]] = {}
    for _, row in own_csv.read(content.splitlines(keepends=True), 15):
        rows.setdefault(row.start, {})[row.house_id] = row
    houses = ("house_1", "house_2")
    return Measurements(
        houses,
        [
            IntervalSlice(
                start,
                [of[house].imported for house in houses],
                [of[house].exported for house in houses],
                [of[house].quality for house in houses],
            )
            for start, of in sorted(rows.items())
        ],
    )


async def test_anyone_can_compute_the_invoices_again(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The intervals and the terms in the folder give the totals of the invoices."""
    folder = await close(hass, FIRST)
    written = files(folder)
    record = yaml.load(written["terms.yaml"], Loader=yaml.BaseLoader)  # noqa: S506
    terms = terms_from_record(record)
    span = parse_period(FIRST).span(terms.community.zone)

    settlement = settle(terms, span, measurements(written["intervals.csv"]))

    answer = await given.call(hass, "get_invoices")
    assert [statement.total.ct for statement in settlement.statements] == [
        invoice["total_ct"] for invoice in answer["invoices"]
    ]


async def test_evidence_is_what_was_billed(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Data that arrive after the closing are not passed off as billed."""
    folder = media_folder(hass) / DOMAIN / given.COMMUNITY / "2026-01-31_2026-02-02"
    keys = ["missing_data:house_1", "missing_data:house_2"]
    # The process ends right behind the commit; the rest is made up for later.
    with (
        patch(
            "custom_components.leg_invoicing.closing.async_write_documents",
            side_effect=RuntimeError("killed"),
        ),
        pytest.raises(RuntimeError, match="killed"),
    ):
        await given.call(
            hass,
            "close_period",
            period="2026-01-31..2026-02-02",
            accept_findings=keys,
        )
    billed = (folder / "intervals.csv").read_bytes()
    late = given.interval_file(
        given.media(hass), "2026-01-31..2026-02-01", {"house_1": ("7", "7")}
    )
    await given.call(hass, "import_readings", path=str(late))

    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert (folder / "terms.yaml").exists()
    assert (folder / "intervals.csv").read_bytes() == billed
    assert len(table(billed)) == 2 * 96


async def test_a_remainder_is_no_evidence(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Evidence of an attempt that was not committed gives way to what is billed."""
    with (
        patch(
            "custom_components.leg_invoicing.books.write_period",
            side_effect=RuntimeError("killed"),
        ),
        pytest.raises(RuntimeError, match="killed"),
    ):
        await close(hass, FIRST)
    folder = media_folder(hass) / DOMAIN / given.COMMUNITY / "2026-02-01_2026-02-02"
    (folder / "intervals.csv").write_text("from another time")

    await close(hass, FIRST)

    assert len(table(files(folder)["intervals.csv"])) == 2 * 96


async def test_an_import_waits_for_the_closing(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What is billed and what is kept as evidence are of one moment."""
    late = given.interval_file(given.media(hass), FIRST, {"house_2": ("5", "0")})
    await asyncio.gather(
        close(hass, FIRST), given.call(hass, "import_readings", path=str(late))
    )

    answer = await given.call(hass, "get_invoices")
    folder = media_folder(hass) / DOMAIN / given.COMMUNITY / "2026-02-01_2026-02-02"
    evidence = table(files(folder)["intervals.csv"])
    assert answer["invoices"][1]["energy_imported_kwh"] == pytest.approx(
        float(
            sum(Decimal(r["import_kwh"]) for r in evidence if r["house"] == "house_2")
        )
    )


async def test_an_open_period_has_no_documents(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Documents of a period that was not closed are refused."""
    with given.refused("period_not_found", period=FIRST):
        await render(hass, FIRST)


async def test_nothing_half_written_is_left(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A document that could not be completed leaves no remainder beside it."""
    folder = await close(hass, FIRST)
    before = files(folder)

    with (
        patch("os.fsync", side_effect=OSError(28, "No space left on device")),
        given.refused("documents_failed"),
    ):
        await render(hass, FIRST)

    assert files(folder) == before


async def test_a_start_completes_what_is_missing(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """One period whose documents fail does not keep another from its own."""
    first, second = await close(hass, FIRST), await close(hass, SECOND)
    before = files(second)
    for folder in (first, second):
        (folder / "terms.yaml").unlink()
    # Nothing can be written where a file stands in place of the folder.
    for path in first.iterdir():
        path.unlink()
    first.rmdir()
    first.write_text("in the way")

    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert files(second) == before
    issues = ir.async_get(hass)
    issue_id = f"documents_missing_{given.COMMUNITY}_{first.name}"
    assert issues.async_get_issue(DOMAIN, issue_id) is not None

    first.unlink()
    await render(hass, FIRST)
    assert issues.async_get_issue(DOMAIN, issue_id) is None


async def test_a_start_leaves_complete_folders_alone(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Documents that are there are not written at every start."""
    folder = await close(hass, FIRST)
    before = (folder / "terms.yaml").stat().st_ino

    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert (folder / "terms.yaml").stat().st_ino == before


async def test_a_start_without_a_media_folder_goes_on(
    hass: HomeAssistant, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    """A community runs without its documents, and the log says which are missing."""
    await close(hass, FIRST)
    hass.config.media_dirs = {}

    await async_write_missing(hass, entry)

    assert f"Sonnenweg: no documents for {FIRST}" in caplog.text
    with given.refused("media_folder_missing"):
        media_folder(hass)


async def test_a_damaged_period_gets_no_documents(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What is not what was issued is not printed."""
    folder = await close(hass, FIRST)
    before = files(folder)
    name = f"{DOMAIN}.{given.COMMUNITY}.period.2026-02-01_2026-02-02"
    frozen = Path(hass.config.path(STORAGE_DIR)) / name
    frozen.write_bytes(frozen.read_bytes().replace(b"Person 1", b"Person 7"))

    with given.refused("books_damaged", path=str(frozen)):
        await render(hass, FIRST)

    assert files(folder) == before


async def test_documents_are_made_one_at_a_time(
    hass: HomeAssistant, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The typeface remembers where it is read, and all documents share it."""
    folders = [await close(hass, FIRST), await close(hass, SECOND)]
    before = [files(folder) for folder in folders]
    embed, reading, clashes = TTFontFile.makeSubset, Lock(), []

    def slowly(face: TTFontFile, letters: list[int]) -> bytes:
        is_free = reading.acquire(blocking=False)
        clashes.append(not is_free)
        sleep(0.005)
        try:
            subset: bytes = embed(face, letters)
            return subset
        finally:
            if is_free:
                reading.release()

    monkeypatch.setattr(TTFontFile, "makeSubset", slowly)
    await asyncio.gather(render(hass, FIRST), render(hass, SECOND))

    assert len(clashes) >= 4
    assert not any(clashes)
    assert [files(folder) for folder in folders] == before


def test_a_file_is_replaced_at_once_or_not_at_all(tmp_path: Path) -> None:
    """Whoever reads a document during the writing sees the old one."""
    path = tmp_path / "documents" / "document"
    path.parent.mkdir()
    path.write_text("old")

    def chunks() -> list[bytes]:
        assert path.read_text() == "old"
        return [b"new"]

    document_files.replace_file(path, (chunk for chunk in chunks()))

    assert path.read_text() == "new"
    assert list(path.parent.iterdir()) == [path]
