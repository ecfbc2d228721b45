"""Charging sessions as plain records, and back."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from .calendar import Instant, Span, iso_utc
from .energy import Energy
from .sessions import Session


def session_record(session: Session) -> dict[str, Any]:
    """Return a session."""
    return {
        "meter": session.meter,
        "user": session.user,
        "start": iso_utc(session.span.start),
        "end": iso_utc(session.span.end),
        "energy_kwh": session.energy.kwh,
    }


def session_from_record(record: Mapping[str, Any]) -> Session:
    """Rebuild a session; raises KeyError or ValueError where it is none."""
    return Session(
        meter=record["meter"],
        user=record["user"],
        span=Span(_instant(record["start"]), _instant(record["end"])),
        energy=Energy.from_kwh(Decimal(record["energy_kwh"])),
    )


def _instant(iso: str) -> Instant:
    return int(datetime.fromisoformat(iso).timestamp())
