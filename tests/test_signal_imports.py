"""Bringing in what sensors showed where nobody listened."""

from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from sqlalchemy.exc import OperationalError

from custom_components.leg_invoicing.const import DOMAIN
from custom_components.leg_invoicing.ledger import Ledger
from tests import given
from tests.forms import close
from tests.playing import go, only_outside_the_loop
from tests.test_signals import PRICE, entry, recorded, set_tariff, show, spot

__all__ = ["entry", "spot"]

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-02-03 09:58:00+00:00"),
]

HEADER = "signal,start,value"
NINE = f"{PRICE},2026-02-03T09:00:00Z"
NINE_15 = f"{PRICE},2026-02-03T09:15:00Z"


def written(hass: HomeAssistant, *lines: str, header: str = HEADER) -> str:
    """Write a file of lines into the media folder; return its path."""
    path = given.media(hass) / "prices.csv"
    path.write_text("\n".join((header, *lines)) + "\n")
    return str(path)


async def bring_in(
    hass: HomeAssistant, *lines: str, header: str = HEADER, **data: Any
) -> Mapping[str, Any]:
    """Import a file; return the answer."""
    path = written(hass, *lines, header=header)
    answer: Mapping[str, Any] = await given.call(
        hass, "import_signals", path=path, **data
    )
    return answer


async def missing(hass: HomeAssistant, period: str) -> list[str]:
    """Return what of prices is missing in a period."""
    answer = await given.call(hass, "preview_period", period=period)
    keys = (finding["key"] for finding in answer["findings"])
    return [key for key in keys if key.startswith("price_missing")]


async def test_a_price_that_was_missing_is_brought_in(
    hass: HomeAssistant, entry: MockConfigEntry, spot: str
) -> None:
    """The finding is gone, and the energy has its price at once."""
    await given.measured(hass, "2026-02-01..2026-02-03", house_2="0.25/0")
    assert await missing(hass, "2026-02-01..2026-02-03") == [
        "price_missing:house_2",
        "price_missing",
    ]

    with only_outside_the_loop(
        "custom_components.leg_invoicing.formats.signals_csv.read"
    ):
        answer = await bring_in(
            hass,
            f"{PRICE},2026-01-31T23:00:00Z,0.10,",
            f"{spot},2026-01-31T23:15:00Z,0.2,2026-02-03T01:00:00Z",
            header=f"{HEADER},end",
            **{"from": "2026-02-01", "to": "2026-02-03"},
        )

    assert answer == {
        "signals": [PRICE],
        "values": 192,
        "first": "2026-01-31T23:00:00Z",
        "last": "2026-02-02T22:45:00Z",
        "new": 192,
        "replaced": 0,
        "kept": 0,
        "closed_periods": {},
        "dry_run": False,
    }
    assert await missing(hass, "2026-02-01..2026-02-03") == []
    settled = await given.call(hass, "preview_period", period="2026-02-01..2026-02-03")
    (line,) = settled["statements"][1]["lines"]
    # 0.25 kWh at 12 ct, and 191 times at 22 ct
    assert line["exact_ct"] == 3 + 191 * 5.5


