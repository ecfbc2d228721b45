"""XML as a stream of elements that know their line.

A file of a hundred megabytes must not become a tree of a gigabyte: whoever reads
an element here clears it. Documents cannot define entities or refer to others, and
one that does not end is refused.
"""

from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from . import FormatError
from .reasons import messages as because

_MOST_BYTES = 1 << 29
"""Half a gigabyte: many years of any community."""

_MOST_BYTES_OF_ONE = 1 << 22
"""No element's text is nearly as long. It would have to be in memory as a whole: a
small archive unpacks to hundreds of megabytes of nothing."""


class _Lines:
    """A file for the parser, which asks for blocks and gets lines.

    So the line that was read last is the one on which an element began or ended.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._left = _MOST_BYTES
        self._left_of_one = _MOST_BYTES_OF_ONE
        self._ended = True
        self.line = 0

    def read(self, size: int = -1, /) -> bytes:
        """Return the next line, or a piece of a long one."""
        piece = self._file.readline(size)
        self._left -= len(piece)
        self._left_of_one -= len(piece)
        self.line += self._ended
        if self._left < 0:
            raise FormatError(self.line, because.TOO_LARGE())
        if self._left_of_one < 0:
            raise FormatError(self.line, because.LARGE_ELEMENT())
        self._ended = piece.endswith(b"\n")
        return piece

    def begin_or_end(self) -> None:
        """Count the bytes of an element from here."""
        self._left_of_one = _MOST_BYTES_OF_ONE


def elements(file: BinaryIO) -> Iterator[tuple[int, str, Element]]:
    """Yield the line, `start` or `end`, and the element, as the parser meets them.

    Raises FormatError where the file is not well-formed XML.
    """
    lines = _Lines(file)
    try:
        for event, element in iterparse(lines, ("start", "end"), forbid_dtd=True):
            lines.begin_or_end()
            yield lines.line, event, element
    except ParseError as err:
        reason = because.NOT_XML(error=str(err))
        raise FormatError(err.position[0], reason) from err
    except DefusedXmlException as err:
        raise FormatError(lines.line, because.OWN_ENTITIES()) from err
    except FormatError:
        raise
    except (
        LookupError,
        ValueError,
    ) as err:  # an encoding that the parser does not have
        raise FormatError(lines.line, because.NO_ENCODING(error=str(err))) from err


def local_name(tag: str) -> str:
    """Return the name of an element without its namespace."""
    return tag.rpartition("}")[2]
