"""What is refused is said in four languages."""

import ast
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from string import Formatter
from types import ModuleType

import pytest

from custom_components.leg_invoicing.billing import reasons
from custom_components.leg_invoicing.billing.agreements import LANGUAGES
from custom_components.leg_invoicing.billing.meters import Role
from custom_components.leg_invoicing.billing.reasons import Text, metering
from custom_components.leg_invoicing.billing.written import (
    TermsError,
    Written,
    joined,
    listed,
)


def _imported(path: Path) -> ModuleType:
    return import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


ROOT = Path(__file__).parent.parent.parent
FOLDER = Path(reasons.__file__).parent.parent.parent
MODULES = {
    f"{module.parent.parent.stem}.{module.stem}": module
    for module in sorted(FOLDER.glob("*/reasons/[a-z]*.py"))
}
TEXTS = {
    f"{module}.{name}": text
    for module, path in MODULES.items()
    for name, text in vars(_imported(path)).items()
    if isinstance(text, Text)
}
"""All texts by the names under which rules use them."""


def placeholders(text: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def uses() -> Iterator[tuple[str, set[str] | None, str]]:
    """Yield the texts that rules use, by name, and where.

    With them come the words that they are given, or None where a table names them.
    """
    for path in sorted(FOLDER.rglob("*.py")):
        tree = ast.parse(path.read_text())
        modules = dict(_modules(tree, path.parent.stem))
        calls = {
            id(node.func): {str(keyword.arg) for keyword in node.keywords}
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                module = modules.get(ast.unparse(node.value))
                if module is not None:
                    where = f"{path}:{node.lineno}"
                    yield f"{module}.{node.attr}", calls.get(id(node)), where


def _modules(tree: ast.AST, wing: str) -> Iterator[tuple[str, str]]:
    """Yield the modules of reasons that a module imports, by what it calls them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            *above, last = node.module.split(".")
            if last == "reasons":
                for alias in node.names:
                    of = above[-1] if above else wing
                    yield alias.asname or alias.name, f"{of}.{alias.name}"


def test_languages() -> None:
    """Reasons are given in every language that a participant can choose."""
    assert {field.name for field in fields(Text)} == set(LANGUAGES)


@pytest.mark.parametrize("name", TEXTS)
def test_each_text_says_the_same_in_all_languages(name: str) -> None:
    """No language forgets a word, and none but English is English."""
    said = {language: getattr(TEXTS[name], language) for language in LANGUAGES}

    assert len({frozenset(placeholders(text)) for text in said.values()}) == 1
    for language, text in said.items():
        assert text, language
        assert text == " ".join(text.split()), language
        assert not text.endswith("."), language
        assert "ß" not in text, language
    if len(said["en"]) > len("{house}, {participant}: {reason}"):
        assert len(set(said.values())) == len(said)


def test_rules_give_each_text_its_words() -> None:
    """A rule says exactly what its text has braces for, and no text is left over."""
    used = set()
    for name, words, where in uses():
        used.add(name)
        assert words in (None, placeholders(TEXTS[name].en)), where

    assert used == set(TEXTS)


def test_a_reason_is_said_in_any_language() -> None:
    """It is what was written, in the language that is asked for, hints included."""
    with pytest.raises(TermsError) as raised:
        Written({"p_con": "20"}, ("tariffs", 1)).fields(("p_pv", "p_conn"))

    known = "tariffs.1.p_con: "
    assert [raised.value.said_in(language) for language in (*LANGUAGES, "rm")] == [
        known + "there is no 'p_con' here; did you mean 'p_conn'?",
        known
        + "«p_con» gibt es hier nicht; ist «p_conn» gemeint?",  # codespell:ignore ist
        known + "«p_con» n’existe pas ici; s’agit-il de «p_conn»?",
        known + "«p_con» qui non esiste; si intende «p_conn»?",
        known + "there is no 'p_con' here; did you mean 'p_conn'?",
    ]
    assert str(raised.value) == raised.value.said_in("en")


def test_people_are_told_names() -> None:
    """What is known by an id is called by its name, also within an enumeration."""
    both = joined(["meter_1", "meter_2"])
    reason = metering.TWO_AT_GRID(grids=both).naming({"meter_2": "Cellar"})

    assert str(reason).startswith("meter_1 and Cellar cannot both be")
    assert str(listed(["h_1", "h_2"]).naming({"h_2": "Villa"})) == "use h_1, Villa"
    assert "house belongs" in str(
        metering.OF_NO_HOUSE(role=Role.HOUSE).naming({"house": "Villa"})
    )


def test_words_may_be_sentences() -> None:
    """A position in a list, and an enumeration, are words of a language too."""
    with pytest.raises(TermsError) as raised:
        Written("x", ("tariffs", "day", 1)).day()

    assert raised.value.reason.said_in("fr").startswith("l’entrée 2 doit être")
    assert str(joined(["a", "b", "c"])) == "a and b and c"
    assert joined(["a"]) == "a"
