"""Last month's bill and this month's sensors, from meters to documents."""

from collections import defaultdict
from datetime import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from script.demo_lib.client import RefusedError
from script.demo_lib.community import DOMAIN
from script.demo_lib.dashboard import statistic_id
from script.demo_lib.houses import SONNHALDE, Member
from script.demo_lib.meters import tag_at
from script.demo_lib.profiles import PER_KWH, ZONE
from script.demo_lib.progress import wait_until
from script.demo_lib.settle_check import bill_key, settled_totals
from script.demo_lib.simulator import Registers, SimulatedHouse
from tests.e2e.theatre import ROOT, Play, Theatre

pytestmark = pytest.mark.e2e

CHARGER, LIGHTING = SONNHALDE.meters
CHARGING = [m for m in SONNHALDE.members if m.house in CHARGER.users.values()]
TOGETHER = [CHARGING, *([m] for m in SONNHALDE.members if m not in CHARGING)]
"""Members whose meters count what is theirs: a guest charges behind another's."""


def _counted(
    play: Play, members: list[Member], start: str, end: str
) -> tuple[float, float]:
    """Return what houses used and delivered between two instants, in kWh.

    That is what their meters counted, and their parts of what all use together.
    """
    counted = [_advance(play, each.simulated, start, end) for each in members]
    imported, exported = (sum(each) for each in zip(*counted, strict=True))
    together, _ = _advance(play, LIGHTING.simulated, start, end)
    part = together * len(members) / len(SONNHALDE.members)
    return imported + part, exported


def _advance(
    play: Play, simulated: SimulatedHouse, start: str, end: str
) -> tuple[float, float]:
    registers = Registers(simulated, play.stage.setting.times.since)
    before, after = (
        registers.at(datetime.fromisoformat(moment).timestamp())
        for moment in (start, end)
    )
    return (
        (after.imported - before.imported) / PER_KWH,
        (after.exported - before.exported) / PER_KWH,
    )


def _sums(invoices: list[dict[str, Any]], field: str) -> dict[str, float]:
    """Add up a field of the invoices of each house; one has two."""
    sums: dict[str, float] = defaultdict(float)
    for invoice in invoices:
        sums[invoice["house_name"]] += invoice[field]
    return sums


def test_every_house_gets_an_invoice(play: Play) -> None:
    """Each of the five houses has an invoice, and one of them has two.

    Somebody has moved there, and pays from that day on.
    """
    invoices = play.closed["invoices"]
    assert len(invoices) == SONNHALDE.invoices
    (move,) = SONNHALDE.moves
    moved = [i for i in invoices if i["house_name"] == move.house]
    day = play.stage.setting.times.moving_day.isoformat()
    assert [(i["from"] == day, i["to"] == day) for i in moved] == [
        (False, True),
        (True, False),
    ]
    assert moved[1]["recipient"]["name"] == move.occupant["participant_name"]

    names = {invoice["house_name"] for invoice in invoices}
    assert names == {member.house for member in SONNHALDE.members}
    assert all(invoice["energy_imported_kwh"] > 0 for invoice in invoices)
    assert sum(invoice["energy_exported_kwh"] > 0 for invoice in invoices) == 3
    assert all(invoice["findings"] == [] for invoice in invoices)


def test_invoices_bill_what_the_meters_counted(play: Play) -> None:
    """An invoice's energies are the differences of the meter's registers.

    That holds for a meter that counts in Wh and for one without a unit, too.
    """
    invoices = play.closed["invoices"]
    for members in TOGETHER:
        start = play.stage.setting.times.last_month
        end = play.stage.setting.times.this_month
        imported, exported = _counted(
            play, members, *(f"{day}T00:00:00{_offset(day)}" for day in (start, end))
        )

        sums = _sums(invoices, "energy_imported_kwh")
        billed = sum(sums[member.house] for member in members)
        # What all use together is divided to the mWh in each interval.
        assert billed == pytest.approx(imported, abs=0.003 * len(members))
        sums = _sums(invoices, "energy_exported_kwh")
        billed = sum(sums[member.house] for member in members)
        assert billed == pytest.approx(exported, abs=1e-6)


@pytest.mark.parametrize(("tag", "house"), list(CHARGER.users.items()))
def test_whoever_charges_pays(play: Play, tag: str, house: str) -> None:
    """A bill says what was charged by a house's tag, when and at what price."""
    (invoice,) = [i for i in play.closed["invoices"] if i["house_name"] == house]
    lines = [ln for ln in invoice["lines"] if ln["meter"] == CHARGER.name]
    assert {ln["unit_price_ct"] for ln in lines} <= {28, 36}

    sessions = invoice["sessions"]
    assert sessions
    for session in sessions:
        assert tag_at(datetime.fromisoformat(session["start"]).timestamp()) == tag
    charged = sum(session["energy_kwh"] for session in sessions)
    # What the roof gave to the car did not pass the meter of the charger's house.
    assert 0 < sum(ln["quantity"] for ln in lines) <= charged + 0.01


def _offset(day: Any) -> str:
    noon = datetime(day.year, day.month, day.day, tzinfo=ZONE)
    return f"{noon:%:z}"


