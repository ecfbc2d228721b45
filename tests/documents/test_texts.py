"""The four languages say the same."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from string import Formatter

import pytest

from custom_components.leg_invoicing.billing.agreements import LANGUAGES
from custom_components.leg_invoicing.billing.discounts import DiscountOf
from custom_components.leg_invoicing.billing.explanations import Remark
from custom_components.leg_invoicing.billing.findings import FindingCode
from custom_components.leg_invoicing.billing.models import LineKind, Model
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.tariffs import PRICE_NAMES, STANDARD
from custom_components.leg_invoicing.documents.fonts import printable
from custom_components.leg_invoicing.documents.texts import TEXTS, Texts

TABLES = {
    "lines": LineKind,
    "charged": DiscountOf,
    "prices": (*PRICE_NAMES, STANDARD),
    "models": Model,
    "compared": Model,
    "qualities": Quality,
    "findings": FindingCode,
    "remarks": Remark,
}
LOANWORDS = {
    "kWh",
    "{unit}/kWh",
    "{currency}",
    "Total",
    "Date",
    "Date, 00:00",
    "{date}, 00:00",
}


def texts_of(texts: Texts) -> Iterator[tuple[str, str]]:
    """Yield every text of a language by its full key."""
    for field in fields(texts):
        value = getattr(texts, field.name)
        if isinstance(value, Mapping):
            yield from ((f"{field.name}.{key}", text) for key, text in value.items())
        else:
            yield field.name, value


def placeholders(text: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_languages() -> None:
    """Documents speak every language that a participant can choose."""
    assert set(TEXTS) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_same_keys_and_placeholders(language: str) -> None:
    """Each language has the texts of the first, with the same placeholders."""
    ours = {key: placeholders(text) for key, text in texts_of(TEXTS["en"])}
    theirs = {key: placeholders(text) for key, text in texts_of(TEXTS[language])}
    assert theirs == ours


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("table", "members"), TABLES.items())
def test_tables_are_complete(language: str, table: str, members: Iterable[str]) -> None:
    """Every kind of line, model, quality and finding has its words."""
    assert set(getattr(TEXTS[language], table)) == set(members)


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_can_be_printed(language: str) -> None:
    """No text is empty, has stray spaces, or letters that the typeface lacks."""
    for key, text in texts_of(TEXTS[language]):
        assert text, key
        assert text == printable(text) == " ".join(text.split()), key


@pytest.mark.parametrize("language", ["de", "fr", "it"])
def test_texts_are_translated(language: str) -> None:
    """A text that is the same as in English is one that is the same word there."""
    english = dict(texts_of(TEXTS["en"]))
    untranslated = {
        text
        for key, text in texts_of(TEXTS[language])
        if text == english[key] and not key.startswith("cents.")
    }
    assert untranslated <= LOANWORDS


def test_swiss_spelling() -> None:
    """German is written the Swiss way, without ß."""
    assert not [key for key, text in texts_of(TEXTS["de"]) if "ß" in text]
