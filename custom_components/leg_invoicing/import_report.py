"""What a file holds and what it would change, as a form shows it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from .billing.calendar import iso_utc
from .ledger import Effect
from .signal_imports import Said

_NOTHING = "–"
_MOST_LINES = 12


def report(
    held: Mapping[str, Any],
    effect: Effect,
    names: Mapping[str, str],
    zone: ZoneInfo,
) -> dict[str, str]:
    """Return the texts to put into a form; `names` are those of the houses."""
    left_out = [f"{one['channel']}: {one['reason']}" for one in held["skipped"]]
    gaps = [
        f"{names.get(gap['house'], gap['house'])}: {_moment(gap['from'], zone)} – "
        f"{_moment(gap['to'], zone)}"
        for gap in held["gaps"]
    ]
    return {
        "format": held["format"],
        "intervals": str(held["intervals"]),
        "first": _moment(held["first"], zone),
        "last": _moment(held["last"], zone),
        "houses": ", ".join(names.get(h, h) for h in held["houses"]) or _NOTHING,
        "gaps": _lines(gaps),
        **_counted(effect),
        "ignored": ", ".join([*held["unknown_points"], *held["ignored_points"]])
        or _NOTHING,
        "left_out": _lines(left_out),
    }


def signals_report(
    said: Said, effect: Effect, names: Mapping[str, str], zone: ZoneInfo
) -> dict[str, str]:
    """Return the texts about a file of signals; `names` are those of their sensors."""
    found = {value.signal_id for value in said.values}
    called = {signal_id: entity_id for entity_id, signal_id in names.items()}
    first, last = (
        (iso_utc(said.span.start), iso_utc(said.span.end - 1))
        if said.span
        else (None, None)
    )
    return {
        "file": said.name,
        "count": str(len(said.values)),
        "signals": ", ".join(sorted(called.get(s, s) for s in found)) or _NOTHING,
        "first": _moment(first, zone),
        "last": _moment(last, zone),
        **_counted(effect),
    }


def _counted(effect: Effect) -> dict[str, str]:
    closed = [f"{period}: {count}" for period, count in sorted(effect.closed.items())]
    return {
        "new": str(effect.new),
        "replaced": str(effect.replaced),
        "kept": str(effect.kept),
        "closed": _lines(closed),
    }


def _lines(texts: Sequence[str]) -> str:
    if not texts:
        return _NOTHING
    shown = texts[:_MOST_LINES]
    more = [f"… (+{len(texts) - _MOST_LINES})"] if len(texts) > _MOST_LINES else []
    return _listed([*shown, *more])


def _listed(texts: Iterable[str]) -> str:
    return "".join(f"\n- {text}" for text in texts)


def _moment(iso: str | None, zone: ZoneInfo) -> str:
    if iso is None:
        return _NOTHING
    time = datetime.fromisoformat(iso).astimezone(zone)
    return time.isoformat(" ", "minutes")
