"""VAT as a person writes it, read and written.

vat: {mode: on_top, rate: 8.1}              # of a tariff: on what houses pay
vat: {mode: none, reason: not liable}
vat: {mode: on_top, rate: 8.1, number: CHE-123.456.789 MWST}
                            # of an agreement or an owner: on what a house gets
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn

from .reasons import charges as because
from .vat import NO_VAT, Vat, VatMode
from .written import Written

_MOST_PERCENT = 100


def price_vat_from_written(written: Written) -> Vat:
    """Read the VAT on prices, or why there is none; raises TermsError."""
    vat = vat_from_written(written)
    if vat == NO_VAT:
        written.refuse(because.NO_VAT_REASON())
    return vat


def vat_from_written(written: Written) -> Vat:
    """Read a tax, whoever owes it; raises TermsError."""
    return _vat(written, written.fields(("mode",), ("rate", "reason")))


def supplier_vat_from_written(written: Written) -> tuple[Vat, str | None]:
    """Read the VAT on what a house delivers, and its number; raises TermsError."""
    part = written.fields(("mode",), ("rate", "reason", "number"))
    vat = _vat(written, part)
    number = part["number"].text() if "number" in part else None
    if vat.mode is not VatMode.NONE and number is None:
        written.refuse(because.NO_VAT_NUMBER())
    return vat, number


def _vat(written: Written, part: Mapping[str, Written]) -> Vat:
    mode = part["mode"].choice(VatMode)
    rate = part["rate"].number() if "rate" in part else Decimal(0)
    reason = part["reason"].text() if "reason" in part else ""
    if mode is VatMode.NONE:
        if rate:
            part["rate"].refuse(because.RATE_WITHOUT_VAT())
        return Vat(reason=reason)
    if not 0 < rate < _MOST_PERCENT:
        _refuse_rate(written, part.get("rate"))
    if reason:
        part["reason"].refuse(because.REASON_WITH_VAT())
    return Vat(mode=mode, rate=rate)


def _refuse_rate(written: Written, rate: Written | None) -> NoReturn:
    if rate is None:
        written.refuse(because.NO_RATE())
    rate.refuse(because.RATE_RANGE(mode=VatMode.NONE))


def written_vat(vat: Vat) -> dict[str, Any]:
    """Write the VAT on prices."""
    written = {"mode": str(vat.mode)}
    if vat.rate:
        written["rate"] = f"{vat.rate:f}"
    if vat.reason:
        written["reason"] = vat.reason
    return written


def written_supplier_vat(vat: Vat, number: str | None) -> dict[str, Any] | None:
    """Write the VAT on what a house delivers; None where there is nothing to say."""
    if vat == NO_VAT and number is None:
        return None
    return written_vat(vat) | ({} if number is None else {"number": number})
