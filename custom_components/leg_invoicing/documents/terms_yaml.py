"""A community's terms as the YAML that people write by hand.

    community: {timezone: Europe/Zurich, currency: CHF, model: split, ...}
    tariffs:
      standard:
        - {valid_from: 2026-01-01, p_pv: 20, p_con: 25, ...}
    agreements:
      - {house: house_1, participant: "Anna Muster", tariff: standard, ...}
    meters:
      ev_1: {house: house_1, role: ev_charger, name: Wallbox, ...}

Prices stand there as they were entered, `to` is the first day that an agreement
is no longer valid. Together with the intervals' CSV this is all that it takes to
compute a period again.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
import json
import re

from ..billing.agreements import Agreement, Owner
from ..billing.allocation import AllocationKey, OfficialUse
from ..billing.benefits_written import written_benefits
from ..billing.meters_written import written_meter
from ..billing.money import NO_MONEY
from ..billing.sharing_versions import SharingVersion
from ..billing.tariff_written import written_version
from ..billing.terms import NAMELESS_ISSUER, GapRule, Terms
from ..billing.vat_written import written_supplier_vat
from .exact_json import plain

_BARE = re.compile(r"[A-Za-z][A-Za-z0-9_/]*")
_NUMBER_OR_DATE = re.compile(r"-?\d+(\.\d+)?|\d{4}-\d{2}-\d{2}", re.ASCII)
_NOT_TEXT = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def terms_yaml(terms: Terms) -> str:
    """Write the terms; reading them back gives the same terms.

    `grid_tariff` is left out where there is no choice: a single tariff.
    """
    return "".join(f"{line}\n" for line in _document(terms))


def _document(terms: Terms) -> Iterator[str]:
    yield f"community: {_flow(_community(terms))}"
    yield "tariffs:"
    for tariff in terms.tariffs.values():
        yield f"  {_text(tariff.tariff_id)}:"
        for version in tariff.versions:
            yield f"    - {_nested(written_version(version))}"
    yield "agreements:" if terms.agreements else "agreements: []"
    for agreement in terms.agreements:
        yield f"  - {_flow(_agreement(agreement))}"
    if terms.owners:
        owners = {_text(h): _flow(_owner(o)) for h, o in sorted(terms.owners.items())}
        yield f"owners: {_flow(owners)}"
    if terms.left:
        left = {_text(h): _days(days) for h, days in sorted(terms.left.items())}
        yield f"left: {_flow(left)}"
    if terms.meters:
        yield "meters:"
    for meter in terms.meters:
        yield f"  {_text(meter.meter_id)}: {_nested(written_meter(meter))}"


def _community(terms: Terms) -> Mapping[str, str]:
    community = terms.community
    members = {
        "timezone": _text(community.timezone),
        "currency": _text(community.currency),
        "model": str(community.model),
        **_sharing(community.sharing[0]),
        "interval": str(community.interval_minutes),
        "gaps": _flow(_gaps(community.gaps)),
    }
    if community.official_allocation is not OfficialUse.AUDIT:
        members["official_allocation"] = str(community.official_allocation)
    # Where a band asks for them, that there are none is said, too.
    if community.holidays or _asks_for_holidays(terms):
        members["holidays"] = _days(community.holidays)
    if community.rounding != NO_MONEY:
        members["rounding"] = plain(community.rounding.units)
    if community.issuer != NAMELESS_ISSUER:
        members["issuer"] = _quoted(community.issuer.name)
    told = written_benefits(community.benefits)
    members |= {key: _nested(each) for key, each in told.items()}
    if later := community.sharing[1:]:
        versions = (
            _flow({"valid_from": version.valid_from.isoformat(), **_sharing(version)})
            for version in later
        )
        members["sharing"] = f"[{', '.join(versions)}]"
    if len(terms.tariffs) > 1:
        members["grid_tariff"] = _text(community.grid_tariff)
    return members


def _asks_for_holidays(terms: Terms) -> bool:
    versions = (v for tariff in terms.tariffs.values() for v in tariff.versions)
    return any(version.holiday_band is not None for version in versions)


def _sharing(version: SharingVersion) -> Mapping[str, str]:
    members = {"allocation": str(version.allocation)}
    if version.producers is not AllocationKey.PROPORTIONAL:
        members["producers"] = str(version.producers)
    if version.weights:
        weights = sorted(version.weights.items())
        members["weights"] = _flow({_text(h): plain(weight) for h, weight in weights})
    if version.order:
        members["order"] = f"[{', '.join(map(_text, version.order))}]"
    return members


def _gaps(rule: GapRule) -> Mapping[str, str]:
    return {
        "policy": str(rule.policy),
        "limit_hours": plain(rule.limit_hours),
        "shape": str(rule.shape),
    }


def _agreement(agreement: Agreement) -> Mapping[str, str]:
    members = {
        "house": _text(agreement.house_id),
        "participant": _quoted(agreement.participant.name),
        "tariff": _text(agreement.tariff_id),
        "from": agreement.first.isoformat(),
    }
    if agreement.end is not None:
        members["to"] = agreement.end.isoformat()
    if agreement.weight is not None:
        members["weight"] = plain(agreement.weight)
    if agreement.factor != 1:
        members["factor"] = plain(agreement.factor)
    if vat := written_supplier_vat(agreement.vat, agreement.participant.vat_number):
        members["vat"] = _nested(vat)
    if agreement.invoice:
        members["invoice"] = _text(agreement.invoice)
    return members


def _owner(owner: Owner) -> Mapping[str, str]:
    members = {"name": _quoted(owner.party.name)}
    if owner.tariff_id is not None:
        members["tariff"] = _text(owner.tariff_id)
    if owner.invoice:
        members["invoice"] = _text(owner.invoice)
    if vat := written_supplier_vat(owner.vat, owner.party.vat_number):
        members["vat"] = _nested(vat)
    return members


def _days(days: Iterable[date]) -> str:
    return f"[{', '.join(day.isoformat() for day in sorted(days))}]"


def _nested(value: object) -> str:
    """Write mappings, lists and texts; numbers and dates stand there as they are."""
    if isinstance(value, Mapping):
        return _flow({_text(key): _nested(each) for key, each in value.items()})
    if isinstance(value, list):
        return f"[{', '.join(map(_nested, value))}]"
    text = str(value)
    return text if _NUMBER_OR_DATE.fullmatch(text) else _text(text)


def _flow(members: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in members.items()) + "}"


def _text(text: str) -> str:
    """Write a text bare where YAML cannot take it for something else."""
    if _BARE.fullmatch(text) and text.lower() not in _NOT_TEXT:
        return text
    return _quoted(text)


def _quoted(text: str) -> str:
    """Write a text as a JSON string, which YAML reads the same way.

    YAML refuses some characters that JSON may hold as they are; those are
    written as escapes, which both understand.
    """
    return "".join(
        char if char.isprintable() or char > "\uffff" else f"\\u{ord(char):04x}"
        for char in json.dumps(text, ensure_ascii=False)
    )
