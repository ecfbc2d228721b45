"""Exact decimals as the numbers that Home Assistant's answers may hold."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def plain(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with every Decimal in it as an int or a float.

    Home Assistant's answers cannot hold decimals. Fifteen significant digits
    survive, which is more than any bill has; what is stored stays exact.
    """
    return {key: _plain(value) for key, value in record.items()}


def _plain(value: object) -> object:
    match value:
        case Mapping():
            return plain(value)
        case list() | tuple():
            return [_plain(item) for item in value]
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case _:
            return value
