"""The files behind the names that a person gave, also those in archives."""

from collections.abc import Iterable, Iterator
from lzma import LZMAError
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo
import zlib

from script.settle_lib.refusal import RefusalError

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_MOST_BYTES = 4 << 30
"""What an archive may hold, unpacked."""
_DAMAGED = (BadZipFile, LZMAError, zlib.error, EOFError, NotImplementedError)
"""What unpacking a damaged archive, or one packed in some rare way, raises."""
_WORKBOOK = "[Content_Types].xml"
"""A spreadsheet is an archive too, but one file; this entry tells."""


def opened(paths: Iterable[Path]) -> Iterator[tuple[Path, BinaryIO]]:
    """Yield each file, open for reading, with a name that a person finds it by.

    Raises RefusalError where one cannot be opened or unpacked.
    """
    for path in paths:
        try:
            with path.open("rb") as file:
                yield from _files(path, file)
        except OSError as err:
            raise RefusalError.of_system(path, err) from err
        except _DAMAGED as err:
            raise RefusalError(
                f"{path}: the archive is damaged ({err}); get it anew"
            ) from err


def _files(path: Path, file: BinaryIO) -> Iterator[tuple[Path, BinaryIO]]:
    if not _is_zip(file):
        yield path, file
        return
    with ZipFile(file) as archive:
        members = [info for info in archive.infolist() if _is_data(info)]
        if any(info.filename == _WORKBOOK for info in members):
            file.seek(0)
            yield path, file
            return
        _require_sane(path, members)
        for info in members:
            name = path / info.filename
            # Whoever goes back within a file of an archive is no longer told that it
            # is damaged. So it is unpacked, and thereby checked, as a whole.
            with TemporaryFile() as unpacked:
                with archive.open(info) as member:
                    copyfileobj(member, unpacked)
                unpacked.seek(0)
                if _is_zip(unpacked) and name.suffix.lower() != ".xlsx":
                    raise RefusalError(f"{name}: an archive in an archive; unpack it")
                yield name, unpacked


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


def _require_sane(path: Path, members: list[ZipInfo]) -> None:
    if not members:
        raise RefusalError(f"{path}: there are no files in the archive")
    if sum(info.file_size for info in members) > _MOST_BYTES:
        raise RefusalError(f"{path}: the archive holds too much; unpack it in parts")
    for info in members:
        if info.flag_bits & 1:
            raise RefusalError(
                f"{path / info.filename}: it has a password; unpack it first"
            )
