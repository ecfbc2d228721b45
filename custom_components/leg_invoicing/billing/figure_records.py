"""The numbers of a statement that are no lines, as plain records."""

from collections.abc import Callable, Mapping
from typing import Any

from .figures import Avoided, Difference, Figure, IncludedTax, Saved, TakenOff, Total


def figure_record(figure: Figure) -> dict[str, Any]:
    """Return a figure as a plain record; `figure` says which one it is."""
    return _RECORDS[type(figure)](figure)


def _total(total: Total) -> dict[str, Any]:
    return {
        "figure": "total",
        "amount_ct": total.amount.ct,
        "of_lines": list(total.of_lines),
    }


def _tax(tax: IncludedTax) -> dict[str, Any]:
    return {
        "figure": f"{tax.kind}_included",
        "amount_ct": tax.share.amount.ct,
        "of_lines": list(tax.of_lines),
        "rate": tax.share.vat.rate,
        "gross_ct": tax.share.charged.ct,
        "net_ct": tax.net.ct,
        "unrounded_ct": tax.exact.ct,
    }


def _saved(saved: Saved) -> dict[str, Any]:
    return {
        "figure": "saved",
        "amount_ct": saved.amount.ct,
        **{
            "used" if side.is_charge else "delivered": {
                "energy_kwh": side.kwh,
                "elsewhere_ct": side.elsewhere.ct,
                "here_ct": side.here.ct,
                "of_lines": list(side.of_lines),
            }
            for side in saved.sides
        },
    }


def _difference(difference: Difference) -> dict[str, Any]:
    return {
        "figure": "difference",
        "amount_ct": difference.amount.ct,
        "of_lines": list(difference.of_lines),
        "saved_ct": difference.saved.ct,
        "besides_ct": difference.besides.ct,
    }


def _avoided(avoided: Avoided) -> dict[str, Any]:
    return {
        "figure": "co2_avoided",
        "amount_g": avoided.grams,
        "energy_kwh": avoided.energy.kwh,
        "g_per_kwh": avoided.per_kwh,
    }


def _taken_off(taken_off: TakenOff) -> dict[str, Any]:
    discounted = taken_off.discounted
    return {
        "figure": "grid_discount",
        "amount_ct": taken_off.amount.ct,
        "energy_kwh": discounted.energy.kwh,
        "percent": discounted.discount.percent,
        "grid_fee_ct_per_kwh": discounted.discount.grid_fee.ct_per_kwh,
        "unrounded_ct": discounted.taken_off.ct,
    }


_RECORDS: Mapping[type[Figure], Callable[[Any], dict[str, Any]]] = {
    Total: _total,
    IncludedTax: _tax,
    Saved: _saved,
    Difference: _difference,
    Avoided: _avoided,
    TakenOff: _taken_off,
}
