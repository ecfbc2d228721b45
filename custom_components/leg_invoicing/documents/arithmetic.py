"""The arithmetic of a line in a sentence: what it is computed from, and to what."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from ..billing.explanations import Explanation, Formula
from ..billing.models import CREDITS, LineKind
from ..billing.money import NO_MONEY, Money
from ..billing.rates import SignalPrice
from ..billing.statements import Line
from .descriptions import described, price_in_words, tier_limits, times
from .texts import TEXTS
from .wording import Wording, wording_in

_NO_NAMES: Mapping[str, str] = MappingProxyType({})


def arithmetic(
    explanation: Explanation,
    currency: str,
    timezone: str,
    signals: Mapping[str, str] = _NO_NAMES,
) -> dict[str, str]:
    """Return the sentence in every language; `signals` are called so by people."""
    if explanation.follows is not None:
        signal_id = explanation.follows.signal_id
        follows = replace(
            explanation.follows, signal_id=signals.get(signal_id, signal_id)
        )
        explanation = replace(explanation, follows=follows)
    return {
        language: _sentence(explanation, wording_in(language, currency, timezone))
        for language in TEXTS
    }


def line_in_words(line: Line, currency: str, timezone: str) -> dict[str, str]:
    """Return in every language what a line is about, as documents print it."""
    return {
        language: described(line, wording_in(language, currency, timezone))
        for language in TEXTS
    }


def _sentence(explanation: Explanation, wording: Wording) -> str:
    whole = _FORMULAS[explanation.formula](explanation, wording)
    exact = wording.exact(explanation.exact)
    amount = wording.amount_with_currency(explanation.amount)
    sentence = f"{whole} = {exact} → {amount}"
    if explanation.remark is None:
        return sentence
    return f"{sentence}. {wording.texts.remarks[explanation.remark]}"


def _product(explanation: Explanation, wording: Wording) -> str:
    line = explanation.line
    quantity = f"{_quantity(line, wording)}{_part(explanation, wording)}"
    if explanation.of_lines:
        quantity = f"{quantity} ({wording.lines(explanation.of_lines)})"
    if line.tier is not None:
        limits = wording.texts.tier_of.format(
            tier=tier_limits(line.tier, line.parts, wording),
            kwh=wording.exact_kwh(explanation.whole),
        )
        quantity = f"{quantity} ({limits})"
    return f"{quantity} × {wording.unit_price(line.unit_price)}{_percentage(line, wording)}"


def _intervals(explanation: Explanation, wording: Wording) -> str:
    line = explanation.line
    text = wording.texts.sum_of_intervals.format(
        count=wording.count(sum(c.intervals for c in explanation.counted)),
        quantity=f"{_quantity(line, wording)}{_part(explanation, wording)}",
        average=wording.average(line.unit_price),
        unit=wording.texts.price.format(unit=wording.price_unit),
    )
    follows = _follows(explanation.follows, wording) if explanation.follows else ""
    return f"{text}{follows}{_percentage(line, wording)}"


def _follows(rate: SignalPrice, wording: Wording) -> str:
    """Write how a price follows a signal: ` [0.9 × spot − 1.00 ct/kWh]`."""
    text = f"{wording.factor(rate.multiplier)} × {rate.signal_id}"
    if rate.offset:
        sign = "+" if rate.offset > 0 else "−"
        text = f"{text} {sign} {wording.unit_price(Money(abs(rate.offset)))}"
    return f" [{text}]"


def _part(explanation: Explanation, wording: Wording) -> str:
    """Return the part of a meter that the house has: ` [80/200 × Staircase]`."""
    if explanation.part is None:
        return ""
    own, whole = map(wording.factor, explanation.part)
    return f" [{own}/{whole} × {explanation.line.meter}]"


def _percentage(line: Line, wording: Wording) -> str:
    """Return what the price is per cent of, if it is."""
    if line.percentage is None:
        return ""
    return f" [{price_in_words(line, line.percentage, wording)}]"


def _time(explanation: Explanation, wording: Wording) -> str:
    line = explanation.line
    price = _in_full(line.unit_price, line, wording)
    each = wording.texts.fee_units[line.unit].format(amount=price)
    parts = times(line.parts)
    count = f"({parts})" if "+" in parts else parts
    return f"{_minus(line)}{count} × {each}{_part(explanation, wording)}"


def _once(explanation: Explanation, wording: Wording) -> str:
    line = explanation.line
    price = _in_full(line.unit_price, line, wording)
    count = wording.factor(line.quantity)
    return f"{_minus(line)}{count} × {price}{_part(explanation, wording)}"


def _percent(explanation: Explanation, wording: Wording) -> str:
    line = explanation.line
    rate = wording.factor(line.quantity)
    base = _in_full(explanation.base, line, wording)
    lines = wording.lines(explanation.of_lines)
    if line.kind is LineKind.DISCOUNT:
        lines = wording.texts.unrounded.format(lines=lines)
    return f"{_minus(line)}{rate} % × {base} ({lines})"


def _coin(explanation: Explanation, wording: Wording) -> str:
    base, texts = explanation.base, wording.texts
    total = wording.amount_with_currency(base + explanation.amount)
    nearest = texts.nearest.format(coin=wording.amount_with_currency(explanation.coin))
    of = [wording.lines(explanation.of_lines)] if explanation.of_lines else []
    if explanation.others != NO_MONEY:
        others = wording.amount_with_currency(explanation.others)
        of.append(texts.other_houses.format(amount=others))
    return (
        f"{total} ({nearest}) − {wording.amount_with_currency(base)} ({', '.join(of)})"
    )


def _in_full(money: Money, line: Line, wording: Wording) -> str:
    """Write an amount, with all of its decimals where it has more than are printed."""
    if money == money.rounded_to(line.smallest):
        return wording.amount_with_currency(money)
    return wording.exact(money)


def _quantity(line: Line, wording: Wording) -> str:
    """Write kWh with every decimal; what is credited is negative."""
    return f"{_minus(line)}{wording.exact_kwh(line.quantity)}"


def _minus(line: Line) -> str:
    """Return the sign of what is credited or let off."""
    is_less = line.kind in CREDITS or line.kind is LineKind.DISCOUNT
    return "−" if is_less else ""


_FORMULAS: Mapping[Formula, Callable[[Explanation, Wording], str]] = {
    Formula.PRODUCT: _product,
    Formula.INTERVALS: _intervals,
    Formula.TIME: _time,
    Formula.ONCE: _once,
    Formula.PERCENT: _percent,
    Formula.COIN: _coin,
}
