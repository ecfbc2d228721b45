"""What somebody might change, in the words of a terms file.

    community: {model: split, allocation: equal}      for all of the span
    tariffs:
      Standard: {p_con: 24}                           each version but for this
      Night: {valid_from: 2026-03-15, p_con: 18}      from a day on, to the next version
      Other: [{valid_from: 2026-01-01, p_pv: 20, …}]  all of its versions
    agreements: […]                                   all of them
    member: {like: house_2, consumption: 1.5, production: 0, tariff: Standard}
    without: [house_3]

What is left out stays as it stands; only whoever says anything about sharing, or about
what is told beside the bills, says all of it. A new member uses and delivers so many times what another house does, by the
same tariff unless one is named, and its house is called `new_member`.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from .benefits_written import BENEFIT_FIELDS
from .reasons import changes as because, metering
from .sharing_written import SHARING_FIELDS
from .simulation import NEW_MEMBER, Member, Scenario
from .simulation_tariffs import require_used, tariffs_changed
from .simulation_without import without_houses
from .terms import Terms
from .terms_record import terms_from_record
from .written import Written, nearest

type _Record = Mapping[str, Any]

_ONCE = Decimal(1)


def scenario(record: _Record, changes: object, first: date) -> Scenario:
    """Change the terms of a record, for a span that begins on a day.

    The record is one that `terms_from_record` takes. Raises TermsError where the
    changes are not understood, or contradict the rest.
    """
    given = Written(changes).entries()
    houses = {agreement["house"] for agreement in record["agreements"]}
    leaving = _leaving(given.pop("without", None), houses)
    following = without_houses(record, leaving)
    member = None
    if (written := given.pop("member", None)) is not None:
        member, agreement = _joining(written, following, first)
        following["agreements"] = [*following["agreements"], agreement]
    for key, written in given.items():
        change = _CHANGES.get(key, _replaced)
        following[key] = change(following.get(key, {}), written, first)
    if "tariffs" in given:
        require_used(given["tariffs"], record, following)
    terms = terms_from_record(following)
    _require_same_grid(terms_from_record(record), terms)
    gone = leaving | (_meters_of(record) - _meters_of(following))
    return Scenario(terms=terms, member=member, without=gone)


def _meters_of(record: _Record) -> set[str]:
    return set(record.get("meters") or ())


def _require_same_grid(before: Terms, after: Terms) -> None:
    """Refuse other intervals and days than those that were measured."""
    for field, key in (("timezone", "timezone"), ("interval_minutes", "interval")):
        if getattr(before.community, field) != getattr(after.community, field):
            Written(None, ("community", key)).refuse(because.AS_MEASURED(key=key))


def _leaving(written: Written | None, houses: Collection[str]) -> frozenset[str]:
    items = () if written is None else written.items()
    return frozenset(_known_house(item, houses) for item in items)


def _known_house(written: Written, houses: Collection[str]) -> str:
    house_id = written.text()
    if house_id not in houses:
        hint = nearest(house_id, houses)
        written.refuse(metering.NO_HOUSE(house=house_id, hint=hint))
    return house_id


def _joining(
    written: Written, record: _Record, first: date
) -> tuple[Member, dict[str, str]]:
    """Return a new member, and what was agreed with it."""
    part = written.fields(("like",), ("consumption", "production", "tariff", "weight"))
    houses = {agreement["house"] for agreement in record["agreements"]}
    like = _known_house(part["like"], houses)
    _require_own_meter(part["like"], like, record)
    tariff = next(a["tariff"] for a in record["agreements"] if a["house"] == like)
    agreement = {
        "house": NEW_MEMBER,
        "participant": NEW_MEMBER,
        "tariff": part["tariff"].text() if "tariff" in part else tariff,
        "from": first.isoformat(),
    }
    if "weight" in part:
        agreement["weight"] = part["weight"].text()
    member = Member(
        like=like,
        consumption=_factor(part.get("consumption")),
        production=_factor(part.get("production")),
    )
    return member, agreement


def _require_own_meter(written: Written, house_id: str, record: _Record) -> None:
    for meter in (record.get("meters") or {}).values():
        virtual = meter.get("formula") and meter["role"] == "house"
        if virtual and meter.get("house") == house_id:
            written.refuse(because.NO_METER(house=house_id))


def _factor(written: Written | None) -> Decimal:
    if written is None:
        return _ONCE
    factor = written.number()
    if factor < 0:
        written.refuse(because.NEGATIVE_TIMES(name=written.name))
    return factor


def _community(before: _Record, written: Written, _first: date) -> dict[str, Any]:
    given = _values(written)
    for fields in (SHARING_FIELDS, BENEFIT_FIELDS):
        if given.keys() & set(fields):
            before = {k: v for k, v in before.items() if k not in fields}
    return {**before, **given}


def _replaced(_before: object, written: Written, _first: date) -> object:
    return written.value


def _values(written: Written) -> dict[str, Any]:
    return {key: each.value for key, each in written.entries().items()}


_CHANGES: Mapping[str, Callable[[Any, Written, date], object]] = {
    "community": _community,
    "tariffs": tariffs_changed,
}
"""How what the terms say is changed, other than by replacing all of it."""
