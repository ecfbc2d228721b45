"""The files behind a name, also those in an archive."""

from collections.abc import Iterator
from lzma import LZMAError
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo
import zlib

from .billing.reasons import ReasonedError, Sentence
from .formats.reasons import workbooks as because

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_MOST_BYTES = 1 << 30
"""What an archive may hold, unpacked."""
_DAMAGED = (BadZipFile, LZMAError, zlib.error, EOFError, NotImplementedError)
"""What unpacking a damaged archive, or one packed in some rare way, raises."""
_WORKBOOK = "[Content_Types].xml"
"""A spreadsheet is an archive too, but one file; this entry tells."""


class ArchiveError(ReasonedError):
    """An archive cannot be unpacked."""

    def __init__(self, name: str, reason: Sentence) -> None:
        """Remember which file it is about."""
        super().__init__(reason)
        self.name = name


def files_in(name: str, file: BinaryIO) -> Iterator[tuple[str, BinaryIO]]:
    """Yield a file, or each file of an archive, with a name that tells which it is.

    `file` stands at its beginning, and can go back to it. Raises ArchiveError.
    """
    try:
        yield from _files(name, file)
    except _DAMAGED as err:
        raise ArchiveError(name, because.DAMAGED_ARCHIVE(error=str(err))) from err


def _files(name: str, file: BinaryIO) -> Iterator[tuple[str, BinaryIO]]:
    if not _is_zip(file):
        yield name, file
        return
    with ZipFile(file) as archive:
        members = [info for info in archive.infolist() if _is_data(info)]
        if any(info.filename == _WORKBOOK for info in members):
            file.seek(0)
            yield name, file
            return
        _require_sane(name, members)
        for info in members:
            inner = f"{name}/{info.filename}"
            # Whoever goes back within a file of an archive is no longer told that it
            # is damaged. So it is unpacked, and thereby checked, as a whole.
            with TemporaryFile() as unpacked:
                with archive.open(info) as member:
                    copyfileobj(member, unpacked)
                unpacked.seek(0)
                if _is_zip(unpacked) and not inner.lower().endswith(".xlsx"):
                    raise ArchiveError(inner, because.NESTED_ARCHIVE())
                yield inner, unpacked


def _is_zip(file: BinaryIO) -> bool:
    magic = file.read(4)
    file.seek(0)
    return magic in {_ZIP, _EMPTY_ZIP}


def _is_data(info: ZipInfo) -> bool:
    """Tell whether an entry is a file, and not what a Mac adds to archives."""
    parts = Path(info.filename).parts
    return not info.is_dir() and not any(
        part == "__MACOSX" or part.startswith(".") for part in parts
    )


def _require_sane(name: str, members: list[ZipInfo]) -> None:
    if not members:
        raise ArchiveError(name, because.EMPTY_ARCHIVE())
    if sum(info.file_size for info in members) > _MOST_BYTES:
        raise ArchiveError(name, because.HUGE_ARCHIVE())
    for info in members:
        if info.flag_bits & 1:
            raise ArchiveError(f"{name}/{info.filename}", because.LOCKED_ARCHIVE())
