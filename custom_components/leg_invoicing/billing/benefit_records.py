"""What a house gains besides its bill, as a part of a statement's record, and back."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .benefits import Benefits, GridDiscount
from .money import Money, UnitPrice
from .statements import Statement


def benefits_record(statement: Statement) -> dict[str, Any]:
    """Return the fields; none for a statement of before there were benefits."""
    benefits, saved = statement.benefits, statement.saved
    if benefits is None or saved is None:
        return {}
    discount, taken_off = benefits.grid_discount, statement.grid_discount
    return {
        "grid_cost_ct": benefits.grid_cost.ct,
        "grid_revenue_ct": benefits.grid_revenue.ct,
        "saved_ct": saved.ct,
        "co2_avoided_g": benefits.co2_avoided,
        "grid_discount_ct": taken_off and taken_off.ct,
        "grid_discount_percent": discount and discount.percent,
        "grid_fee_ct_per_kwh": discount and discount.grid_fee.ct_per_kwh,
    }


def benefits_from_record(record: Mapping[str, Any]) -> Benefits | None:
    """Rebuild the benefits of a statement."""
    if "grid_cost_ct" not in record:
        return None
    avoided, percent = record["co2_avoided_g"], record["grid_discount_percent"]
    return Benefits(
        grid_cost=Money(Decimal(record["grid_cost_ct"])),
        grid_revenue=Money(Decimal(record["grid_revenue_ct"])),
        co2_avoided=None if avoided is None else Decimal(avoided),
        grid_discount=None
        if percent is None
        else GridDiscount(
            percent=Decimal(percent),
            grid_fee=UnitPrice(Decimal(record["grid_fee_ct_per_kwh"])),
        ),
    )
