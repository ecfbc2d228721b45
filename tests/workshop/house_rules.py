"""The rules that keep the pure wings pure, checked on their syntax trees.

A bill must come out the same whoever computes it, wherever and whenever. So what
computes it imports nothing of Home Assistant, reads no clock, opens no file, draws no
random number and knows no binary fractions; and imports run one way only.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
import sys

INTEGRATION = ("custom_components", "leg_invoicing")

# What of the standard library leads outside, or makes two runs differ.
OUTSIDE = frozenset(
    {
        "asyncio",
        "ctypes",
        "fileinput",
        "ftplib",
        "glob",
        "http",
        "importlib",
        "locale",
        "multiprocessing",
        "os",
        "pathlib",
        "pickle",
        "random",
        "requests",
        "secrets",
        "shutil",
        "socket",
        "sqlite3",
        "ssl",
        "subprocess",
        "tempfile",
        "threading",
        "time",
        "urllib",
    }
)
CLOCKS = frozenset({"now", "today", "utcnow"})
FILES = frozenset({"read_bytes", "read_text", "write_bytes", "write_text"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wing:
    """What one wing may do."""

    libraries: frozenset[str] = frozenset()
    """Third-party packages that it may import."""
    wings: frozenset[str] = frozenset()
    """Other wings that it may import."""
    draws: bool = False
    """Whether it draws on paper, where a distance may be a float."""


WINGS = {
    "billing": Wing(libraries=frozenset({"holidays"})),
    "documents": Wing(
        libraries=frozenset({"babel", "reportlab"}),
        wings=frozenset({"billing"}),
        draws=True,
    ),
    "formats": Wing(
        libraries=frozenset({"defusedxml"}),
        wings=frozenset({"billing"}),
    ),
}


def broken_rules(source: str, path: PurePosixPath) -> list[str]:
    """Return what a module of a pure wing does and may not, one line each.

    The path counts from the folder of the integration: `billing/money.py`.
    """
    tree = ast.parse(source)
    name = path.parts[0]
    findings = [*_imports(tree, path.parent.parts), *_calls(tree), *_floats(tree, name)]
    return [f"{path}:{line}: {text}" for line, text in sorted(findings)]


def _imports(tree: ast.AST, package: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Check every import, also those for the type checker alone."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            targets = [tuple(alias.name.split(".")) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            targets = list(_targets(node, package))
        else:
            continue
        for target in targets:
            if problem := _judge(target, package[0]):
                yield node.lineno, problem


def _targets(
    node: ast.ImportFrom, package: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    """Return the full names that a `from … import …` refers to."""
    module = tuple((node.module or "").split(".")) if node.module else ()
    if node.level:
        here = (*INTEGRATION, *package)
        module = here[: len(here) - node.level + 1] + module
    if module == INTEGRATION:
        yield from ((*module, alias.name) for alias in node.names)
    else:
        yield module


def _judge(target: tuple[str, ...], name: str) -> str | None:
    """Return why a wing may not import a module, if it may not."""
    wing = WINGS[name]
    if target[:2] == INTEGRATION:
        wanted = target[2] if len(target) > 2 else "the adapters"
        if wanted != name and wanted not in wing.wings:
            return f"{name} imports {wanted}, against the direction"
        return None
    if target[0] in OUTSIDE:
        return f"imports {target[0]}, which leads outside"
    if target[0] not in sys.stdlib_module_names | wing.libraries:
        return f"imports {target[0]}, which {name} does not need"
    return None


def _calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find clocks and files."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            yield node.lineno, f"reads a clock: .{node.attr}"
        elif isinstance(node, ast.Attribute) and node.attr in FILES:
            yield node.lineno, f"touches a file: .{node.attr}"
        elif isinstance(node, ast.Name) and node.id in {"open", "input", "__import__"}:
            yield node.lineno, f"leads outside: {node.id}"
        elif _is_io_open(node):
            yield node.lineno, "touches a file: io.open"


def _is_io_open(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr in {"open", "open_code", "FileIO"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "io"
    )


def _floats(tree: ast.AST, name: str) -> Iterator[tuple[int, str]]:
    """Find binary fractions. On paper a distance may be one, an amount never."""
    draws = WINGS[name].draws
    fractions = (complex,) if draws else (float, complex)
    types = {id(n) for part in _annotations(tree) for n in ast.walk(part) if draws}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, fractions):
            yield node.lineno, f"has a binary fraction: {node.value}"
        elif (
            isinstance(node, ast.Name) and node.id == "float" and id(node) not in types
        ):
            yield node.lineno, "uses float"


def _annotations(tree: ast.AST) -> Iterator[ast.AST]:
    """Return the parts of the code that only describe types."""
    for node in ast.walk(tree):
        for field in ("annotation", "returns"):
            if annotation := getattr(node, field, None):
                yield annotation
        if isinstance(node, ast.TypeAlias):
            yield node.value
