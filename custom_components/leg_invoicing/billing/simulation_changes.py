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
what is told beside the bills, says all of it. A new member uses and delivers so many
times what another house does, by the same tariff unless one is named, and its house is
called `new_member`.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from .benefits_written import BENEFIT_FIELDS
from .reasons import changes as because
from .sharing_written import SHARING_FIELDS
from .simulation import Member, Scenario
from .simulation_member import agreement_with, known_house, member_from
from .simulation_tariffs import require_used, tariffs_changed
from .simulation_without import require_formulas, require_none_of_grid, without_houses
from .tariff_record import require_bands_met
from .terms import Terms
from .terms_record import OPTIONAL_PARTS, REQUIRED_PARTS, terms_from_record
from .written import Written

type _Record = Mapping[str, Any]

_PARTS = (*REQUIRED_PARTS, *OPTIONAL_PARTS, "member", "without")


def scenario(
    record: _Record, changes: object, first: date, *, has_holidays: bool = False
) -> Scenario:
    """Change the terms of a record, for a span that begins on a day.

    The record is one that `terms_from_record` takes; `has_holidays` tells that there
    are holidays of which it need not say anything. Raises TermsError where the changes
    are not understood, or contradict the rest.
    """
    Written(changes).fields((), _PARTS)  # refuses what is misspelt
    given = Written(changes).entries()
    without, joining = given.pop("without", None), given.pop("member", None)
    leaving = _leaving(without, record, "meters" in given)
    following = without_houses(record, leaving)
    member = _joined(joining, following)
    if about := joining or (without if leaving else None):
        if "meters" not in given:
            require_none_of_grid(about, following)
        following["meters"] = _not_at_grid(following.get("meters") or {})
    for key, written in given.items():
        change = _CHANGES.get(key, _replaced)
        following[key] = change(following.get(key, {}), written, first)
    if joining is not None:
        agreement = agreement_with(joining, record, first)
        following["agreements"] = _with_one_more(following["agreements"], agreement)
    terms = _terms(following, given, record, has_holidays=has_holidays)
    _require_same_grid(terms_from_record(record), terms)
    gone = leaving | (_meters_of(record) - _meters_of(following))
    return Scenario(terms=terms, member=member, without=gone)


def _terms(
    following: _Record,
    given: Mapping[str, Written],
    record: _Record,
    *,
    has_holidays: bool,
) -> Terms:
    """Read the terms that follow; refuse tariffs that would not count."""
    if "tariffs" not in given:
        return terms_from_record(following)
    require_used(given["tariffs"], record, following)
    terms = terms_from_record(following)
    entered = [terms.tariffs[name] for name in given["tariffs"].entries()]
    names_holidays = following["community"].get("holidays") is not None
    require_bands_met(entered, has_holidays=has_holidays or names_holidays)
    return terms


def _joined(joining: Written | None, following: dict[str, Any]) -> Member | None:
    """Read a new member, and add its meters to the terms that follow."""
    if joining is None:
        return None
    member, meters = member_from(joining, following)
    following["meters"] = {**(following.get("meters") or {}), **meters}
    return member


def _not_at_grid(meters: _Record) -> dict[str, Any]:
    """Leave out what would have counted something else, which nobody can know."""
    return {m: meter for m, meter in meters.items() if meter["role"] != "grid"}


def _with_one_more(agreements: object, agreement: _Record) -> object:
    """Add what was agreed with a new member, unless changes say that themselves."""
    if not isinstance(agreements, list):
        return agreements  # which is refused when terms are read
    named = any(
        isinstance(each, Mapping) and each.get("house") == agreement["house"]
        for each in agreements
    )
    return agreements if named else [*agreements, agreement]


def _meters_of(record: _Record) -> set[str]:
    """Return the meters beside the houses' own, which are measured either way."""
    houses = {agreement["house"] for agreement in record["agreements"]}
    return set(record.get("meters") or ()) - houses


def _require_same_grid(before: Terms, after: Terms) -> None:
    """Refuse other intervals and days than those that were measured."""
    for field, key in (("timezone", "timezone"), ("interval_minutes", "interval")):
        if getattr(before.community, field) != getattr(after.community, field):
            Written(None, ("community", key)).refuse(because.AS_MEASURED(key=key))


def _leaving(
    written: Written | None, record: _Record, has_other_meters: bool
) -> frozenset[str]:
    """Read the houses that are not there."""
    if written is None:
        return frozenset()
    houses = {agreement["house"] for agreement in record["agreements"]}
    leaving = frozenset(known_house(item, houses) for item in written.items())
    if not has_other_meters:
        require_formulas(written, record, leaving)
    return leaving


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
