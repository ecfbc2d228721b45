"""A version of a tariff as answers of its form, and back.

Bands with their own prices, fees and discounts stand in tables, a row for each. What
no table can say (tiers, sensors that are followed) is written into the last field.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from homeassistant.core import HomeAssistant

from .billing.money import UnitPrice
from .billing.rates import Rate, SignalPrice
from .billing.tariff_written import written_version
from .billing.tariffs import PRICE_NAMES, STANDARD, Price, TariffVersion
from .const import CONF_TARIFF, CONF_VAT_MODE
from .form_checks import RefusedError, exact_number, plain_number, tariff_settings
from .forms import Answers
from .signal_input import with_entities
from .tariff_fields import FIELD_DETAILS, FIELD_NAME, FIELD_REST, VAT_FIELDS
from .tariff_input import FIELD_BANDS, FIELD_DISCOUNTS, FIELD_FEES, FIELD_VAT

_FIELD_OF: Final = {FIELD_VAT: CONF_VAT_MODE}
"""The fields that parts of a version stand in, where they are called otherwise."""

type _Row = Mapping[str, Any]


def given_tariff(answers: Answers) -> dict[str, Any]:
    """Return what a tariff says, in the words of a terms file.

    Raises RefusedError where a part of it stands both in a field of its own and in the
    last one, or where rows contradict each other.
    """
    settings = tariff_settings(answers)
    del settings[CONF_TARIFF]
    details = answers.get(FIELD_DETAILS) or {}
    tables = _tables(answers, settings)
    for part in tables:
        if part in details:
            field = FIELD_BANDS if part in PRICE_NAMES else _FIELD_OF.get(part, part)
            raise RefusedError(field, "said_in_details", part=part)
    return settings | tables | details


def _tables(answers: Answers, prices: Mapping[str, str]) -> dict[str, Any]:
    """Return what stands in fields that may be empty."""
    rows = {
        name: [_filled(row) for row in answers.get(name) or ()]
        for name in (FIELD_BANDS, FIELD_FEES, FIELD_DISCOUNTS)
    }
    vat = _filled({key: answers.get(field) for key, field in VAT_FIELDS.items()})
    bands = [
        {key: value for key, value in row.items() if key not in PRICE_NAMES}
        for row in rows[FIELD_BANDS]
    ]
    said = {
        STANDARD: _cell(answers.get(STANDARD)),
        **rows,
        FIELD_BANDS: bands,
        FIELD_VAT: vat,
        **dict(_by_band(rows[FIELD_BANDS], prices)),
    }
    return {part: value for part, value in said.items() if value}


def _by_band(
    rows: Sequence[_Row], prices: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the prices that differ by band; an empty cell is the price above."""
    bands = [row.get(FIELD_NAME, "") for row in rows]
    for price in PRICE_NAMES:
        own: dict[str, str] = {}
        for band, row in zip(bands, rows, strict=True):
            if price in row and own.setdefault(band, row[price]) != row[price]:
                raise RefusedError(FIELD_BANDS, "band_price_twice", band=band)
        if own:
            yield price, {band: own.get(band, prices[price]) for band in bands}


def _filled(row: _Row) -> dict[str, Any]:
    """Return the cells of a row that say something."""
    cells = {column: _cell(value) for column, value in row.items()}
    return {column: cell for column, cell in cells.items() if cell}


def _cell(value: object) -> object:
    """Return what a cell says: a number exactly as it was typed."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return plain_number(exact_number({"base": value}, "base"))
    return value.strip() if isinstance(value, str) else value


def tariff_answers(hass: HomeAssistant, version: TariffVersion) -> dict[str, Any]:
    """Return a version the way a form shows it.

    Of a price that differs by band, the first is shown, and other bands say theirs; of
    one that follows a sensor, what is added to it.
    """
    written = written_version(version)
    first = {n: float(_number(price.rates[0][1])) for n, price in version.prices()}
    bands, columns = written.get(FIELD_BANDS), {}
    if isinstance(bands, list):
        columns = {n: price for n, price in version.prices() if _is_by_band(price)}
    vat = _as_shown(written.get(FIELD_VAT, {}))
    details = {
        part: said
        for part, said in written.items()
        if part not in columns and not _has_field(part, said)
    }
    return {
        **first,
        STANDARD: _standard(written.get(STANDARD)),
        FIELD_BANDS: [_band_row(band, columns, first) for band in bands]
        if isinstance(bands, list)
        else None,
        FIELD_FEES: [_as_shown(fee) for fee in written.get(FIELD_FEES, ())] or None,
        FIELD_DISCOUNTS: [_as_shown(d) for d in written.get(FIELD_DISCOUNTS, ())]
        or None,
        **{field: vat.get(key) for key, field in VAT_FIELDS.items()},
        FIELD_DETAILS: with_entities(hass, details or None),
    }


def _has_field(part: str, said: object) -> bool:
    """Tell whether there is a field for a part of a version that says this."""
    if part in (*PRICE_NAMES, STANDARD):
        return isinstance(said, str)
    return part != FIELD_BANDS or isinstance(said, list)


def _standard(said: object) -> float | None:
    return float(said) if isinstance(said, str) else None


def _is_by_band(price: Price) -> bool:
    """Tell whether a price is a number for each of several bands."""
    return (
        price.percentage is None
        and not price.tiers
        and all(
            band is not None and isinstance(rate, UnitPrice)
            for band, rate in price.rates
        )
    )


def _band_row(
    band: _Row, prices: Mapping[str, Price], shown: Mapping[str, float]
) -> dict[str, Any]:
    """Return a row of bands, with the prices that are not the ones above."""
    rates = {
        name: dict(price.rates)[band[FIELD_NAME]] for name, price in prices.items()
    }
    own = {name: float(_number(rate)) for name, rate in rates.items()}
    is_rest = {FIELD_REST: True} if FIELD_REST in band else {}
    differing = {name: value for name, value in own.items() if value != shown[name]}
    return {**band, **is_rest, **differing}


def _as_shown(row: _Row) -> dict[str, Any]:
    """Return a row as its table shows it: amounts as numbers."""
    return {
        column: float(value) if column in ("amount", "percent", "rate") else value
        for column, value in row.items()
    }


def _number(rate: Rate) -> Decimal:
    return rate.offset if isinstance(rate, SignalPrice) else rate.ct_per_kwh


def require_heeded(hass: HomeAssistant, answers: Answers, shown: TariffVersion) -> None:
    """Refuse a changed price that would not count, because details say another."""
    details = answers.get(FIELD_DETAILS) or {}
    before = tariff_answers(hass, shown)
    for name in before[FIELD_DETAILS] or {}:
        is_detailed = name in PRICE_NAMES and isinstance(details.get(name), Mapping)
        if is_detailed and answers[name] != before[name]:
            raise RefusedError(name, "price_in_details")
