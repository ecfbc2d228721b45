"""Close the period, and find out whether everything is as it should be."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
import re

from script.demo_lib.client import Json
from script.demo_lib.community import DOMAIN
from script.demo_lib.dashboard import statistic_id
from script.demo_lib.profiles import ZONE
from script.demo_lib.progress import DemoError, step, wait_until

from .run import Run
from .stage import Disturbance, Stage
from .truth import Count
from .verdict import HouseVerdict, judge, read_evidence

_TROUBLE = re.compile(r"WARNING|ERROR|CRITICAL|Traceback|File ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a run."""

    houses: tuple[HouseVerdict, ...]
    disturbances: tuple[Disturbance, ...]
    repairs: Mapping[str, int]
    """How often each repair was raised."""
    findings: tuple[str, ...]
    """What the invoices say."""
    faults: tuple[str, ...]
    """Everything that is not as it should be."""


async def conclude(run: Run, stage: Stage) -> Outcome:
    """Close the period and compare."""
    async with step(f"Closing {run.period}"):
        closed = await stage.community.close(run.period)
    invoices = {invoice["house_name"]: invoice for invoice in closed["invoices"]}
    names = {invoice["house_id"]: name for name, invoice in invoices.items()}
    evidence = read_evidence(Path(closed["folder"]) / "intervals.csv", names)
    houses = tuple(
        judge(meter.truth, name, evidence, stage.disturbances)
        for name, meter in stage.meters.items()
    )
    faults = (
        *(fault for house in houses for fault in house.faults),
        *(f for house in houses for f in _faults_of_invoice(house, invoices)),
        *await _faults_of_repairs(stage),
        *_faults_of_log(stage.home_assistant.log),
        *await _faults_of_statistics(run, stage, closed),
    )
    return Outcome(
        houses=houses,
        disturbances=tuple(stage.disturbances),
        repairs=stage.repairs,
        findings=tuple(_findings(invoices)),
        faults=faults,
    )


def _findings(invoices: Mapping[str, Json]) -> Iterator[str]:
    for name, invoice in invoices.items():
        for finding in invoice["findings"]:
            yield f"{name}: {finding['code']}, {finding['intervals']} intervals"


def _faults_of_invoice(
    house: HouseVerdict, invoices: Mapping[str, Json]
) -> Iterator[str]:
    """Find where an invoice bills something else, or flags less than it should."""
    if (invoice := invoices.get(house.house)) is None:
        yield f"{house.house}: no invoice"
        return
    billed = Count(
        round(invoice["energy_imported_kwh"] * 10**6),
        round(invoice["energy_exported_kwh"] * 10**6),
    )
    if billed != house.true:
        yield f"{house.house}: billed {billed}, counted {house.true}"
    told = 0
    for finding in invoice["findings"]:
        if finding["code"] == "interpolated_data":
            told += finding["intervals"]
        else:
            yield f"{house.house}: nobody expected {finding['code']}"
    if told != house.flagged:
        yield f"{house.house}: {house.flagged} intervals are flagged, {told} told"


async def _faults_of_repairs(stage: Stage) -> Iterable[str]:
    """Find what is still to be repaired, although all is well again."""

    async def none_left() -> bool:
        return not await stage.issues()

    try:
        await wait_until("no repair is left", none_left, seconds=60)
    except DemoError:
        return [f"Repair left: {issue['issue_id']}" for issue in await stage.issues()]
    return []


def _faults_of_log(log: Path) -> Iterator[str]:
    """Find what Home Assistant's log holds against the integration.

    One warning is there for every custom integration.
    """
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if (
            DOMAIN in line
            and _TROUBLE.search(line)
            and "homeassistant.loader" not in line
        ):
            yield f"Log: {line}"


async def _faults_of_statistics(run: Run, stage: Stage, closed: Json) -> Iterable[str]:
    """Find where the Energy dashboard shows something else than was billed."""
    invoices = closed["invoices"]
    community_id = invoices[0]["community_id"]
    wanted = {
        statistic_id(community_id, "consumption"): "energy_imported_kwh",
        statistic_id(community_id, "production"): "energy_exported_kwh",
    }
    sums = {key: sum(i[name] for i in invoices) for key, name in wanted.items()}
    found: dict[str, float] = {}

    async def agree() -> bool:
        await stage.client.recorded()
        rows = await stage.client.command(
            "recorder/statistics_during_period",
            start_time=_iso(run.start),
            end_time=_iso(run.end),
            statistic_ids=list(sums),
            period="hour",
            types=["change"],
        )
        found.update({key: sum(r["change"] for r in rows[key]) for key in rows})
        return all(abs(found.get(key, 0) - sums[key]) < 0.001 for key in sums)

    try:
        await wait_until("the statistics agree", agree, seconds=120, every=2)
    except DemoError:
        return [f"Statistics: {found}, billed {sums}"]
    return []


def _iso(instant: int) -> str:
    return datetime.fromtimestamp(instant, ZONE).isoformat()