def test_invoices_tell_day_from_night(play: Play) -> None:
    """Each invoice has lines of both bands, the fee of a month, and VAT on them."""
    fees = _sums(play.closed["invoices"], "fees_ct")
    assert all(fee == 500 for fee in fees.values())
    for invoice in play.closed["invoices"]:
        lines = invoice["lines"]
        bands = {
            ln["band"]
            for ln in lines
            if ln["kind"] == "grid_import" and ln["meter"] != CHARGER.name
        }
        assert bands == {"Tag", "Nacht"}
        charged = sum(ln["amount_ct"] for ln in lines if ln["vat"]["mode"] == "on_top")
        (tax,) = (ln for ln in lines if ln["kind"] == "vat")
        assert tax["amount_ct"] == pytest.approx(charged * 0.081, abs=0.5)
        assert invoice["total_ct"] == sum(ln["amount_ct"] for ln in lines)


def test_settle_agrees_to_the_cent(play: Play) -> None:
    """What was exported as evidence gives the same totals with script/settle."""
    period_id = play.stage.setting.times.period_id
    settled = settled_totals(ROOT, Path(play.closed["folder"]), period_id)

    billed = {bill_key(i): i["total_ct"] for i in play.closed["invoices"]}
    assert billed == {bill: float(total) for bill, total in settled.items()}


def test_documents_are_in_the_media_folder(play: Play) -> None:
    """Each invoice is there as PDF, CSV and JSON; the period's evidence is, too."""
    folder = Path(play.closed["folder"])
    assert folder.is_relative_to(play.stage.home_assistant.media)

    for invoice in play.closed["invoices"]:
        found = {p.suffix: p for p in folder.glob(f"{invoice['invoice_id']}*")}
        assert found.keys() == {".pdf", ".csv", ".json"}
        assert found[".pdf"].read_bytes().startswith(b"%PDF-")
        assert invoice["invoice_id"] in found[".csv"].read_text(encoding="utf-8")
        written = json.loads(found[".json"].read_text(encoding="utf-8"))
        assert written["total_ct"] == invoice["total_ct"]
    others = {path.name for path in folder.iterdir() if "INV" not in path.name}
    assert others == {"period.csv", "intervals.csv", "signals.csv", "terms.yaml"}


def test_a_period_is_closed_once(theatre: Theatre, play: Play) -> None:
    """Closing last month again is refused, and the message says why."""
    period_id = play.stage.setting.times.period_id

    with pytest.raises(RefusedError, match=f"{period_id}.*closed"):
        theatre.do(play.community.close(period_id))


def test_devices_and_sensors(theatre: Theatre, play: Play) -> None:
    """The community, each house and each further meter are devices.

    Every sensor has a value.
    """
    devices = theatre.do(play.stage.client.command("config/device_registry/list"))
    entry_id = play.community.entry_id
    names = {d["name"] for d in devices if d["primary_config_entry"] == entry_id}
    owners = {member.house for member in SONNHALDE.members}
    owners |= {meter.name for meter in SONNHALDE.meters}
    assert names == {SONNHALDE.name, *owners}

    sensors = theatre.do(play.community.sensors())
    assert {owner for owner, _ in sensors} == {None, *owners}
    without_value = {
        sensor["entity_id"]
        for sensor in sensors.values()
        if sensor["state"] in (None, "unknown", "unavailable")
    }
    assert without_value == set()


def test_sensors_show_what_the_meters_counted(theatre: Theatre, play: Play) -> None:
    """A house's energy so far is what its meter counted since the period began."""
    sensors = theatre.do(play.community.sensors())
    for members in TOGETHER:
        house = members[0].house
        start = sensors[house, "imported_energy"]["attributes"]["last_reset"]
        end = sensors[house, "last_interval"]["state"]
        imported, exported = _counted(play, members, start, end)

        shown = sum(
            float(sensors[m.house, "imported_energy"]["state"]) for m in members
        )
        assert shown == pytest.approx(imported, abs=0.01)
        shown = sum(
            float(sensors[m.house, "exported_energy"]["state"]) for m in members
        )
        assert shown == pytest.approx(exported, abs=0.01)


def test_statistics_hold_last_month(theatre: Theatre, play: Play) -> None:
    """The external statistics add up to the energy and the costs of the invoices."""
    invoices = play.closed["invoices"]
    community_id = invoices[0]["community_id"]
    wanted = {
        statistic_id(community_id, "consumption"): sum(
            invoice["energy_imported_kwh"] for invoice in invoices
        ),
        statistic_id(community_id, "production"): sum(
            invoice["energy_exported_kwh"] for invoice in invoices
        ),
        **{
            statistic_id(community_id, key, i["house_id"]): sums[i["house_name"]]
            / divisor
            for key, field, divisor in (
                ("energy_from_community", "local_import_kwh", 1),
                ("value_of_consumption", "import_cost_ct", 100),
            )
            for sums in (_sums(invoices, field),)
            for i in invoices
        },
    }
    times = play.stage.setting.times

    async def changes() -> dict[str, float] | None:
        await play.stage.client.recorded()
        rows = await play.stage.client.command(
            "recorder/statistics_during_period",
            start_time=datetime.fromtimestamp(times.since, ZONE).isoformat(),
            end_time=datetime.fromtimestamp(times.until, ZONE).isoformat(),
            statistic_ids=list(wanted),
            period="hour",
            types=["change"],
        )
        found = {key: sum(r["change"] for r in rows[key]) for key in rows}
        return found if found == pytest.approx(wanted, abs=0.001) else None

    # The tags came after the energy, whose statistics are then written again.
    theatre.do(
        wait_until("statistics as on the invoices", changes, seconds=300, every=5),
        seconds=400,
    )


def test_nothing_is_to_be_repaired(theatre: Theatre, play: Play) -> None:
    """Houses, meters and files in order raise no repair."""
    answer = theatre.do(play.stage.client.command("repairs/list_issues"))

    assert [i for i in answer["issues"] if i["domain"] == DOMAIN] == []
