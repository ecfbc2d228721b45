"""Test the repository itself: the direction of imports, translations, settings."""

from collections.abc import Iterator
from importlib.metadata import version
import json
from pathlib import Path, PurePosixPath
import re
import subprocess
import sys
import zipfile

from packaging.requirements import Requirement
import pytest
import yaml

from custom_components.leg_invoicing.billing.findings import FindingCode

from .house_rules import WINGS, broken_rules

ROOT = Path(__file__).parents[2]
INTEGRATION = ROOT / "custom_components" / "leg_invoicing"
TRANSLATIONS = INTEGRATION / "translations"
MANIFEST = json.loads((INTEGRATION / "manifest.json").read_text(encoding="utf-8"))

PLACEHOLDER = re.compile(r"\{\w+\}")


def repository_files() -> list[Path]:
    """Return what is in the repository, or would be with the next commit."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = listed.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


FILES = repository_files()


# The direction of imports, and purity


def pure_modules() -> Iterator[Path]:
    """Yield every module of the pure wings."""
    for wing in WINGS:
        yield from sorted((INTEGRATION / wing).rglob("*.py"))


@pytest.mark.parametrize(
    "module", pure_modules(), ids=lambda path: str(path.relative_to(INTEGRATION))
)
def test_pure_wings_stay_pure(module: Path) -> None:
    """A module that decides about bills keeps the rules of the house."""
    path = PurePosixPath(module.relative_to(INTEGRATION).as_posix())
    assert broken_rules(module.read_text(encoding="utf-8"), path) == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("billing/a.py", "import homeassistant"),
        ("billing/a.py", "from homeassistant.util import dt as dt_util"),
        ("billing/a.py", "if TYPE_CHECKING:\n    from homeassistant.core import State"),
        ("billing/a.py", "def f():\n    import homeassistant.core"),
        ("billing/a.py", "import reportlab"),
        ("billing/a.py", "import defusedxml"),
        ("billing/a.py", "import pandas"),
        ("documents/a.py", "import defusedxml.ElementTree"),
        ("formats/a.py", "from reportlab.lib import units"),
        ("billing/a.py", "x = float('1')"),
        ("billing/a.py", "def f(x: float) -> None: ..."),
        ("billing/a.py", "x = 0.25"),
        ("billing/a.py", "x = 1e3"),
        ("formats/a.py", "x = 0.25"),
        ("documents/a.py", "x = float(amount)"),
        ("documents/a.py", "x = 1j"),
        ("billing/a.py", "x = datetime.now(UTC)"),
        ("billing/a.py", "x = datetime.utcnow()"),
        ("billing/a.py", "x = date.today()"),
        ("documents/a.py", "clock = datetime.now"),
        ("billing/a.py", "import time"),
        ("billing/a.py", "from time import monotonic"),
        ("billing/a.py", "import random"),
        ("billing/a.py", "x = open('a')"),
        ("billing/a.py", "import io\nx = io.open('a')"),
        ("formats/a.py", "from pathlib import Path"),
        ("formats/a.py", "x = path.read_text()"),
        ("documents/a.py", "path.write_bytes(b'')"),
        ("billing/a.py", "import os"),
        ("billing/a.py", "x = __import__('homeassistant')"),
        ("billing/a.py", "from ..documents import pdf"),
        ("billing/a.py", "from .. import formats"),
        ("billing/a.py", "from ..const import DOMAIN"),
        ("billing/sub/a.py", "from ...documents import pdf"),
        ("documents/a.py", "from ..formats import csv"),
        ("documents/a.py", "from ..books import Books"),
        ("documents/a.py", "from .. import ledger"),
        ("formats/a.py", "from ..documents.pdf import render"),
        ("formats/a.py", "from custom_components.leg_invoicing import books"),
        ("formats/a.py", "import custom_components.leg_invoicing.books"),
        ("formats/a.py", "import custom_components.leg_invoicing"),
    ],
)
def test_impurity_is_found(path: str, source: str) -> None:
    """The guard of the rules finds what breaks them."""
    assert len(broken_rules(source, PurePosixPath(path))) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("billing/a.py", "from datetime import UTC, datetime, time\nx = time(12)"),
        ("billing/a.py", "from .money import Money\nfrom . import energy"),
        ("billing/sub/a.py", "from ..money import Money"),
        ("documents/a.py", "from ..billing.money import Money\nfrom .. import billing"),
        ("documents/a.py", "from reportlab.lib import units\nx = 2.5 * units.mm"),
        ("documents/a.py", "def draw(x: float) -> float: ..."),
        ("documents/a.py", "type Point = tuple[float, float]"),
        ("documents/a.py", "import io, zipfile\nx = zipfile.ZipFile(io.BytesIO())"),
        ("formats/a.py", "from defusedxml import ElementTree"),
        (
            "formats/a.py",
            "import csv\nfrom custom_components.leg_invoicing.billing import energy",
        ),
    ],
)
def test_purity_is_left_alone(path: str, source: str) -> None:
    """The guard of the rules does not cry wolf."""
    assert broken_rules(source, PurePosixPath(path)) == []


# Translations


def texts_of(tree: object, key: str = "") -> dict[str, str]:
    """Return every text of a translation by its full key."""
    if isinstance(tree, dict):
        children = [texts_of(value, f"{key}.{name}") for name, value in tree.items()]
        return {path: text for child in children for path, text in child.items()}
    return {key.removeprefix("."): str(tree)}


def differences(english: object, other: object) -> list[str]:
    """Return in what a translation differs from English, text aside."""
    ours, theirs = texts_of(english), texts_of(other)
    return [
        *(f"{key}: missing" for key in sorted(ours.keys() - theirs.keys())),
        *(f"{key}: unknown" for key in sorted(theirs.keys() - ours.keys())),
        *(
            f"{key}: other placeholders"
            for key in sorted(ours.keys() & theirs.keys())
            if set(PLACEHOLDER.findall(ours[key]))
            != set(PLACEHOLDER.findall(theirs[key]))
        ),
    ]


@pytest.mark.parametrize(
    "translation", sorted(TRANSLATIONS.glob("*.json")), ids=lambda path: path.stem
)
def test_translations_follow_english(translation: Path) -> None:
    """A translation has the keys and the placeholders of the English one."""
    english = json.loads((TRANSLATIONS / "en.json").read_text(encoding="utf-8"))
    other = json.loads(translation.read_text(encoding="utf-8"))
    assert differences(english, other) == []
    empty = [key for key, text in texts_of(other).items() if not text.strip()]
    assert empty == []


def test_differences_between_translations_are_found() -> None:
    """The guard of the translations finds what is wrong with one."""
    english = {"a": {"b": "House {house}", "c": "x"}, "d": "y"}
    other = {"a": {"b": "Haus {haus}", "c": "x"}, "e": "y"}
    assert differences(english, other) == [
        "d: missing",
        "e: unknown",
        "a.b: other placeholders",
    ]


# The repository


# Written in pieces, so that this file does not contain them itself.
FORBIDDEN = re.compile(
    "|".join(
        [
            "pypi" + r"\.org/simple",
            "python" + r"hosted\.org",
            r"(?<![\w.])/wo" + "rk/",
            r"\.\./sha" + "red",
            "BEGIN [A-Z ]*PRIVATE" + " KEY",
            "ghp" + "_[A-Za-z0-9]{20}",
        ]
    )
)


@pytest.mark.parametrize(
    "text",
    [
        "https://pypi" + ".org/simple",
        "cd /wo" + "rk/main",
        "see ../sha" + "red/design",
        "-----BEGIN PRIVATE" + " KEY-----",
    ],
)
def test_forbidden_words_are_found(text: str) -> None:
    """The guard of the repository finds what must not get into it."""
    assert FORBIDDEN.search(text)


def test_no_file_names_a_machine_or_a_package_index() -> None:
    """A file names no package index, no path of some machine and no secret."""
    found = []
    for path in FILES:
        text = path.read_bytes().decode("utf-8", errors="ignore")
        if hit := FORBIDDEN.search(text):
            found.append(f"{path.relative_to(ROOT)}: {hit.group()}")
    assert found == []


def test_lock_files_hold_only_pinned_packages() -> None:
    """A lock file names exact versions, and not where they come from."""
    line = re.compile(r"[A-Za-z0-9._-]+==\S+( ; .+)?|\s*#.*|")
    for path in (ROOT / "requirements").glob("*.txt"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert [text for text in lines if not line.fullmatch(text)] == []


def test_environment_has_what_the_manifest_asks_for() -> None:
    """Home Assistant finds the integration's requirements installed."""
    for text in MANIFEST.get("requirements", []):
        requirement = Requirement(text)
        assert requirement.specifier.contains(version(requirement.name)), text


