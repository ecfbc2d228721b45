"""What the messages of the Swiss and the Austrian market have in common."""

from collections.abc import Mapping
from datetime import UTC, datetime

from ..billing.reasons import ReasonedError
from .reasons import messages as because

_SHOWN = 40


def version(created: str, document: str) -> str:
    """Return what orders deliveries: when one was made, and which it is.

    Two of the same instant are told apart by their ids. Raises ReasonedError where
    the time is missing or is none.
    """
    try:
        time = datetime.fromisoformat(created).astimezone(UTC)
    except (ValueError, OverflowError) as err:
        raise ReasonedError(because.NOT_CREATED(text=created[:_SHOWN])) from err
    return f"{time:%Y-%m-%dT%H:%M:%S.%fZ} {document}".rstrip()


def needed(values: Mapping[str, str], path: str) -> str:
    """Return an element's text; raises ReasonedError where there is none."""
    if text := values.get(path):
        return text
    raise ReasonedError(because.ELEMENT_MISSING(path=path))


def looked_up[Value](table: Mapping[str, Value], text: str, what: str) -> Value:
    """Return what a code stands for; raises ReasonedError for an unknown one."""
    if text not in table:
        known = ", ".join(filter(None, table))
        raise ReasonedError(
            because.UNKNOWN_CODE(what=what, code=text[:_SHOWN], known=known)
        )
    return table[text]
