"""Numbers and dates as a language and a country write them.

The country is the currency's where only one has it (a Swiss bill is Swiss in
every language), else the time zone's; where nobody describes that pair, such as
Italian in Austria, the language decides alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
import re
from types import MappingProxyType
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_interval, format_time
from babel.numbers import format_currency, format_decimal, format_percent

from ..billing.calendar import Instant
from ..billing.currencies import decimals_of
from ..billing.energy import Energy
from ..billing.invoices import Letterhead
from ..billing.money import Money
from .minor_units import minor_unit
from .texts import TEXTS, Texts

_COUNTRY: Mapping[str, str] = MappingProxyType({"CHF": "CH", "GBP": "GB", "USD": "US"})
_HYPHEN, _MINUS, _NO_BREAK_SPACE = "-", "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"
_LETTER_BEFORE_NUMBER = re.compile(r"(?<=[A-Za-z])(?=[-0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How one reader is written to."""

    language: str
    texts: Texts
    locale: Locale
    currency: str
    zone: ZoneInfo

    def kwh(self, energy: Energy) -> str:
        """Write an energy to the watt hour."""
        return self.decimal_kwh(energy.kwh)

    def decimal_kwh(self, kwh: Decimal) -> str:
        """Write kWh to the watt hour."""
        return self._decimal(kwh, 3)

    def exact_kwh(self, kwh: Decimal) -> str:
        """Write kWh with every decimal that energy has, and their unit."""
        return f"{self._decimal(kwh, 6)}{_NO_BREAK_SPACE}kWh"

    def kwh_with_unit(self, energy: Energy) -> str:
        """Write an energy with its unit, which stays on the same line."""
        return f"{self.kwh(energy)}{_NO_BREAK_SPACE}kWh"

    def about_kwh(self, tenths: int) -> str:
        """Write tenths of a kWh with their unit."""
        return f"{self._decimal(Decimal(tenths).scaleb(-1), 1)}{_NO_BREAK_SPACE}kWh"

    def amount(self, money: Money) -> str:
        """Write an amount without its currency."""
        return self._decimal(money.units, decimals_of(self.currency))

    def amount_with_currency(self, money: Money) -> str:
        """Write an amount with its currency, to the smallest unit that there is."""
        pattern = self.locale.currency_formats["standard"].pattern
        decimals = decimals_of(self.currency)
        written = format_currency(
            money.units,
            self.currency,
            pattern.replace(".00", f".{'0' * decimals}" if decimals else ""),
            locale=self.locale,
            currency_digits=False,
        )
        return _typeset(_LETTER_BEFORE_NUMBER.sub(_NO_BREAK_SPACE, written))

    @property
    def price_unit(self) -> str:
        """What prices are in, per kWh: cents where they have a name."""
        return self._minor_unit or self.currency

    @property
    def _minor_unit(self) -> str | None:
        return minor_unit(self.currency, self.language)

    def price(self, price: Money) -> str:
        """Write a price per kWh with every decimal of it, at least two."""
        number = price.ct if self._minor_unit else price.units
        exponent = number.normalize().as_tuple().exponent
        return self._decimal(number, max(2, -int(exponent)))

    def unit_price(self, price: Money) -> str:
        """Write a price per kWh with its unit."""
        unit = self.texts.price.format(unit=self.price_unit)
        return f"{self.price(price)}{_NO_BREAK_SPACE}{unit}"

    def exact(self, money: Money) -> str:
        """Write an amount that is not rounded, in what prices are in."""
        number = money.ct if self._minor_unit else money.units
        return f"{self.factor(number)}{_NO_BREAK_SPACE}{self.price_unit}"

    def average(self, price: Money) -> str:
        """Write an average of prices per kWh: two decimals of the smallest unit."""
        if self._minor_unit:
            number, decimals = price.ct, 2
        else:
            number, decimals = price.units, 2 + decimals_of(self.currency)
        return f"Ø{_NO_BREAK_SPACE}{self._decimal(number, decimals)}"

    def percent(self, tenths: int) -> str:
        """Write tenths of a per cent."""
        share = Decimal(tenths).scaleb(-3)
        return format_percent(share, locale=self.locale, decimal_quantization=False)

    def factor(self, number: Decimal) -> str:
        """Write a number with as many decimals as it has."""
        exponent = number.normalize().as_tuple().exponent
        return self._decimal(number, max(0, -int(exponent)))

    def kilograms(self, grams: Decimal) -> str:
        """Write grams in kilograms with their unit."""
        return f"{self._decimal(grams.scaleb(-3), 1)}{_NO_BREAK_SPACE}kg"

    def count(self, number: int) -> str:
        """Write a count."""
        return self._decimal(Decimal(number), 0)

    def lines(self, numbers: Sequence[int]) -> str:
        """Write which lines are meant, at least one: `lines 1, 3–7`."""
        one_or_more = self.texts.of_line if len(numbers) == 1 else self.texts.of_lines
        return one_or_more.format(lines=", ".join(_together(numbers)))

    def day(self, day: date) -> str:
        """Write a date in full."""
        return format_date(day, "long", self.locale)

    def short_day(self, day: date) -> str:
        """Write a date with a short month."""
        return self.days(day, day)

    def days(self, first: date, last: date) -> str:
        """Write a range of days, both included."""
        return format_interval(first, last, "yMMMd", locale=self.locale)

    def moments(self, start: Instant, end: Instant) -> str:
        """Write a stretch of local time, its day once where it has only one."""
        first, last = (datetime.fromtimestamp(t, self.zone) for t in (start, end))
        day = "" if first.date() == last.date() else f"{self.short_day(last)}, "
        beginning = f"{self.short_day(first)}, {self._time(first)}"
        return f"{beginning} – {day}{self._time(last)}"

    def _time(self, local: datetime) -> str:
        return format_time(local, "short", tzinfo=self.zone, locale=self.locale)

    def _decimal(self, number: Decimal, decimals: int) -> str:
        pattern = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
        return _typeset(format_decimal(number, pattern, self.locale))


def wording_for(letterhead: Letterhead, language: str) -> Wording:
    """Return how somebody of that language is written to; English if unknown."""
    return wording_in(language, letterhead.currency, letterhead.timezone)


def wording_in(language: str, currency: str, timezone: str) -> Wording:
    """Return how a community of that currency and time zone writes a language."""
    known = language if language in TEXTS else "en"
    return Wording(
        language=known,
        texts=TEXTS[known],
        locale=_locale(known, currency, timezone),
        currency=currency,
        zone=ZoneInfo(timezone),
    )


def _locale(language: str, currency: str, timezone: str) -> Locale:
    zones: Mapping[str, str] = get_global("zone_territories")
    country = _COUNTRY.get(currency) or zones.get(timezone)
    try:
        return Locale(language, country)
    except UnknownLocaleError:
        return Locale(language)


def _together(numbers: Sequence[int]) -> Iterator[str]:
    """Yield numbers in turn, those that follow one another as `3–7`."""
    for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        first, *_, last = [number for _, number in run] * 2
        yield str(first) if first == last else f"{first}–{last}"


def _typeset(number: str) -> str:
    """Put a minus sign, which is as wide as a digit, in place of a hyphen."""
    return number.replace(_HYPHEN, _MINUS)
