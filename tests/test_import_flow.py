"""Bringing a file in through the options."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from sqlalchemy.exc import OperationalError

from custom_components.leg_invoicing import import_flow
from custom_components.leg_invoicing.billing.allocation import OfficialUse
from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.ledger import Ledger, MeteringPoint
from custom_components.leg_invoicing.runtime import terms_now
from tests import given
from tests.forms import Form, choose, close, fill, refused, shown
from tests.meter_files import FILES, POINT, grid_file, sdat_file, starts, zipped

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-11-03 10:07:00+00:00"),
]

UPLOADED = "0123456789abcdef0123456789abcdef"

type Upload = Callable[..., Any]


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a community that runs."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    return entry


@pytest.fixture
def kept() -> Iterator[list[Any]]:
    """Return the files that a flow has taken over, which are closed at the end."""
    files: list[Any] = []
    temporary = import_flow.TemporaryFile

    def note() -> Any:
        files.append(temporary())
        return files[-1]

    with patch.object(import_flow, "TemporaryFile", note):
        yield files
    assert all(file.closed for file in files)


@pytest.fixture
def upload(
    hass: HomeAssistant, entry: MockConfigEntry, tmp_path: Path, kept: list[Any]
) -> Upload:
    """Return a function that uploads a file into the first form."""

    async def run(content: bytes | None, name: str = "a.txt", **answers: str) -> Form:
        path = tmp_path / name

        @contextmanager
        def uploaded(_: HomeAssistant, file_id: str) -> Iterator[Path]:
            assert file_id == UPLOADED
            if content is None:
                raise ValueError("File does not exist")
            path.write_bytes(content)
            yield path
            path.unlink()

        menu = await hass.config_entries.options.async_init(entry.entry_id)
        form = await choose(hass.config_entries.options, menu, "import")
        with patch.object(import_flow, "process_uploaded_file", uploaded):
            form = await fill(
                hass.config_entries.options, form, {"file": UPLOADED, **answers}
            )
        assert not path.exists()
        await hass.async_block_till_done()
        return form

    return run


async def go_on(hass: HomeAssistant, form: Form, **answers: Any) -> Form:
    """Submit a form."""
    return await fill(hass.config_entries.options, form, answers)


def ledger(entry: MockConfigEntry) -> Ledger:
    """Return the ledger that is open now."""
    found: Ledger = entry.runtime_data.ledger
    return found


def measured(entry: MockConfigEntry) -> set[tuple[str, int | None, int | None]]:
    """Return what the ledger holds, whatever the interval."""
    found = ledger(entry).rows(Span(0, 2**40))
    return {(row.house_id, row.imported, row.exported) for row in found}


async def test_from_a_file_to_the_ledger(
    hass: HomeAssistant, entry: MockConfigEntry, upload: Upload, kept: list[Any]
) -> None:
    """Unknown points are asked for, what would change is shown, and then it does."""
    close(entry, "2026-10")
    content = sdat_file(community="0.1").replace(b"KWH", b"KWH")

    points = await upload(content)
    assert (points["step_id"], shown(points)) == ("points", {POINT: None})
    assert all(file.closed for file in kept)
    preview = await go_on(hass, points, **{POINT: "house_2"})
    assert preview["step_id"] == "preview"
    assert preview["description_placeholders"] == {
        "file": "a.txt",
        "format": "sdat",
        "intervals": "100",
        "first": "2026-10-25 00:00+02:00",
        "last": "2026-10-25 23:45+01:00",
        "houses": "House 2",
        "gaps": "–",
        "new": "100",
        "replaced": "0",
        "kept": "0",
        "closed": "\n- 2026-10: 100",
        "ignored": "–",
        "left_out": "–",
    }
    assert measured(entry) == set()
    summary = await go_on(hass, preview)
    end = await go_on(hass, summary)

    assert summary["step_id"] == "imported"
    about = summary["description_placeholders"]
    assert (about["changed"], about["allotted"]) == ("100", "100")
    assert end["type"] is FlowResultType.CREATE_ENTRY
    assert measured(entry) == {("house_2", 250_000, 0)}


async def test_known_points_are_not_asked_for(
    hass: HomeAssistant, entry: MockConfigEntry, upload: Upload
) -> None:
    """The second file of a point goes straight to the preview."""
    preview = await go_on(hass, await upload(sdat_file()), **{POINT: "house_1"})
    await go_on(hass, preview)

    again = await upload(sdat_file())

    assert again["step_id"] == "preview"
    assert again["description_placeholders"]["kept"] == "100"


async def test_points_may_be_left_out(
    hass: HomeAssistant, entry: MockConfigEntry, upload: Upload
) -> None:
    """What is nobody's here is shown, and not imported."""
    reactive = sdat_file(point="CH3").replace(b"KWH", b"KVR")
    content = zipped(
        a=sdat_file(),
        b=sdat_file(point="CH2"),
        **{f"c{i}": reactive for i in range(13)},
    )

    points = await upload(content)
    preview = await go_on(hass, points, **{POINT: "ignore", "CH2": "house_1"})
    await go_on(hass, preview)

    about = preview["description_placeholders"]
    assert about["ignored"] == POINT
    assert about["left_out"].endswith("- CH3 import KVR: KVR is no energy\n- … (+1)")
    assert measured(entry) == {("house_1", 250_000, None)}


