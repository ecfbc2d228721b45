"""What a file holds and what it would change, as a form shows it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from .ledger import Effect

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
    closed = [f"{period}: {count}" for period, count in sorted(effect.closed.items())]
    return {
        "format": held["format"],
        "intervals": str(held["intervals"]),
        "first": _moment(held["first"], zone),
        "last": _moment(held["last"], zone),
        "houses": ", ".join(names.get(h, h) for h in held["houses"]) or _NOTHING,
        "gaps": _lines(gaps),
        "new": str(effect.new),
        "replaced": str(effect.replaced),
        "kept": str(effect.kept),
        "closed": _lines(closed),
        "ignored": ", ".join([*held["unknown_points"], *held["ignored_points"]])
        or _NOTHING,
        "left_out": _lines(left_out),
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
