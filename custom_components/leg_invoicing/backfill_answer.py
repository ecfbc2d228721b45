"""What was found in the recorder, and how good it is: as an answer, and in words."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from .billing.backfill import Backfill, Found
from .billing.calendar import Span, iso_utc
from .billing.energy import Energy
from .billing.quality import Quality
from .recorder_marks import Refusal

_TOLD = 20
"""How many holes and remarks a dialog shows."""


def answer(
    backfill: Backfill,
    refusals: Iterable[Refusal],
    written: Mapping[str, int],
    kept: Mapping[str, int],
) -> dict[str, Any]:
    """Return what was found of each house, and what became of it."""
    houses: dict[str, Any] = {
        house_id: {
            "intervals": written.get(house_id, 0) + kept.get(house_id, 0),
            "written": written.get(house_id, 0),
            "kept": kept.get(house_id, 0),
            "registers": {},
        }
        for house_id in sorted(backfill.houses)
    }
    for (house_id, register), found in sorted(backfill.found.items()):
        joint = backfill.joints.get((house_id, register))
        houses[house_id]["registers"][register] = _register(found) | {
            "metered_from": iso_utc(joint.reading.at) if joint else None
        }
    for refusal in refusals:
        house_id, register = refusal.key
        houses[house_id]["registers"][register] = {
            "refused": refusal.reason.value,
            "sensor": refusal.sensor,
            "unit": refusal.unit,
        }
    span = backfill.span
    return {"start": iso_utc(span.start), "end": iso_utc(span.end), "houses": houses}


def _register(found: Found) -> dict[str, Any]:
    return {
        "hours": len(found.hours),
        "measured": found.qualities[Quality.MEASURED],
        "estimated": found.qualities[Quality.ESTIMATED],
        "gaps": [
            {
                **_ends(hole.span),
                "reason": hole.reason.value,
                "kwh": None if hole.mwh is None else Energy(hole.mwh).kwh,
            }
            for hole in found.holes
        ],
        "remarks": [
            {**_ends(span), "remark": remark.value} for span, remark in found.remarks
        ],
    }


def _ends(span: Span) -> dict[str, str]:
    return {"start": iso_utc(span.start), "end": iso_utc(span.end)}


def as_table(
    found: Mapping[str, Any], names: Mapping[str, str], words: Mapping[str, str]
) -> str:
    """Return the rows of a table, one per register, for people to read.

    `names` are the houses', `words` those of the reader's language.
    """
    return "\n".join(
        f"| {names[house_id]} | {words[register]} | {_cells(part, words)} |"
        for house_id, house in found["houses"].items()
        for register, part in house["registers"].items()
    )


def _cells(part: Mapping[str, Any], words: Mapping[str, str]) -> str:
    if refused := part.get("refused"):
        shown = " ".join(filter(None, (part["sensor"], part["unit"])))
        return f"{words[refused]}: {shown} | |"
    return f"{part['hours']} | {part['measured']} | {part['estimated']}"


def as_list(
    found: Mapping[str, Any],
    names: Mapping[str, str],
    words: Mapping[str, str],
    zone: ZoneInfo,
) -> str:
    """Return what is to be known of single stretches of time, as a list."""
    lines = [
        f"- {names[house_id]}, {words[register]}, "
        f"{_local(one['start'], zone)} – {_local(one['end'], zone)}: "
        f"{words[one.get('reason') or one['remark']]}"
        for house_id, house in found["houses"].items()
        for register, part in house["registers"].items()
        for one in (*part.get("gaps", ()), *part.get("remarks", ()))
    ]
    more = ["- …"] if len(lines) > _TOLD else []
    return "\n".join(lines[:_TOLD] + more)


def as_signals(found: Mapping[str, Any]) -> str:
    """Return how many intervals have a value of each signal, and how many are new."""
    lines = [
        f"\n- {sensor}: {one['intervals']} ({one['written']})"
        for sensor, one in found["signals"].items()
    ]
    return "".join(lines) or "–"


def _local(text: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(text).astimezone(zone):%Y-%m-%d %H:%M}"
