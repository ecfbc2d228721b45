"""The numbers of a statement that are no lines, in a sentence each."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from ..billing.figures import (
    Avoided,
    Difference,
    Figure,
    IncludedTax,
    Saved,
    Side,
    TakenOff,
    Total,
)
from ..billing.money import Money
from ..billing.rounding import EXACT, to_multiple
from .texts import TEXTS
from .wording import Wording, wording_in

_TENTH = Decimal("0.1")


def figure_in_words(figure: Figure, currency: str, timezone: str) -> dict[str, str]:
    """Return the sentence in every language."""
    return {
        language: _SENTENCES[type(figure)](
            figure, wording_in(language, currency, timezone)
        )
        for language in TEXTS
    }


def _total(total: Total, wording: Wording) -> str:
    amount = wording.amount_with_currency(total.amount)
    if not total.of_lines:
        return amount
    return f"Σ {wording.lines(total.of_lines)} = {amount}"


def _tax(tax: IncludedTax, wording: Wording) -> str:
    rate = tax.share.vat.rate
    whole = wording.factor(EXACT.add(Decimal(100), rate))
    gross = wording.amount_with_currency(tax.share.charged)
    net = wording.amount_with_currency(tax.net)
    return (
        f"{wording.factor(rate)} ÷ {whole} × {gross} ({wording.lines(tax.of_lines)}) ≈ "
        f"{wording.exact(tax.exact)} → {wording.amount_with_currency(tax.share.amount)}; "
        f"{wording.texts.without_vat.format(amount=net)}"
    )


def _saved(saved: Saved, wording: Wording) -> str:
    sides = " + ".join(_side(side, wording) for side in saved.sides)
    return f"{sides} = {wording.amount_with_currency(saved.amount)}"


def _side(side: Side, wording: Wording) -> str:
    average = wording.average(Money(EXACT.divide(side.exact.ct, side.kwh)))
    unit = wording.texts.price.format(unit=wording.price_unit)
    elsewhere = (
        f"{wording.amount_with_currency(side.elsewhere)} ({wording.texts.elsewhere}: "
        f"{wording.exact_kwh(side.kwh)} × {average} {unit})"
    )
    here = f"{wording.amount_with_currency(side.here)} ({wording.lines(side.of_lines)})"
    more, less = (elsewhere, here) if side.is_charge else (here, elsewhere)
    return f"{more} − {less}"


def _difference(difference: Difference, wording: Wording) -> str:
    return (
        f"{wording.amount_with_currency(difference.saved)} − "
        f"({wording.amount_with_currency(difference.besides)}, "
        f"{wording.lines(difference.of_lines)}) = "
        f"{wording.amount_with_currency(difference.amount)}"
    )


def _avoided(avoided: Avoided, wording: Wording) -> str:
    is_same = EXACT.multiply(avoided.energy.kwh, avoided.per_kwh) == avoided.grams
    factor = avoided.per_kwh if is_same else to_multiple(avoided.per_kwh, _TENTH)
    return (
        f"{wording.exact_kwh(avoided.energy.kwh)} {wording.texts.from_community} × "
        f"{'' if is_same else 'Ø '}{wording.factor(factor)} g/kWh = "
        f"{wording.kilograms(avoided.grams)}"
    )


def _taken_off(taken_off: TakenOff, wording: Wording) -> str:
    discounted = taken_off.discounted
    fee = Money(discounted.discount.grid_fee.ct_per_kwh)
    return (
        f"{wording.factor(discounted.discount.percent)} % × {wording.unit_price(fee)} × "
        f"{wording.exact_kwh(discounted.energy.kwh)} {wording.texts.from_community} = "
        f"{wording.exact(discounted.taken_off)} → "
        f"{wording.amount_with_currency(taken_off.amount)}"
    )


_SENTENCES: Mapping[type[Figure], Callable[[Any, Wording], str]] = {
    Total: _total,
    IncludedTax: _tax,
    Saved: _saved,
    Difference: _difference,
    Avoided: _avoided,
    TakenOff: _taken_off,
}