async def test_no_days(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """An end that is not after the beginning is a slip, not a wish for nothing."""
    row = f"{PRICE},2026-01-31T23:00:00Z,0.10"

    with given.refused("span_empty", start="2026-02-03"):
        await bring_in(hass, row, **{"from": "2026-02-03", "to": "2026-02-03"})


async def test_what_a_sensor_showed_stays(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    hass_admin_user: MockUser,
) -> None:
    """It is replaced only if somebody says so, and is kept with who did."""
    await go(hass, freezer, "2026-02-03 10:16:00")
    ten = f"{PRICE},2026-02-03T10:00:00Z"
    lines = f"{ten},0.3", f"{NINE},0.4"

    looked = await bring_in(hass, *lines, replace=True, dry_run=True)
    assert (looked["new"], looked["replaced"], looked["dry_run"]) == (1, 1, True)
    assert await recorded(hass, entry) == {"10:00": "0.10"}

    answer = await bring_in(hass, *lines)
    assert (answer["new"], answer["replaced"], answer["kept"]) == (1, 0, 1)
    assert await recorded(hass, entry) == {"09:00": "0.4", "10:00": "0.10"}

    await hass.services.async_call(
        DOMAIN,
        "import_signals",
        {"path": written(hass, *lines), "replace": True},
        blocking=True,
        context=Context(user_id=hass_admin_user.id),
    )
    assert await recorded(hass, entry) == {"09:00": "0.4", "10:00": "0.3"}
    audit = await given.call(hass, "get_audit")
    assert [
        (e["action"], e["reason"], e["user_id"], e["changed"]) for e in audit["entries"]
    ] == [
        ("import_signals", "prices.csv", hass_admin_user.id, 1),
        ("import_signals", "prices.csv", None, 1),
    ]


async def test_the_same_file_twice_changes_nothing(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Nor is anything noted that was not done."""
    await bring_in(hass, f"{NINE},0.4")

    answer = await bring_in(hass, f"{NINE},0.4", replace=True)

    assert (answer["new"], answer["replaced"], answer["kept"]) == (0, 0, 1)
    assert len((await given.call(hass, "get_audit"))["entries"]) == 1


async def test_modes_are_brought_in_as_texts(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A mode need be no number, and an hour of it takes one row."""
    er.async_get(hass).async_get_or_create(
        "select", "charger", "mode", suggested_object_id="mode"
    )
    await set_tariff(
        hass,
        bands={"entity": "select.mode", "modes": {"priority": ["boost"]}, "rest": "x"},
        p_grid_con={"priority": 40, "x": 30},
    )
    row = "select.mode,2026-02-03T08:00:00Z,boost,2026-02-03T09:00:00Z"
    answer = await bring_in(hass, row, header=f"{HEADER},end")

    assert (answer["signals"], answer["new"]) == (["select.mode"], 4)
    assert (await recorded(hass, entry))["08:45"] == "boost"


@pytest.mark.parametrize("action", ["import_signals", "import_readings"])
async def test_a_file_that_is_not_there(
    hass: HomeAssistant, entry: MockConfigEntry, action: str
) -> None:
    """What the system says stands in a sentence in everybody's language."""
    hass.config.language = "de"
    path = str(given.media(hass) / "nowhere.csv")

    with given.refused("file_broken", path=path, line="-") as refusal:
        await given.call(hass, action, path=path)

    reason = refusal.value.translation_placeholders["reason"]
    assert reason.startswith("die Datei lässt sich nicht lesen (No such file")


@pytest.mark.parametrize(
    ("line", "key", "about"),
    [
        ("spot,2026-02-03T09:00:00Z,1", "signal_unknown", {"signals": PRICE}),
        (f"{NINE},cheap", "signal_no_number", {"value": "cheap", "signal": PRICE}),
        (f"{PRICE},2026-02-03T09:45:00Z,1", "signal_not_over", {"signal": PRICE}),
        (f"{PRICE},today,1", "file_broken", {}),
    ],
)
async def test_what_cannot_be_is_refused(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    line: str,
    key: str,
    about: dict[str, str],
) -> None:
    """The line is named, and nothing of the file is imported."""
    with given.refused(key, line="3", **about):
        await bring_in(hass, f"{NINE_15},1", line)

    assert await recorded(hass, entry) == {}


async def test_a_file_that_cannot_be_read(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """It must lie where Home Assistant may read, and be there."""
    with given.refused("file_not_allowed"):
        await given.call(hass, "import_signals", path="/etc/prices.csv")
    path = str(given.media(hass) / "nothing.csv")
    with given.refused("file_broken", path=path, line="-"):
        await given.call(hass, "import_signals", path=path)


async def test_closed_periods_stay_as_they_are(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What they were billed by does not change; the rest is imported without them."""
    await bring_in(hass, f"{PRICE},2026-01-20T12:00:00Z,0.1")
    close(entry, "2026-01")
    january, february = f"{PRICE},2026-01-20T12:15:00Z,0.2", f"{NINE},0.3"

    looked = await bring_in(hass, january, february, dry_run=True)
    assert (looked["new"], looked["closed_periods"]) == (2, {"2026-01": 1})
    with given.refused("signals_closed", periods="2026-01"):
        await bring_in(hass, january, february)

    answer = await bring_in(hass, january, february, **{"from": "2026-02-01"})
    assert answer["new"] == 1
    # What says the same as what stands changes nothing, and may stay in the file.
    await bring_in(hass, f"{PRICE},2026-01-20T12:00:00Z,0.1")


async def test_a_ledger_that_cannot_be_written(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """That is told, and can be tried again."""
    error = OperationalError("", {}, Exception("disk is full"))
    with (
        patch.object(Ledger, "change_signals", side_effect=error),
        given.refused("ledger_not_written"),
    ):
        await bring_in(hass, f"{NINE},0.4")

    assert (await bring_in(hass, f"{NINE},0.4"))["new"] == 1


async def test_a_sensor_that_is_gone_is_still_known_by_its_id(
    hass: HomeAssistant, entry: MockConfigEntry, spot: str
) -> None:
    """What it would have shown can be brought in."""
    er.async_get(hass).async_remove(PRICE)
    show(hass, "0.2")
    await hass.async_block_till_done()

    answer = await bring_in(hass, f"{spot},2026-02-03T09:00:00Z,0.4")

    assert (answer["signals"], answer["new"]) == ([], 1)
