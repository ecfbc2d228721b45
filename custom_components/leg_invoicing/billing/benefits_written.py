"""What a community tells beside the bill, from what a person wrote, and back.

co2: 128                                    # g/kWh of the grid, or
co2: {signal: grid_co2}                     # what a sensor shows, as in prices
grid_discount: {percent: 40, grid_fee: 9.5} # ct/kWh, before the discount
ceiling: {percent: 80}                      # of what a utility would charge
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from .benefits import Ceiling, GridDiscount
from .money import UnitPrice
from .rates import Rate
from .reasons import community as because
from .signal_record import signal_price_from, written_rate
from .terms import Community
from .written import Written

_WHOLE = Decimal(100)


def _co2(written: Written) -> Rate:
    if isinstance(written.value, Mapping):
        return signal_price_from(written)
    return UnitPrice(_not_negative(written, "g/kWh"))


def _grid_discount(written: Written) -> GridDiscount:
    part = written.fields(("percent", "grid_fee"))
    return GridDiscount(
        percent=_percent(part["percent"]),
        grid_fee=UnitPrice(_not_negative(part["grid_fee"], "ct/kWh")),
    )


def _ceiling(written: Written) -> Ceiling:
    return Ceiling(percent=_percent(written.fields(("percent",))["percent"]))


def _percent(written: Written) -> Decimal:
    percent = written.number()
    if not 0 < percent <= _WHOLE:
        written.refuse(because.WHOLE_PERCENT(name=written.name))
    return percent


def _not_negative(written: Written, unit: str) -> Decimal:
    number = written.number()
    if number < 0:
        written.refuse(because.NEGATIVE(name=written.name, unit=unit))
    return number


BENEFIT_SETTINGS: Mapping[str, tuple[str, Callable[[Written], Any]]] = {
    "co2": ("co2_factor", _co2),
    "grid_discount": ("grid_discount", _grid_discount),
    "ceiling": ("ceiling", _ceiling),
}
"""How the settings are called in `Community`, and read; each may be left out."""


def benefits_from_written(written: Written) -> dict[str, Any]:
    """Return the fields of `Community` that are written there."""
    part = written.fields((), tuple(BENEFIT_SETTINGS))
    return {
        field: read(part[key])
        for key, (field, read) in BENEFIT_SETTINGS.items()
        if key in part
    }


def written_benefits(community: Community) -> dict[str, Any]:
    """Return what a community tells, as it is read back."""
    written: dict[str, Any] = {}
    if community.co2_factor is not None:
        written["co2"] = written_rate(community.co2_factor)
    if (discount := community.grid_discount) is not None:
        written["grid_discount"] = {
            "percent": f"{discount.percent:f}",
            "grid_fee": f"{discount.grid_fee.ct_per_kwh:f}",
        }
    if community.ceiling is not None:
        written["ceiling"] = {"percent": f"{community.ceiling.percent:f}"}
    return written