async def test_points_stay_left_out(
    hass: HomeAssistant, entry: MockConfigEntry, upload: Upload
) -> None:
    """Nobody is asked twice about what is nobody's here, and it is shown as that."""
    content = zipped(a=sdat_file(), b=sdat_file(point="CH2"))
    points = await upload(content)
    await go_on(hass, await go_on(hass, points, **{POINT: "ignore", "CH2": "house_1"}))
    await hass.async_block_till_done()

    assert entry.options["ignored_points"] == [POINT]
    preview = await upload(content)
    assert preview["step_id"] == "preview"
    assert preview["description_placeholders"]["ignored"] == POINT


async def test_points_that_were_left_out_can_be_mapped(
    hass: HomeAssistant, entry: MockConfigEntry, upload: Upload
) -> None:
    """The form of metering points knows them, and an import takes them then."""
    points = await upload(sdat_file())
    await go_on(hass, await go_on(hass, points, **{POINT: "ignore"}))
    await hass.async_block_till_done()

    form = await begin(hass, entry, "metering_points")
    assert shown(form) == {POINT: "ignore"}
    await go_on(hass, form, **{POINT: "house_2"})
    await hass.async_block_till_done()

    assert entry.options["ignored_points"] == []
    assert ledger(entry).points() == {POINT: MeteringPoint("house_2")}
    await go_on(hass, await upload(sdat_file()))
    assert measured(entry) == {("house_2", 250_000, 0)}


async def test_how_a_load_profile_is_read_is_shown(
    hass: HomeAssistant, entry: MockConfigEntry, upload: Upload
) -> None:
    """What is proposed can be put right before anything is read by it."""
    columns = ("Bezug (kWh)", "Einspeisung (kWh)", "Wert")

    form = await upload(grid_file(columns))
    assert shown(form) == {
        "import_columns": ["2", "4"],
        "export_columns": ["3"],
        "point_column": None,
        "unit": "kWh",
        "decimal": "comma",
        "timezone": "Europe/Zurich",
        "stamp": "start",
    }
    assert form["description_placeholders"]["columns"] == " | ".join(("Zeit", *columns))
    proposed = {**shown(form), "import_columns": ["2"], "stamp": "end", "unit": "Wh"}
    del proposed["point_column"]
    none = await go_on(
        hass, form, **proposed | {"import_columns": [], "export_columns": []}
    )
    assert refused(none, "import_columns", "column_needed")
    both = await go_on(hass, none, **proposed | {"import_columns": ["3"]})
    assert refused(both, "export_columns", "column_twice", column="Einspeisung (kWh)")
    wrong = await go_on(hass, both, **proposed | {"decimal": "point"})
    assert refused(wrong, "base", "file_broken", line="2")
    points = await go_on(hass, wrong, **proposed)
    preview = await go_on(hass, points, **{"1": "house_1"})
    await go_on(hass, preview)

    assert measured(entry) == {("house_1", 250, 250)}
    (first, *_) = ledger(entry).rows(Span(0, 2**40))
    assert first.start == starts()[0] - 900


async def test_a_column_may_name_the_points(
    hass: HomeAssistant, entry: MockConfigEntry, upload: Upload
) -> None:
    """Then each row says whose energy it has."""
    content = b"Zeit;Wer;Bezug (kWh)\n25.10.2026 00:00;A;1\n25.10.2026 00:00;B;2\n"

    form = await upload(content)
    answers = {k: v for k, v in shown(form).items() if v is not None}
    points = await go_on(hass, form, **answers | {"point_column": "2"})

    assert shown(points) == {"A": None, "B": None}


