"""What the messages of the Swiss and the Austrian market have in common."""

from collections.abc import Mapping
from datetime import UTC, datetime

_SHOWN = 40


def version(created: str, document: str) -> str:
    """Return what orders deliveries: when one was made, and which it is.

    Two of the same instant are told apart by their ids. Raises ValueError where
    the time is missing or is none.
    """
    try:
        time = datetime.fromisoformat(created).astimezone(UTC)
    except (ValueError, OverflowError) as err:
        raise ValueError(
            f"{created[:_SHOWN]!r} is no time of creation, and without it nobody can "
            "tell the newer of two deliveries; fetch the message again"
        ) from err
    return f"{time:%Y-%m-%dT%H:%M:%S.%fZ} {document}".rstrip()


def needed(values: Mapping[str, str], path: str) -> str:
    """Return an element's text; raises ValueError where there is none."""
    if text := values.get(path):
        return text
    raise ValueError(f"{path} is missing; the message is incomplete, fetch it again")


def looked_up[Value](table: Mapping[str, Value], text: str, what: str) -> Value:
    """Return what a code stands for; raises ValueError for an unknown one."""
    if text not in table:
        known = ", ".join(filter(None, table))
        raise ValueError(f"{what} {text[:_SHOWN]!r} is unknown; known are {known}")
    return table[text]
