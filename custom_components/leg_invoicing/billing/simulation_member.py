"""A house that might join, measured as another one is.

Its meters are those of the other house, with ids of their own, but for what others pay
for or use. What it has a part of, such as a staircase, is shared as agreed.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from .reasons import changes as because, metering
from .simulation import NEW_MEMBER, Member
from .written import Written, nearest

type _Record = Mapping[str, Any]

_ONCE = Decimal(1)
_OF_ALL = frozenset({"common_area", "grid"})
_OF_OTHERS = frozenset({"user", "users"})
"""Who else charges at a charger of the other house does not do so at this one."""


def member_from(written: Written, record: _Record) -> tuple[Member, dict[str, Any]]:
    """Return a new member, and its meters, as terms write them.

    The record is of terms as they stand. Raises TermsError where there is no such
    house, or no telling what would have been measured.
    """
    part = written.fields(("like",), ("consumption", "production", "tariff", "weight"))
    houses = {agreement["house"] for agreement in record["agreements"]}
    like = known_house(part["like"], houses)
    meters = record.get("meters") or {}
    ids = _ids(part["like"], like, meters)
    copies = {new: _copy(old, meters, ids) for old, new in ids.items() if old in meters}
    member = Member(
        points={
            new: old
            for old, new in ids.items()
            if not meters.get(old, {}).get("formula")
        },
        consumption=_factor(part.get("consumption")),
        production=_factor(part.get("production")),
    )
    return member, copies


def agreement_with(written: Written, record: _Record, first: date) -> dict[str, str]:
    """Return what was agreed with a new member, which `member_from` has read."""
    part = written.entries()
    like = part["like"].text()
    by_day = {
        Written(each["from"]).day(): each
        for each in record["agreements"]
        if each["house"] == like
    }
    begun = [day for day in by_day if day <= first]
    other = by_day[max(begun) if begun else min(by_day)]
    agreement = {
        "house": NEW_MEMBER,
        "participant": NEW_MEMBER,
        "tariff": part["tariff"].text() if "tariff" in part else other["tariff"],
        "from": first.isoformat(),
    }
    if other.get("factor"):
        agreement["factor"] = other["factor"]
    if "weight" in part:
        agreement["weight"] = part["weight"].text()
    return agreement


def known_house(written: Written, houses: Collection[str]) -> str:
    """Read a house that there is."""
    house_id = written.text()
    if house_id not in houses:
        hint = nearest(house_id, sorted(houses))
        written.refuse(metering.NO_HOUSE(house=house_id, hint=hint))
    return house_id


def _ids(written: Written, like: str, meters: _Record) -> dict[str, str]:
    """Return how the points of a house are called where somebody else has them."""
    own = [m for m, meter in meters.items() if meter.get("house") == like]
    points = {p: m for m in own for p in points_in(meters[m]) if p not in own}
    for point, meter_id in points.items():
        if point != like and not _is_free(point, meters):
            written.refuse(
                because.FORMULA_OF_OTHERS(house=like, meter=meter_id, point=point)
            )
    others = (m for m in (*own, *points) if m != like)
    return {like: NEW_MEMBER, **{m: _new_id(m, meters) for m in others}}


def _new_id(meter_id: str, meters: _Record) -> str:
    new_id = f"{NEW_MEMBER}_{meter_id}"
    while new_id in meters:
        new_id += "_"
    return new_id


def _is_free(point: str, meters: _Record) -> bool:
    """Tell whether only formulas use a point."""
    meter = meters.get(point, {"role": None, "house": point})
    return meter.get("house") is None and meter["role"] not in _OF_ALL


def points_in(meter: _Record) -> Iterator[str]:
    """Yield the points that a meter's formula names."""
    yield from (meter.get("formula") or "").split()[::2]


def _copy(meter_id: str, meters: _Record, ids: Mapping[str, str]) -> dict[str, Any]:
    """Return a meter that stands where another one does, and is called the same."""
    meter = {"name": meter_id, **meters[meter_id]}
    copy = {key: value for key, value in meter.items() if key not in _OF_OTHERS}
    for key in ("house", "behind"):
        if copy.pop(key, None) is not None and meter[key] in ids:
            copy[key] = ids[meter[key]]
    if meter.get("formula"):
        words = meter["formula"].split()
        copy["formula"] = " ".join(ids.get(word, word) for word in words)
    return copy


def _factor(written: Written | None) -> Decimal:
    if written is None:
        return _ONCE
    factor = written.number()
    if factor < 0:
        written.refuse(because.NEGATIVE_TIMES(name=written.name))
    return factor