async def test_load_profiles_of_one_kind_at_a_time(upload: Upload) -> None:
    """One form cannot say how files with different columns are read."""
    end = await upload(zipped(a=grid_file(), b=grid_file(("Einspeisung (kWh)",))))

    assert (end["type"], end["reason"]) == (FlowResultType.ABORT, "layouts_differ")


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (None, "upload_lost"),
        (b"Dear Sir or Madam", "file_broken"),
        (zipped(), "file_broken"),
    ],
)
async def test_what_cannot_be_read_may_be_uploaded_again(
    upload: Upload, content: bytes | None, key: str
) -> None:
    """The form says what is wrong."""
    assert refused(await upload(content), "base", key)


async def test_a_file_may_hold_nothing(upload: Upload) -> None:
    """Then there is nothing to import, and that is what is shown."""
    preview = await upload(b"house,start,import_kwh,export_kwh\n")

    about = preview["description_placeholders"]
    assert (about["intervals"], about["first"], about["houses"]) == ("0", "–", "–")


async def test_the_format_may_be_said(upload: Upload) -> None:
    """It is then not looked for."""
    form = await upload(FILES["own_csv"](), format="nem12")

    assert refused(form, "base", "file_broken", line="1")


async def test_houses_that_clash_end_the_flow(
    hass: HomeAssistant, upload: Upload
) -> None:
    """What does not add up is not imported."""
    points = await upload(zipped(a=FILES["own_csv"](), b=sdat_file(point="CH2")))

    end = await go_on(hass, points, **{POINT: "house_1", "CH2": "house_1"})

    assert (end["type"], end["reason"]) == (FlowResultType.ABORT, "files_clash")


async def test_a_flow_that_is_abandoned_lets_go_of_the_file(
    hass: HomeAssistant, upload: Upload, kept: list[Any]
) -> None:
    """A load profile that waits for an answer is not kept for ever."""
    form = await upload(grid_file())
    (file,) = kept
    assert not file.closed

    hass.config_entries.options.async_abort(form["flow_id"])
    await hass.async_block_till_done()

    assert file.closed


async def test_a_ledger_that_cannot_be_written(
    hass: HomeAssistant, entry: MockConfigEntry, upload: Upload
) -> None:
    """The preview says so, and trying again is possible."""
    preview = await go_on(hass, await upload(sdat_file()), **{POINT: "house_1"})

    error = OperationalError("", None, OSError())
    with patch.object(ledger(entry), "write", side_effect=error):
        again = await go_on(hass, preview)
    assert again["errors"] == {"base": "ledger_not_written"}
    summary = await go_on(hass, again)

    assert summary["step_id"] == "imported"


# Metering points, and who allocates


async def begin(hass: HomeAssistant, entry: MockConfigEntry, step_id: str) -> Form:
    """Choose from the menu."""
    menu = await hass.config_entries.options.async_init(entry.entry_id)
    return await hass.config_entries.options.async_configure(
        menu["flow_id"], {"next_step_id": step_id}
    )


async def test_metering_points_can_be_put_right(
    hass: HomeAssistant, entry: MockConfigEntry, upload: Upload
) -> None:
    """A point may be another house from now on, or be forgotten; who did it is kept."""
    content = zipped(a=sdat_file(), b=sdat_file(point="CH2"))
    points = {POINT: "house_1", "CH2": "house_2"}
    await go_on(hass, await go_on(hass, await upload(content), **points))

    form = await begin(hass, entry, "metering_points")
    assert shown(form) == points
    error = OperationalError("", None, OSError())
    changed = {POINT: "house_2", "CH2": "ignore"}
    with patch.object(ledger(entry), "write", side_effect=error):
        form = await go_on(hass, form, **changed)
    assert form["errors"] == {"base": "ledger_not_written"}
    await go_on(hass, form, **changed)
    await go_on(hass, await begin(hass, entry, "metering_points"), **{POINT: "house_2"})

    assert {p: one.house_id for p, one in ledger(entry).points().items()} == {
        POINT: "house_2"
    }
    revision, *_ = ledger(entry).revisions(Span(0, 2**40))
    assert (revision.action, revision.reason) == (
        "metering_points",
        f"{POINT}, CH2",
    )


async def test_no_metering_points(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """There is nothing to show yet."""
    end = await begin(hass, entry, "metering_points")

    assert (end["type"], end["reason"]) == (FlowResultType.ABORT, "no_points")


async def test_official_allocations_may_be_billed(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Ours are, until the community says otherwise."""
    form = await begin(hass, entry, "allocation")
    assert shown(form) == {"official_allocation": "audit"}

    await go_on(hass, form, official_allocation="bill")
    await hass.async_block_till_done()

    assert terms_now(entry).community.official_allocation is OfficialUse.BILL
    assert entry.options["payment_term_days"] == 30
