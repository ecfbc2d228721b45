"""A metering concept as people write it down, and back.

    meters:
      pv_1:   {house: house_1, role: pv}
      ev_1:   {house: house_1, role: ev_charger, name: Wallbox, behind: house_1,
               tariff: charging, user: tag_1, users: {A1B2: house_2}}
      stairs: {role: common_area, share: {by: area, of: {house_1: 80, house_2: 120}}}
      rest_2: {house: house_2, role: house, formula: main_2 - ev_2}
      grid:   {role: grid}

A user may be `{house: house_2, participant: Anna Meier}`: one while she has the house.
`share` by equal parts takes a list of houses, or none for all of them. In a formula
plus and minus stand alone, between spaces.
"""

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from .meter_checks import check_meters
from .meters import CommonShare, Meter, MeterError, Role, ShareBy
from .reasons import metering as because
from .written import TermsError, Written

_SIGNS = {"+": 1, "-": -1}


def meters_from_written(
    written: Written, houses: Collection[str], tariffs: Collection[str]
) -> tuple[Meter, ...]:
    """Read the meters; raises TermsError naming what is wrong."""
    meters = [
        meter_from_written(name, node) for name, node in written.entries().items()
    ]
    try:
        return check_meters(meters, houses, tariffs)
    except MeterError as err:
        setting = () if err.setting is None else (err.setting,)
        path = (*written.path, err.meter.meter_id, *setting)
        reason = because.OF_METER(meter=err.meter.meter_id, reason=err.reason)
        raise TermsError(path, reason) from err


def meter_from_written(meter_id: str, written: Written) -> Meter:
    """Read one meter, without asking whether it fits with others; as above."""
    part = written.fields(("role",), tuple(_SETTINGS))
    settings = {
        field: read(part[key])
        for key, (field, read) in _SETTINGS.items()
        if key in part
    }
    if "users" in part:
        settings["participants"] = _participants(part["users"])
    return Meter(meter_id=meter_id, role=part["role"].choice(Role), **settings)


def _formula(written: Written) -> tuple[tuple[int, str], ...]:
    words = written.text().split()
    terms = list(pairwise(["+", *words]))[::2]
    if len(words) % 2 == 0 or any(sign not in _SIGNS for sign, _ in terms):
        written.refuse(because.FORMULA_UNREADABLE(text=written.text()))
    return tuple((_SIGNS[sign], point) for sign, point in terms)


def _share(written: Written) -> CommonShare:
    part = written.fields(("by",), ("of",))
    by = part["by"].choice(ShareBy)
    if "of" not in part:
        return CommonShare(by=by)
    if by is ShareBy.EQUAL:
        return CommonShare(by=by, of={h.text(): Decimal(1) for h in part["of"].items()})
    of = {house: node.number() for house, node in part["of"].entries().items()}
    return CommonShare(by=by, of=of)


def _users(written: Written) -> Mapping[str, str]:
    return {tag: _house_of(user).text() for tag, user in written.entries().items()}


def _house_of(user: Written) -> Written:
    if isinstance(user.value, Mapping):
        return user.fields(("house", "participant"))["house"]
    return user


def _participants(users: Written) -> Mapping[str, str]:
    return {
        tag: user.entries()["participant"].text()
        for tag, user in users.entries().items()
        if isinstance(user.value, Mapping)
    }


_SETTINGS: Mapping[str, tuple[str, Callable[[Written], Any]]] = {
    "house": ("house_id", Written.text),
    "name": ("name", Written.text),
    "since": ("since", Written.day),
    "until": ("until", Written.day),
    "behind": ("behind", Written.text),
    "formula": ("formula", _formula),
    "tariff": ("tariff_id", Written.text),
    "share": ("share", _share),
    "user": ("user_signal", Written.text),
    "users": ("users", _users),
}
"""How the settings of a meter besides its role are called in `Meter`, and read."""


def written_meter(meter: Meter) -> dict[str, object]:
    """Return a meter as mappings, lists and texts; `meters_from_written` reads it."""
    settings = {
        "house": meter.house_id,
        "role": str(meter.role),
        "name": meter.name or None,
        "since": None if meter.since is None else meter.since.isoformat(),
        "until": None if meter.until is None else meter.until.isoformat(),
        "behind": meter.behind,
        "formula": _written_formula(meter) or None,
        "tariff": meter.tariff_id,
        "share": None if meter.share is None else _written_share(meter.share),
        "user": meter.user_signal,
        "users": _written_users(meter) or None,
    }
    return {key: value for key, value in settings.items() if value is not None}


def _written_formula(meter: Meter) -> str:
    signs = {value: sign for sign, value in _SIGNS.items()}
    words = (f"{signs[sign]} {point}" for sign, point in meter.formula)
    return " ".join(words).removeprefix("+ ")


def _written_users(meter: Meter) -> dict[str, object]:
    names = meter.participants
    return {
        tag: {"house": house_id, "participant": names[tag]}
        if tag in names
        else house_id
        for tag, house_id in meter.users.items()
    }


def _written_share(share: CommonShare) -> dict[str, object]:
    if not share.of:
        return {"by": str(share.by)}
    if share.by is ShareBy.EQUAL:
        return {"by": str(share.by), "of": list(share.of)}
    of = {house_id: f"{part:f}" for house_id, part in share.of.items()}
    return {"by": str(share.by), "of": of}
