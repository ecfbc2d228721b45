"""Agreements as people write them down: a list of who has which house.

house, participant (a name, or a mapping of name, address, email, language, iban),
tariff, from; to (exclusive), weight, vat (the participant's own, on what he delivers)
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from .agreements import LANGUAGES, Agreement, AgreementError, Party, check_agreements
from .iban import IbanError, compact_iban
from .sharing_written import weight_from
from .vat import NO_VAT
from .vat_written import supplier_vat_from_written
from .written import TermsError, Written, known_tariff, listed


def agreements_from_written(
    written: Written, tariffs: Collection[str]
) -> tuple[Agreement, ...]:
    """Read the agreements; raises TermsError naming what is wrong."""
    items = written.items()
    agreements = [_agreement(item, tariffs) for item in items]
    try:
        return check_agreements(agreements)
    except AgreementError as err:
        wrong = next(
            item
            for item, agreement in zip(items, agreements, strict=True)
            if agreement is err.agreement
        )
        end = err.agreement.end
        key = "to" if end is not None and end <= err.agreement.first else "from"
        raise TermsError((*wrong.path, key), f"{err}; correct from or to") from err


def _agreement(written: Written, tariffs: Collection[str]) -> Agreement:
    part = written.fields(
        ("house", "participant", "tariff", "from"), ("to", "weight", "vat")
    )
    vat, number = (
        supplier_vat_from_written(part["vat"]) if "vat" in part else (NO_VAT, None)
    )
    return Agreement(
        house_id=part["house"].text(),
        participant=replace(_participant(part["participant"]), vat_number=number),
        tariff_id=known_tariff(part["tariff"], tariffs),
        first=part["from"].day(),
        end=part["to"].day() if "to" in part else None,
        weight=weight_from(part["weight"]) if "weight" in part else None,
        vat=vat,
    )


def _participant(written: Written) -> Party:
    if isinstance(written.value, str):
        return Party(name=written.text())
    part = written.fields(("name",), tuple(_DETAILS))
    details = {key: read(part[key]) for key, read in _DETAILS.items() if key in part}
    return Party(name=part["name"].text(), **details)


def _address(written: Written) -> tuple[str, ...]:
    """Return the lines of an address, which may be a list or one text."""
    if isinstance(written.value, list):
        return tuple(line.text() for line in written.items())
    return tuple(line.strip() for line in written.text().splitlines() if line.strip())


def _language(written: Written) -> str:
    if written.text() not in LANGUAGES:
        written.refuse(f"language cannot be {written.text()!r}; {listed(LANGUAGES)}")
    return written.text()


def _iban(written: Written) -> str:
    try:
        return compact_iban(written.text())
    except IbanError as err:
        written.refuse(str(err))


_DETAILS: Mapping[str, Callable[[Written], Any]] = {
    "address": _address,
    "email": Written.text,
    "language": _language,
    "iban": _iban,
}
"""How a participant's further details are read."""
