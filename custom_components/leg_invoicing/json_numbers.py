"""Exact decimals as the numbers that Home Assistant's answers may hold."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def plain(value: Any) -> Any:
    """Return JSON-ready data with every Decimal as an int or a float.

    Home Assistant's answers cannot hold decimals. Fifteen significant digits
    survive, which is more than any bill has; what is stored stays exact.
    """
    match value:
        case Mapping():
            return {key: plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case _:
            return value
