"""The terms of a community as YAML, and the line on which each value stands.

The file is read as text: YAML's own idea of numbers would turn 20.10 into a binary
fraction, 010 into eight and a house called `no` into false.
"""

from pathlib import Path
from typing import Any

import yaml

from custom_components.leg_invoicing.billing.tariff_record import require_bands_met
from custom_components.leg_invoicing.billing.terms import Terms
from custom_components.leg_invoicing.billing.terms_record import terms_from_record
from custom_components.leg_invoicing.billing.written import Path as KeyPath, TermsError
from script.settle_lib.refusal import RefusalError

_DEEPEST = 8
"""Terms are five levels deep; a value that holds itself would be endless."""


class WrittenFile:
    """What a YAML file says, and on which lines."""

    def __init__(self, path: Path) -> None:
        """Read the file; raises RefusalError naming the line that is wrong."""
        self.path = path
        self._lines: dict[KeyPath, int] = {}
        self.record: Any = self._record()

    def refusal(self, key_path: KeyPath, reason: str) -> RefusalError:
        """Refuse what stands at a key, or at the nearest one around it."""
        while key_path not in self._lines:
            key_path = key_path[:-1]
        return RefusalError.at(self.path, self._lines[key_path], reason)

    def _record(self) -> object:
        text = _text(self.path)
        try:
            root = yaml.compose(text, Loader=yaml.CSafeLoader)
        except yaml.MarkedYAMLError as err:
            line = err.problem_mark.line + 1 if err.problem_mark else 1
            raise RefusalError.at(
                self.path, line, f"this is not YAML: {err.problem}"
            ) from err
        except yaml.reader.ReaderError as err:
            line = text[: err.position].count("\n") + 1
            raise RefusalError.at(
                self.path, line, f"a character that YAML forbids: {err.reason}"
            ) from err
        if root is None:
            raise RefusalError.at(self.path, 1, "the file is empty")
        return self._plain(root, ())

    def _plain(self, node: yaml.Node, path: KeyPath) -> object:
        """Return a node as text, lists and mappings, and note its line."""
        self._lines.setdefault(path, node.start_mark.line + 1)
        if len(path) > _DEEPEST:
            raise self.refusal(path, "this is nested too deeply")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(v, (*path, i)) for i, v in enumerate(node.value)]
        return None if node.tag.endswith(":null") else node.value

    def _mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                line = key.start_mark.line + 1
                raise RefusalError.at(self.path, line, "a key must be a plain word")
            here = (*path, key.value)
            if key.value in mapping:
                line = key.start_mark.line + 1
                raise RefusalError.at(
                    self.path,
                    line,
                    f"{key.value!r} stands on line {self._lines[here]} already; "
                    "keep one of the two",
                )
            self._lines[here] = key.start_mark.line + 1
            mapping[key.value] = self._plain(value, here)
        return mapping


class TermsFile(WrittenFile):
    """Terms, and where in the file they stand."""

    def __init__(self, path: Path) -> None:
        """Read the file; raises RefusalError naming the line that is wrong."""
        super().__init__(path)
        try:
            self.terms: Terms = terms_from_record(self.record)
            require_bands_met(
                self.terms.tariffs.values(),
                # An empty list says that there are none.
                has_holidays=self.record["community"].get("holidays") is not None,
            )
        except TermsError as err:
            raise self.refusal(err.path, str(err.reason)) from err


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as err:
        raise RefusalError.of_system(path, err) from err
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        line = content[: err.start].count(b"\n") + 1
        raise RefusalError.at(path, line, "the text is not UTF-8; save it so") from err