def test_wings_use_only_what_the_manifest_asks_for() -> None:
    """A library that a wing imports is one that users get with the integration."""
    promised = {Requirement(text).name.lower() for text in MANIFEST["requirements"]}
    imported = {
        library
        for name, wing in WINGS.items()
        for library in wing.libraries
        for module in (INTEGRATION / name).rglob("*.py")
        if re.search(
            rf"^\s*(from|import) {library}\b",
            module.read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    }
    assert imported <= promised


def test_json_and_yaml_can_be_read() -> None:
    """Every settings file is well-formed."""
    for path in FILES:
        if path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))
        elif path.suffix in {".yaml", ".yml"}:
            yaml.compose(path.read_text(encoding="utf-8"))


def test_coverage_check_names_the_offenders(tmp_path: Path) -> None:
    """The check of the coverage holds pure wings to every branch, others to a floor."""

    def module(percent: int, lines: list[int], branches: list[list[int]]) -> dict:
        return {
            "summary": {"percent_covered": percent},
            "missing_lines": lines,
            "missing_branches": branches,
        }

    folder = "custom_components/leg_invoicing"
    report = {
        "files": {
            f"{folder}/billing/money.py": module(99, [], [[3, -1]]),
            f"{folder}/formats/nem12.py": module(99, [7, 8], []),
            f"{folder}/documents/pdf.py": module(100, [], []),
            f"{folder}/books.py": module(94, [1], []),
            f"{folder}/ledger.py": module(95, [1], []),
        }
    }
    (tmp_path / "coverage.json").write_text(json.dumps(report), encoding="utf-8")
    checked = subprocess.run(
        [sys.executable, "script/check_coverage.py", str(tmp_path / "coverage.json")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 1
    assert checked.stderr.splitlines() == [
        f"{folder}/billing/money.py: pure, but branches 3->exit are not tested",
        f"{folder}/books.py: 94.0 %, wanted 95 %",
        f"{folder}/formats/nem12.py: pure, but lines 7, 8 are not tested",
        "Not tested enough: 3 findings above.",
    ]


def test_release_is_packed_with_its_own_version(tmp_path: Path) -> None:
    """The archive of a release has the manifest on top, with the tag as its version."""
    (tmp_path / "custom_components").symlink_to(ROOT / "custom_components")
    script = [sys.executable, str(ROOT / "script" / "pack.py")]
    subprocess.run([*script, "v7.8.9b1"], cwd=tmp_path, check=True)
    with zipfile.ZipFile(tmp_path / "leg_invoicing.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        names = archive.namelist()
    assert manifest == MANIFEST | {"version": "7.8.9b1"}
    assert "billing/money.py" in names
    assert not [name for name in names if name.endswith(".pyc")]
    refused = subprocess.run([*script, "latest"], cwd=tmp_path, check=False)
    assert refused.returncode == 1


# The documentation

PAGES = ROOT / "docs" / "findings"
_ISSUES = json.loads((TRANSLATIONS / "en.json").read_text(encoding="utf-8"))["issues"]


def test_every_finding_has_a_page() -> None:
    """Each finding and each repair is explained, and nothing that is neither."""
    known = {code.value for code in FindingCode} | _ISSUES.keys()
    assert known == {page.stem for page in PAGES.glob("*.md")} - {"README"}


def test_readme_names_every_finding() -> None:
    """Whoever wonders what can be wrong finds all of it."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [code for code in FindingCode if f"`{code}`" not in readme] == []


def test_every_repair_leads_to_its_page() -> None:
    """Wherever a repair is raised, a person can learn more."""
    for module in INTEGRATION.glob("*.py"):
        text = module.read_text(encoding="utf-8")
        raised = text.count("async_create_issue(")
        assert raised == text.count("learn_more_url="), module.name


@pytest.mark.parametrize(
    "page",
    [path for path in FILES if path.suffix == ".md"],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_links_lead_somewhere(page: Path) -> None:
    """What a page refers to in the repository is there."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (page.parent / target).exists(), target
