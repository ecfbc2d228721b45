"""What there is to say about a period before it is closed, and after."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .billing.calendar import Period
from .billing.findings import Finding
from .billing.quality import BILLABLE
from .billing.ratio import percentage
from .billing.statements import Settlement
from .closing import async_preview, period_answer
from .community import points_of_entry
from .meter_issues import MeterIssue
from .period_checks import in_the_way
from .register_checks import current_entity_id
from .runtime import LegConfigEntry, terms_now


async def async_check_period(
    hass: HomeAssistant, entry: LegConfigEntry, period: Period
) -> dict[str, Any]:
    """Return all findings as they stand, the coverage, and whether it is ready."""
    data, terms = entry.runtime_data, terms_now(entry)
    settlement = await async_preview(hass, entry, period)
    now = dt_util.utcnow().astimezone(terms.community.zone)
    reasons = in_the_way(data.books.commitments, period, terms, now, settlement)
    names = {point.point_id: point.name for point in points_of_entry(entry)}
    coordinator = data.coordinator
    await coordinator.closed_periods.async_check()
    return {
        **period_answer(entry, period),
        "ready": not reasons,
        "reasons": list(reasons),
        "findings": [_finding(hass, each, names) for each in settlement.findings],
        "coverage": _coverage(settlement, names),
        "meter_problems": [
            _problem(issue) for issue in coordinator.meter_issues(int(now.timestamp()))
        ],
        "closed_period_changes": [
            _finding(hass, each, names)
            for each in coordinator.closed_periods.findings(period)
        ],
    }


def _finding(
    hass: HomeAssistant, finding: Finding, names: dict[str, str]
) -> dict[str, Any]:
    """Return a finding with what people call the house and the sensor it is about."""
    sensor = current_entity_id(hass, finding.details.get("signal"))
    return {
        **finding.as_record(),
        "house": names.get(finding.house_id or "", finding.house_id),
        **({"sensor": sensor} if sensor else {}),
    }


def _problem(issue: MeterIssue) -> dict[str, Any]:
    return {
        "code": issue.translation_key,
        "house_id": issue.point_id,
        **issue.placeholders,
    }


def _coverage(settlement: Settlement, names: dict[str, str]) -> list[dict[str, Any]]:
    """Return how much is known of each statement, which is a house's or a part of it."""
    answers = []
    for statement in settlement.statements:
        house_id, counts = statement.agreement.house_id, statement.intervals
        expected = sum(counts.values())
        known = sum(n for quality, n in counts.items() if quality in BILLABLE)
        answers.append(
            {
                "house_id": house_id,
                "house": names.get(house_id, house_id),
                "from": statement.first.isoformat(),
                "to": statement.end.isoformat(),
                "known": known,
                "expected": expected,
                "percent": percentage(known, expected),
                "qualities": {quality.label: n for quality, n in counts.items()},
            }
        )
    return answers
