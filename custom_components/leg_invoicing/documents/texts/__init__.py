"""Everything that documents say, once per language.

A language is one module with one `Texts`. Placeholders in braces are the same in
every language; a test compares them.
"""

from collections.abc import Mapping
from types import MappingProxyType

from .de import DE
from .en import EN
from .fr import FR
from .it import IT
from .model import Texts

TEXTS: Mapping[str, Texts] = MappingProxyType({"en": EN, "de": DE, "fr": FR, "it": IT})

__all__ = ["TEXTS", "Texts"]
