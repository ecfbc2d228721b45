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
from typing import NoReturn, override

from .decimal_text import LONGEST, NumberError, decimal_from_text
from .money import UnitPrice
from .reasons import ReasonedError, Sentence, Text, writing as because

_MOST_DIGITS = 12
"""Before the point: more than anything costs, or anybody uses."""

type Path = tuple[str | int, ...]
"""The keys and positions that lead to a value."""


class TermsError(ReasonedError):
    """The terms are not complete, not understood, or contradict each other."""

    def __init__(self, path: Path, reason: Sentence) -> None:
        """Remember where, so that the caller can name a line."""
        super().__init__(reason)
        self.path = path

    @override
    def said_in(self, language: str) -> str:
        """Return where it is, and why it is refused, in a language."""
        return f"{'.'.join(map(str, self.path))}: {super().said_in(language)}"


@dataclass(frozen=True, slots=True)
class Written:
    """A value and where it stands; each way of reading refuses what does not fit."""

    value: object
    path: Path = ()

    @property
    def name(self) -> str | Sentence:
        """What a sentence calls it."""
        if not self.path:
            return because.WHOLE()
        last = self.path[-1]
        return last if isinstance(last, str) else because.ENTRY(number=last + 1)

    def refuse(self, reason: Sentence) -> NoReturn:
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
                node.refuse(because.UNKNOWN_KEY(key=key, hint=nearest(key, known)))
        for key in required:
            if key not in entries:
                self.refuse(because.MISSING(key=key, name=self.name))
        return {
            key: node
            for key, node in entries.items()
            if key in required or node.value is not None
        }

    def entries(self) -> dict[str, Written]:
        """Return what a mapping holds."""
        if not isinstance(self.value, Mapping):
            self.refuse(because.NO_MAPPING(name=self.name))
        return {
            str(key): Written(value, (*self.path, str(key)))
            for key, value in self.value.items()
        }

    def items(self) -> list[Written]:
        """Return what a list holds."""
        if not isinstance(self.value, list):
            self.refuse(because.NO_LIST(name=self.name))
        return [Written(value, (*self.path, i)) for i, value in enumerate(self.value)]

    def text(self, instead: Text = because.NO_TEXT) -> str:
        """Return a text that says something; `instead` is what else must be there."""
        if not isinstance(self.value, str) or not self.value.strip():
            self.refuse(instead(name=self.name))
        return self.value.strip()

    def choice[T: StrEnum](self, choices: type[T]) -> T:
        """Return one of the choices."""
        if self.text() not in choices:
            self.refuse_choice(choices)
        return choices(self.text())

    def refuse_choice(self, choices: Iterable[str]) -> NoReturn:
        """Say what the value could be instead."""
        hint = listed(choices)
        self.refuse(because.NO_CHOICE(name=self.name, value=self.text(), hint=hint))

    def day(self) -> date:
        """Return a date."""
        try:
            return date.fromisoformat(self.text(because.NO_DATE))
        except ValueError:
            self.refuse(because.NO_DATE(name=self.name))

    def number(self) -> Decimal:
        """Return a number, with every digit that was typed."""
        try:
            number = decimal_from_text(self.text(because.A_NUMBER))
        except NumberError as err:
            self.refuse(because.OF_FIELD(name=self.name, reason=err.reason))
        # What is written out must be read again.
        if number.adjusted() >= _MOST_DIGITS or len(f"{number:f}") > LONGEST:
            self.refuse(because.TOO_LONG(name=self.name, value=self.text()))
        return number

    def price(self) -> UnitPrice:
        """Return a price."""
        return UnitPrice(self.number())


def nearest(name: str, known: Collection[str]) -> Sentence:
    """Suggest the known name that a misspelt one is nearest to."""
    near = get_close_matches(name, known, 1)
    return because.DID_YOU_MEAN(name=near[0]) if near else listed(known)


def listed(names: Iterable[str]) -> Sentence:
    """Suggest all of the names."""
    return because.ONE_OF(names=tuple(names))


def joined(names: Iterable[str]) -> str | Sentence:
    """Name all of one or more things."""
    first, *others = names
    together: str | Sentence = first
    for other in others:
        together = because.AND(one=together, other=other)
    return together


def known_tariff(written: Written, tariffs: Collection[str]) -> str:
    """Return the name of a tariff that there is."""
    if written.text() not in tariffs:
        hint = nearest(written.text(), tariffs)
        written.refuse(because.NO_TARIFF(name=written.text(), hint=hint))
    return written.text()
