"""What a person is told when an input cannot be used."""

from pathlib import Path


class RefusalError(Exception):
    """An input is wrong; the text says where, what, and how to put it right."""

    @classmethod
    def at(cls, path: Path | str, line: int, reason: str) -> RefusalError:
        """Name the line of a file."""
        return cls(f"{path}, line {line}: {reason}")

    @classmethod
    def of_system(cls, path: Path, err: OSError) -> RefusalError:
        """Say why a file cannot be read or written."""
        reason = (err.strerror or str(err)).lower()
        return cls(f"{path}: {reason}; check the name and your permissions")
