"""Why something is refused, in the four languages of whoever reads it.

A rule refuses with a text and the words that it is about. They become a sentence only
where somebody is told, since only there it is known in which language. The languages
of a text stand side by side, so that a new rule is said in all of them or not at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import override


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What is wrong and how to put it right; a sentence without its full stop.

    In braces stand the words that it is about.
    """

    en: str
    de: str
    fr: str
    it: str

    def __call__(self, **words: object) -> Sentence:
        """Say it of these words."""
        return Sentence(self, words)


_ENGLISH = "en"
_LANGUAGES = tuple(field.name for field in fields(Text))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text, and the words that it is about."""

    text: Text
    words: Mapping[str, object]
    """By what stands in braces; some are sentences themselves, or several words."""

    def said_in(self, language: str) -> str:
        """Return it in a language; in English where that is not one of the four."""
        known = language if language in _LANGUAGES else _ENGLISH
        words = {name: said_in(known, word) for name, word in self.words.items()}
        template: str = getattr(self.text, known)
        return template.format(**words)

    def naming(self, names: Mapping[str, str]) -> Sentence:
        """Return it with what people call things, where it has their ids."""
        words = {key: _named(word, names) for key, word in self.words.items()}
        return Sentence(self.text, words)

    @override
    def __str__(self) -> str:
        """Return it in English."""
        return self.said_in(_ENGLISH)


def said_in(language: str, word: object) -> object:
    """Return a sentence in a language, a list in one piece, and the rest as it is."""
    match word:
        case Sentence():
            return word.said_in(language)
        case tuple():
            return ", ".join(map(str, word))
        case _:
            return word


def _named(word: object, names: Mapping[str, str]) -> object:
    match word:
        case Sentence():
            return word.naming(names)
        case tuple():
            return tuple(_named(each, names) for each in word)
        # The members of an enumeration are texts as well, but no ids.
        case str() if type(word) is str:
            return names.get(word, word)
        case _:
            return word


class ReasonedError(ValueError):
    """Something is refused, for a reason that people of four languages understand."""

    def __init__(self, reason: Sentence) -> None:
        """Remember why."""
        super().__init__(reason)
        self.reason = reason
        """What is wrong, and how to put it right."""

    def said_in(self, language: str) -> str:
        """Return all there is to say, in a language."""
        return self.reason.said_in(language)

    @override
    def __str__(self) -> str:
        """Return all there is to say, in English."""
        return self.said_in(_ENGLISH)
