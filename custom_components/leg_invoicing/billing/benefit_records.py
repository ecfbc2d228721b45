"""What a house gains besides its bill, as a part of a statement's record, and back."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .benefits import Benefits
from .money import Money
from .statements import Statement


def benefits_record(statement: Statement) -> dict[str, Any]:
    """Return the fields; none for a statement of before there were benefits."""
    benefits, saved = statement.benefits, statement.saved
    if benefits is None or saved is None:
        return {}
    return {
        "grid_cost_ct": benefits.grid_cost.ct,
        "grid_revenue_ct": benefits.grid_revenue.ct,
        "saved_ct": saved.ct,
    }


def benefits_from_record(record: Mapping[str, Any]) -> Benefits | None:
    """Rebuild the benefits of a statement."""
    if "grid_cost_ct" not in record:
        return None
    return Benefits(
        grid_cost=Money(Decimal(record["grid_cost_ct"])),
        grid_revenue=Money(Decimal(record["grid_revenue_ct"])),
    )
