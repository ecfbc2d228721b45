"""JSON with exact decimals.

Python's own writer knows binary floating point only. Here a `Decimal` becomes a
JSON number with exactly its value, without an exponent or trailing zeros; a whole
one has no point. Whoever reads it with `parse_float=Decimal` gets it back exactly.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
import json


def dumps(value: object, indent: int | None = 2) -> str:
    """Write records, lists and plain values; keys keep their order.

    Without an indent everything stands on one line. Raises TypeError for what
    JSON cannot hold exactly (a float, a date, a key that is no text) and
    ValueError for decimals that are no numbers.
    """
    return "".join(_written(value, indent, 0))


def plain(number: Decimal) -> str:
    """Write a decimal without exponent and without needless zeros.

    Raises ValueError for an infinity or not-a-number.
    """
    if not number.is_finite():
        raise ValueError(f"{number} is not a number")
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _written(value: object, indent: int | None, depth: int) -> Iterator[str]:
    match value:
        case None | bool():
            yield json.dumps(value)
        case str():
            yield json.dumps(str(value), ensure_ascii=False)
        case int():
            yield str(int(value))
        case Decimal():
            yield plain(value)
        case Mapping():
            members = ((f"{_key(key)}: ", member) for key, member in value.items())
            yield from _bracketed(("{", "}"), members, indent, depth)
        case list() | tuple():
            yield from _bracketed(
                ("[", "]"), (("", item) for item in value), indent, depth
            )
        case _:
            raise TypeError(f"{type(value).__name__} cannot be written exactly")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"{key!r} cannot be a name in JSON")
    return json.dumps(str(key), ensure_ascii=False)


def _bracketed(
    brackets: tuple[str, str],
    members: Iterator[tuple[str, object]],
    indent: int | None,
    depth: int,
) -> Iterator[str]:
    """Yield an object or an array, one member a line if there is an indent."""
    opening, closing = brackets
    parts = [
        lead + "".join(_written(member, indent, depth + 1)) for lead, member in members
    ]
    yield opening
    if parts and indent is not None:
        yield "\n" + ",\n".join(_indented(parts, indent * (depth + 1)))
        yield "\n" + " " * (indent * depth)
    else:
        yield ", ".join(parts)
    yield closing


def _indented(parts: Sequence[str], spaces: int) -> Iterator[str]:
    return (" " * spaces + part for part in parts)
