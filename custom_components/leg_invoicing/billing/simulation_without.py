"""Terms as they would be without some houses, which nothing names any more."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from .reasons import changes as because
from .simulation_member import points_in
from .written import Written

type _Record = Mapping[str, Any]

type _Without = Callable[[Any, Collection[str]], object]


def without_houses(record: _Record, leaving: Collection[str]) -> dict[str, Any]:
    """Return a record in which nothing names some houses."""
    return _changed(record, _WITHOUT, leaving)


def require_formulas(
    written: Written, record: _Record, leaving: Collection[str]
) -> None:
    """Refuse to leave out what a formula of somebody else needs."""
    meters: _Record = record.get("meters") or {}
    for meter_id, meter in meters.items():
        for point in () if meter.get("house") in leaving else points_in(meter):
            house_id = meters.get(point, {"house": point}).get("house")
            if house_id in leaving:
                written.refuse(
                    because.FORMULA_NEEDS(house=house_id, meter=meter_id, point=point)
                )


def require_none_of_grid(written: Written, record: _Record) -> None:
    """Refuse to leave out a meter at the grid that a formula needs."""
    meters: _Record = record.get("meters") or {}
    for meter_id, meter in meters.items():
        for point in points_in(meter):
            if meters.get(point, {}).get("role") == "grid":
                written.refuse(because.FORMULA_OF_GRID(meter=meter_id, point=point))


def _changed(
    record: _Record, changes: Mapping[str, _Without], leaving: Collection[str]
) -> dict[str, Any]:
    return {
        key: changes[key](value, leaving) if value and key in changes else value
        for key, value in record.items()
    }


def _entries(by_house: _Record, leaving: Collection[str]) -> _Record:
    return {h: each for h, each in by_house.items() if h not in leaving}


def _places(order: Sequence[str], leaving: Collection[str]) -> list[str]:
    return [house_id for house_id in order if house_id not in leaving]


def _agreed(agreements: Sequence[_Record], leaving: Collection[str]) -> list[_Record]:
    return [a for a in agreements if a["house"] not in leaving]


def _sharing(part: _Record, leaving: Collection[str]) -> _Record:
    return _changed(part, _SHARING, leaving)


def _versions_without(
    versions: Sequence[_Record], leaving: Collection[str]
) -> list[_Record]:
    return [_sharing(version, leaving) for version in versions]


def _meters(meters: _Record, leaving: Collection[str]) -> _Record:
    paid = dict(_meters_without(meters, leaving))
    unused = _in_formulas(meters) - _in_formulas(paid)
    kept = {m: own for m, own in paid.items() if m not in unused or _counts(own)}
    gone = {*leaving, *meters} - kept.keys()
    return {m: _still_behind(own, meters, gone) for m, own in kept.items()}


def _in_formulas(meters: _Record) -> set[str]:
    return {point for meter in meters.values() for point in points_in(meter)}


def _counts(meter: _Record) -> bool:
    """Tell whether a meter counts where no formula names it."""
    return bool(meter.get("house") or meter["role"] in ("common_area", "grid"))


def _still_behind(meter: _Record, meters: _Record, gone: Collection[str]) -> _Record:
    """Return a meter behind the next one above it that is still there, if any."""
    above = meter.get("behind")
    while above is not None and above in gone:
        above = meters.get(above, {}).get("behind")
    following = {**meter, "behind": above}
    return {key: value for key, value in following.items() if value}


def _meters_without(
    meters: _Record, leaving: Collection[str]
) -> Iterator[tuple[str, _Record]]:
    """Yield the meters that others pay for, who alone share and use them."""
    for meter_id, meter in meters.items():
        users = _users(meter.get("users") or {}, leaving)
        share = meter.get("share") or {}
        parts = _parts_without(share.get("of"), leaving)
        if meter.get("house") in leaving or (share.get("of") and not parts):
            continue
        following = {**meter, "users": users, "user": users and meter.get("user")}
        if parts:
            # Percentages that are left do not add up to 100 any more.
            by = "units" if share["by"] == "percent" else share["by"]
            following["share"] = {"by": by, "of": parts}
        yield meter_id, {key: value for key, value in following.items() if value}


def _users(users: _Record, leaving: Collection[str]) -> _Record:
    return {tag: user for tag, user in users.items() if _house(user) not in leaving}


def _house(user: str | _Record) -> str:
    """Return the house of a user, who may be one of those who have it in turn."""
    return str(user["house"] if isinstance(user, Mapping) else user)


def _parts_without(of: object, leaving: Collection[str]) -> object:
    if isinstance(of, Mapping):
        parts = _entries(of, leaving)
        return parts if any(Decimal(part) for part in parts.values()) else {}
    return isinstance(of, list) and _places(of, leaving)


_SHARING: Mapping[str, _Without] = {
    "weights": _entries,
    "order": _places,
    "sharing": _versions_without,
}
_WITHOUT: Mapping[str, _Without] = {
    "community": _sharing,
    "agreements": _agreed,
    "owners": _entries,
    "left": _entries,
    "meters": _meters,
}
"""What of the terms names houses."""
