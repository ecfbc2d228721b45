"""The files behind the books, read and written so that nothing goes unnoticed.

`Store` logs a failed write and goes on, takes what it listed when Home Assistant
started for what is there, and sets a file that it cannot read aside, as if there
had been none. None of that will do for money. So a store only writes the index,
and whatever was written is read back from the disk, here.
"""

from decimal import Decimal
import hashlib
import json
from pathlib import Path
from typing import Any

from homeassistant.exceptions import HomeAssistantError, UnsupportedStorageVersionError
from homeassistant.util.file import WriteError, write_utf8_file_atomic

from .billing.commitment_records import commitments_from_record
from .billing.commitments import Commitments
from .billing.records import Record
from .const import DOMAIN
from .documents.exact_json import dumps

STORAGE_VERSION = 1


class BooksDamagedError(HomeAssistantError):
    """The books are not what they were when they were written."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        super().__init__(
            translation_domain=DOMAIN,
            translation_key="books_damaged",
            translation_placeholders={"path": str(path)},
        )
        self.path = str(path)


class BooksNotWrittenError(HomeAssistantError):
    """The books could not be written; they are what they were."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        super().__init__(
            translation_domain=DOMAIN,
            translation_key="books_not_written",
            translation_placeholders={"path": str(path)},
        )


def index_name(community_id: str) -> str:
    """Return the name of the index, which is its key in Home Assistant's storage."""
    return f"{DOMAIN}.{community_id}.books"


def period_file_name(community_id: str, period_id: str) -> str:
    """Return the name of an issued period's file."""
    return f"{DOMAIN}.{community_id}.period.{period_id.replace('..', '_')}"


def read_index(path: Path) -> dict[str, Any] | None:
    """Read what a store has written; None when there is no file.

    Raises BooksDamagedError for a file that holds anything else, and
    UnsupportedStorageVersionError for one of another version. Changes nothing.
    """
    try:
        stored = json.loads(path.read_bytes())
        version, key, record = (stored[name] for name in ("version", "key", "data"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise BooksDamagedError(path) from err
    if key != path.name or not isinstance(record, dict):
        raise BooksDamagedError(path)
    if version != STORAGE_VERSION:
        raise UnsupportedStorageVersionError(key, version, STORAGE_VERSION)
    return record


def read_commitments(path: Path) -> Commitments | None:
    """Read the books themselves; None when there is no file.

    Raises what `read_index` does, also for a record that is none of books.
    """
    record = read_index(path)
    if record is None:
        return None
    try:
        return commitments_from_record(record)
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
    ) as err:
        raise BooksDamagedError(path) from err


def frozen(issued: Record) -> tuple[bytes, str]:
    """Return an issued period as the bytes that are kept, and their hash."""
    content = dumps(issued).encode()
    return content, hashlib.sha256(content).hexdigest()


def write_period(path: Path, content: bytes) -> None:
    """Write a period's file and read it back.

    There may be one from an attempt that was never committed; it is replaced.
    Raises BooksNotWrittenError.
    """
    try:
        write_utf8_file_atomic(str(path), content, private=True, mode="wb")
        written = path.read_bytes()
    except (OSError, WriteError) as err:
        raise BooksNotWrittenError(path) from err
    if written != content:
        raise BooksNotWrittenError(path)


def read_period(path: Path, sha256: str) -> Record:
    """Read an issued period; raises BooksDamagedError if it is not what it was."""
    try:
        content = path.read_bytes()
    except OSError as err:
        raise BooksDamagedError(path) from err
    if hashlib.sha256(content).hexdigest() != sha256:
        raise BooksDamagedError(path)
    issued: Record = json.loads(content, parse_float=Decimal)
    return issued
