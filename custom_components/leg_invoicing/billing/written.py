"""What a person wrote down, read strictly.

A `Written` is a value and the keys that lead to it, so that whoever reads it can
name the line where something is wrong. Plain values are text, as it was typed;
they become dates and prices only where one is expected.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from typing import NoReturn

from .decimal_text import NumberError, decimal_from_text
from .money import UnitPrice

type Path = tuple[str | int, ...]
"""The keys and positions that lead to a value."""


class TermsError(ValueError):
    """The terms are not complete, not understood, or contradict each other."""

    def __init__(self, path: Path, reason: str) -> None:
        """Remember where, so that the caller can name a line."""
        super().__init__(f"{'.'.join(map(str, path))}: {reason}")
        self.path = path
        self.reason = reason
        """What is wrong, and how to put it right."""


@dataclass(frozen=True, slots=True)
class Written:
    """A value and where it stands; each way of reading refuses what does not fit."""

    value: object
    path: Path = ()

    @property
    def name(self) -> str:
        """What a sentence calls it."""
        last = self.path[-1] if self.path else "the whole"
        return last if isinstance(last, str) else f"entry {last + 1}"

    def refuse(self, reason: str) -> NoReturn:
        """Say what is wrong with the value."""
        raise TermsError(self.path, reason)

    def fields(
        self, required: Collection[str], optional: Collection[str] = ()
    ) -> dict[str, Written]:
        """Return the fields of a mapping; an optional one may be empty or absent."""
        entries = self.entries()
        known = (*required, *optional)
        for key, node in entries.items():
            if key not in known:
                node.refuse(f"there is no {key!r} here; {nearest(key, known)}")
        for key in required:
            if key not in entries:
                self.refuse(f"{key} is missing in {self.name}")
        return {
            key: node
            for key, node in entries.items()
            if key in required or node.value is not None
        }

    def entries(self) -> dict[str, Written]:
        """Return what a mapping holds."""
        if not isinstance(self.value, Mapping):
            self.refuse(f"{self.name} must be a mapping, written “key: value”")
        return {
            str(key): Written(value, (*self.path, str(key)))
            for key, value in self.value.items()
        }

    def items(self) -> list[Written]:
        """Return what a list holds."""
        if not isinstance(self.value, list):
            self.refuse(f"{self.name} must be a list, each entry after a “-”")
        return [Written(value, (*self.path, i)) for i, value in enumerate(self.value)]

    def text(self) -> str:
        """Return a text that says something."""
        if not isinstance(self.value, str) or not self.value.strip():
            self.refuse(f"{self.name} must be a text")
        return self.value.strip()

    def choice[T: StrEnum](self, choices: type[T]) -> T:
        """Return one of the choices."""
        if self.text() not in choices:
            self.refuse(f"{self.name} cannot be {self.text()!r}; {listed(choices)}")
        return choices(self.text())

    def day(self) -> date:
        """Return a date."""
        try:
            return date.fromisoformat(self.text())
        except ValueError:
            self.refuse(f"{self.name} must be a date, written like 2026-01-31")

    def number(self) -> Decimal:
        """Return a number, with every digit that was typed."""
        try:
            return decimal_from_text(self.text())
        except NumberError as err:
            self.refuse(f"{self.name}: {err}")

    def price(self) -> UnitPrice:
        """Return a price."""
        return UnitPrice(self.number())


def nearest(name: str, known: Collection[str]) -> str:
    """Suggest the known name that a misspelt one is nearest to."""
    near = get_close_matches(name, known, 1)
    return f"did you mean {near[0]!r}?" if near else listed(known)


def listed(names: Iterable[str]) -> str:
    """Suggest all of the names."""
    return f"use {', '.join(names)}"


def known_tariff(written: Written, tariffs: Collection[str]) -> str:
    """Return the name of a tariff that there is."""
    if written.text() not in tariffs:
        near = nearest(written.text(), tariffs)
        written.refuse(f"there is no tariff {written.text()!r}; {near}")
    return written.text()
