"""Who is billed for which house, from what a person wrote down.

agreements: house, participant (a name, or a mapping), tariff, from; to
            (exclusive), weight, factor (the part of the house that takes
            part), vat (the participant's own, on what he delivers),
            invoice (agreements with the same word share one)
owners:     by house, a name or a mapping as of a participant, which may also
            say the tariff, the invoice and the vat: who is billed while nobody
            has an agreement
left:       by house, the first day on which it no longer belongs to the
            community, or a list of such days
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from .agreements import (
    LANGUAGES,
    Agreement,
    AgreementError,
    Owner,
    Party,
    check_agreements,
)
from .iban import IbanError, compact_iban
from .reasons import community as because
from .sharing_written import known_house, weight_from
from .together import check_invoices
from .vat import NO_VAT, Vat
from .vat_written import supplier_vat_from_written
from .written import TermsError, Written, known_tariff


def agreements_from_written(
    written: Written, tariffs: Collection[str]
) -> tuple[Agreement, ...]:
    """Read all agreements; refuse those that contradict each other."""
    items = written.items()
    agreements = [agreement_from_written(item, tariffs) for item in items]
    try:
        ordered = check_agreements(agreements)
    except AgreementError as err:
        end = err.agreement.end
        key = "to" if end is not None and end <= err.agreement.first else "from"
        wrong = items[_position(err, agreements)]
        raise TermsError((*wrong.path, key), err.reason) from err
    try:
        check_invoices(agreements)
    except AgreementError as err:
        wrong = items[_position(err, agreements)]
        raise TermsError((*wrong.path, "invoice"), err.reason) from err
    return ordered


def _position(err: AgreementError, agreements: Sequence[Agreement]) -> int:
    return next(i for i, each in enumerate(agreements) if each is err.agreement)


def agreement_from_written(written: Written, tariffs: Collection[str]) -> Agreement:
    """Read one agreement; raises TermsError."""
    for key, node in written.entries().items():
        if key in _DETAILS:
            node.refuse(because.OF_PARTICIPANT(key=key))
    part = written.fields(
        ("house", "participant", "tariff", "from"),
        ("to", "weight", "factor", "vat", "invoice"),
    )
    vat, number = _supplier_vat(part)
    return Agreement(
        house_id=part["house"].text(),
        participant=replace(party_from_written(part["participant"]), vat_number=number),
        tariff_id=known_tariff(part["tariff"], tariffs),
        first=part["from"].day(),
        end=part["to"].day() if "to" in part else None,
        weight=weight_from(part["weight"]) if "weight" in part else None,
        factor=_factor(part["factor"]) if "factor" in part else Decimal(1),
        vat=vat,
        invoice=part["invoice"].text() if "invoice" in part else "",
    )


def _supplier_vat(part: Mapping[str, Written]) -> tuple[Vat, str | None]:
    return supplier_vat_from_written(part["vat"]) if "vat" in part else (NO_VAT, None)


def _factor(written: Written) -> Decimal:
    factor = written.number()
    if not 0 < factor <= 1:
        written.refuse(because.FACTOR_RANGE())
    return factor


def party_from_written(written: Written) -> Party:
    """Read who somebody is: a name, or a mapping."""
    if isinstance(written.value, str):
        return Party(name=written.text())
    return _party(written.fields(("name",), tuple(_DETAILS)))


def _party(part: Mapping[str, Written]) -> Party:
    details = {key: read(part[key]) for key, read in _DETAILS.items() if key in part}
    return Party(name=part["name"].text(), **details)


def owners_from_written(
    written: Written, tariffs: Collection[str], agreements: Sequence[Agreement]
) -> dict[str, Owner]:
    """Read the owners of houses that somebody has, or has had."""
    houses = [agreement.house_id for agreement in agreements]
    owners = {
        known_house(house_id, node, houses): _owner(node, tariffs)
        for house_id, node in written.entries().items()
    }
    names = {a.invoice: a.participant.name for a in agreements if a.invoice}
    for house_id, owner in owners.items():
        invoice, name = owner.invoice, owner.party.name
        if invoice and (first := names.setdefault(invoice, name)) != name:
            reason = because.INVOICE_OF_OTHER(invoice=invoice, name=first)
            written.entries()[house_id].refuse(reason)
    return owners


def _owner(written: Written, tariffs: Collection[str]) -> Owner:
    if isinstance(written.value, str):
        return Owner(party=party_from_written(written))
    part = written.fields(("name",), (*_DETAILS, "tariff", "invoice", "vat"))
    vat, number = _supplier_vat(part)
    return Owner(
        party=replace(_party(part), vat_number=number),
        vat=vat,
        tariff_id=known_tariff(part["tariff"], tariffs) if "tariff" in part else None,
        invoice=part["invoice"].text() if "invoice" in part else "",
    )


def left_from_written(
    written: Written, agreements: Sequence[Agreement]
) -> dict[str, tuple[date, ...]]:
    """Read when houses left."""
    houses = [agreement.house_id for agreement in agreements]
    left = {}
    for house_id, node in written.entries().items():
        known_house(house_id, node, houses)
        own = [a for a in agreements if a.house_id == house_id]
        items = node.items() if isinstance(node.value, list) else [node]
        left[house_id] = tuple(sorted({_left_on(item, own) for item in items}))
    return left


def _left_on(written: Written, own: Sequence[Agreement]) -> date:
    """Read a day on which a house left, when somebody had had it and nobody has."""
    day = written.day()
    earlier = [agreement for agreement in own if agreement.first < day]
    if not earlier:
        written.refuse(because.NEVER_HERE(day=day))
    end = earlier[-1].end
    if end is None or end > day:
        name = earlier[-1].participant.name
        written.refuse(because.STILL_HERE(name=name, day=day))
    return day


def _address(written: Written) -> tuple[str, ...]:
    """Return the lines of an address, which may be a list or one text."""
    if isinstance(written.value, list):
        return tuple(line.text() for line in written.items())
    return tuple(line.strip() for line in written.text().splitlines() if line.strip())


def _language(written: Written) -> str:
    if written.text() not in LANGUAGES:
        written.refuse_choice(LANGUAGES)
    return written.text()


def _iban(written: Written) -> str:
    try:
        return compact_iban(written.text())
    except IbanError as err:
        written.refuse(err.reason)


_DETAILS: Mapping[str, Callable[[Written], Any]] = {
    "address": _address,
    "email": Written.text,
    "language": _language,
    "iban": _iban,
}
"""How a participant's further details are read."""
