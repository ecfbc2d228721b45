"""Bringing in a file of signals through the options."""

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.forms import close, fill, refused, shown
from tests.test_import_flow import Upload, kept, upload
from tests.test_signal_imports import HEADER, NINE, NINE_15, bring_in
from tests.test_signals import PRICE, entry, recorded, spot

__all__ = ["entry", "kept", "spot", "upload"]

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-02-03 09:58:00+00:00"),
]


def content(*lines: str) -> bytes:
    """Return a file of lines."""
    return "\n".join((HEADER, *lines)).encode()


@pytest.mark.parametrize(("answer", "stands"), [(True, "0.5"), (False, "0.4")])
async def test_from_a_file_of_signals_to_the_ledger(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    upload: Upload,
    answer: bool,
    stands: str,
) -> None:
    """The file is known by its columns; what stands is replaced if somebody says so."""
    await bring_in(hass, f"{NINE},0.4")

    form = await upload(content(f"{NINE},0.5", f"{NINE_15},0.6"))

    assert (form["step_id"], shown(form)) == ("signals", {"replace": False})
    assert form["description_placeholders"] == {
        "file": "a.txt",
        "count": "2",
        "signals": PRICE,
        "first": "2026-02-03 10:00+01:00",
        "last": "2026-02-03 10:15+01:00",
        "new": "1",
        "replaced": "1",
        "kept": "0",
        "closed": "–",
    }
    end = await fill(hass.config_entries.options, form, {"replace": answer})
    assert end["type"] is FlowResultType.CREATE_ENTRY
    assert await recorded(hass, entry) == {"09:00": stands, "09:15": "0.6"}


async def test_a_broken_file_of_signals(
    hass: HomeAssistant, entry: MockConfigEntry, upload: Upload
) -> None:
    """What is wrong is told where the file is chosen, and another one can be."""
    form = await upload(content("sensor.other,2026-02-03T09:00:00Z,1"))

    assert refused(form, "base", "signal_unknown", line="2", signal="sensor.other")
    assert form["step_id"] == "import"
    empty = await upload(content())
    assert empty["description_placeholders"]["count"] == "0"
    assert empty["description_placeholders"]["first"] == "–"


async def test_closed_periods_are_shown(
    hass: HomeAssistant, entry: MockConfigEntry, upload: Upload
) -> None:
    """A file that would change one is refused, and says so before."""
    close(entry, "2026-02")

    form = await upload(content(f"{NINE},0.5"))
    assert form["description_placeholders"]["closed"] == "\n- 2026-02: 1"

    form = await fill(hass.config_entries.options, form, {"replace": False})
    assert refused(form, "base", "signals_closed", periods="2026-02")
    assert await recorded(hass, entry) == {}
