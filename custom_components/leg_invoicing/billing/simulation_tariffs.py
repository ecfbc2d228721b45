"""How a simulation changes tariffs.

What is named without a day is said of each version from the beginning of the span on,
and what is not named stays as each of them has it. From a day on, it is a version of
its own, which stands until the next one.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from .reasons import changes as because
from .written import Written, nearest

type _Record = Mapping[str, Any]


def tariffs_changed(before: _Record, written: Written, first: date) -> dict[str, Any]:
    """Change tariffs by name, for a span that begins on a day; a list is all of one."""
    changed = {
        name: each.value
        if isinstance(each.value, list)
        else _versions(before.get(name, []), _values(each), first)
        for name, each in written.entries().items()
    }
    return {**before, **changed}


def _versions(before: list[_Record], given: _Record, first: date) -> list[_Record]:
    """Change the versions that stand, for all of the time or from a day on."""
    valid_from = given.get("valid_from")
    since = first if valid_from is None else Written(valid_from, _VALID_FROM).day()
    ordered = sorted(before, key=_day)
    stood = [v for v in ordered if _day(v) <= since] or ordered[:1]
    basis = stood[-1] if stood else {}
    version = {**basis, **given, "valid_from": since.isoformat()}
    if valid_from is not None:
        return [*(v for v in ordered if _day(v) != since), version]
    own = {key: value for key, value in given.items() if key != "valid_from"}
    return [version, *({**v, **own} for v in ordered[len(stood) :])]


_VALID_FROM = ("tariffs", "valid_from")


def _day(version: _Record) -> date:
    return Written(version["valid_from"]).day()


def _values(written: Written) -> dict[str, Any]:
    return {key: each.value for key, each in written.entries().items()}


def require_used(written: Written, before: _Record, after: _Record) -> None:
    """Refuse a tariff that is new and changes nothing: its name may be misspelt.

    `before` and `after` are the terms as they stand and as they would be.
    """
    for name, each in written.entries().items():
        if name not in before["tariffs"] and name not in tuple(_names(after)):
            hint = nearest(name, before["tariffs"])
            each.refuse(because.UNUSED_TARIFF(name=name, hint=hint))


def _names(part: object) -> Iterator[object]:
    """Yield the tariffs that terms name, wherever they do."""
    if isinstance(part, Mapping):
        for key, value in part.items():
            if key in _NAMING:
                yield value
            yield from _names(value)
    elif isinstance(part, list):
        for value in part:
            yield from _names(value)


_NAMING = frozenset({"tariff", "grid_tariff"})
