"""What a line is about, in words, with the arithmetic that its columns do not show."""

from collections.abc import Callable, Iterator, Mapping

from ..billing.fees import FeePart
from ..billing.invoices import Invoice
from ..billing.models import LineKind
from ..billing.money import Money
from ..billing.percentage import Percentage
from ..billing.statements import Line, Statement, Unit
from ..billing.tiers import Tier
from ..billing.vat import VatMode
from .wording import Wording


def described(line: Line, wording: Wording) -> str:
    """Return what a line is about."""
    return _DESCRIPTIONS.get(line.kind, _energy)(line, wording)


def vat_notes(statement: Statement, wording: Wording) -> Iterator[str]:
    """Yield what is to be said of VAT besides its lines."""
    texts = wording.texts
    for shares, included, none in (
        (statement.vat, texts.vat_included, texts.vat_none),
        (
            statement.supplier_vat,
            texts.supplier_vat_included,
            texts.supplier_vat_none,
        ),
    ):
        for share in shares:
            if share.vat.mode is VatMode.INCLUDED:
                yield included.format(
                    rate=wording.factor(share.vat.rate),
                    amount=wording.amount_with_currency(share.amount),
                )
            elif share.vat.reason:
                yield none.format(reason=share.vat.reason)


def vat_numbers(invoice: Invoice, wording: Wording) -> Iterator[str]:
    """Yield under which number either side owes the VAT that the document shows."""
    issuer, statement = invoice.letterhead.issuer, invoice.statement
    if issuer.vat_number and any(share.amount.ct for share in statement.vat):
        yield wording.texts.vat_number.format(
            name=issuer.name, number=issuer.vat_number
        )
    if any(share.amount.ct for share in statement.supplier_vat):
        yield wording.texts.self_billing.format(number=invoice.recipient.vat_number)


def _energy(line: Line, wording: Wording) -> str:
    parts = [wording.texts.lines[line.kind]]
    if line.meter:
        parts.append(line.meter)
    if line.band is not None:
        parts.append(line.band)
    if line.tier is not None:
        parts.append(tier_limits(line.tier, line.parts, wording))
    if line.percentage is not None:
        parts.append(price_in_words(line, line.percentage, wording))
    return ", ".join(parts)


def tier_limits(tier: Tier, days: tuple[FeePart, ...], wording: Wording) -> str:
    """Write the limits of a tier: `54.5` of a month, `17/31 × 54.5` of some days."""
    part = "" if all(d.days == d.of_days for d in days) else f"{times(days)} × "
    above, to = (
        f"{part}{wording.factor(limit.kwh)}" if limit else ""
        for limit in (tier.above, tier.to)
    )
    texts = wording.texts
    if not to:
        return texts.tier_last.format(above=above)
    return (texts.tier_between if above else texts.tier_first).format(
        above=above, to=to
    )


def price_in_words(line: Line, percentage: Percentage, wording: Wording) -> str:
    """Write a price as per cent of another one: `80 % of 30.00 (grid price)`."""
    whole = Money(percentage.whole_of(line.unit_price.ct))
    return wording.texts.percent_of_price.format(
        percent=wording.factor(percentage.percent),
        of=wording.texts.prices[percentage.of],
        price=(wording.average if line.is_average else wording.price)(whole),
    )


def _fee(line: Line, wording: Wording) -> str:
    name = f"{line.name}, {line.meter}" if line.meter else line.name
    if line.percentage is not None:
        return f"{name}: {_percent_off(line, line.percentage, wording)}"
    if line.unit is Unit.ONCE and line.quantity != 1:
        count = wording.factor(line.quantity)
        return f"{name}: {count} × {wording.amount(line.unit_price)}"
    each = wording.texts.fee_units.get(line.unit)
    if each is None:
        return name
    each = each.format(amount=wording.amount(line.unit_price))
    return f"{name}: {times(line.parts)} × {each}"


def _percent_off(line: Line, percentage: Percentage, wording: Wording) -> str:
    return wording.texts.percent_of_price.format(
        percent=wording.factor(percentage.percent),
        of=wording.texts.charged[percentage.of],
        price=wording.amount(line.unit_price.times_hundred),
    )


def times(parts: tuple[FeePart, ...]) -> str:
    """Write how many months or years, the whole ones together: `2 + 17/31`."""
    whole = sum(part.days == part.of_days for part in parts)
    broken = [
        f"{part.days}/{part.of_days}" for part in parts if part.days != part.of_days
    ]
    return " + ".join([str(whole)] * bool(whole) + broken)


def _vat(line: Line, wording: Wording) -> str:
    is_own = line.kind is LineKind.VAT
    texts = wording.texts
    text = texts.vat_on_top if is_own else texts.supplier_vat_on_top
    return text.format(
        rate=wording.factor(line.quantity),
        amount=wording.amount_with_currency(line.unit_price.times_hundred),
    )


def _rounding(_line: Line, wording: Wording) -> str:
    return wording.texts.lines[LineKind.ROUNDING]


_DESCRIPTIONS: Mapping[LineKind, Callable[[Line, Wording], str]] = {
    LineKind.FEE: _fee,
    LineKind.DISCOUNT: _fee,
    LineKind.VAT: _vat,
    LineKind.SUPPLIER_VAT: _vat,
    LineKind.ROUNDING: _rounding,
}
