"""An XML file as a walk from element to element, in bounded memory.

What has been walked past is taken out of the tree, so that neither a long message
nor one full of elements that nobody asks for grows in memory.
"""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple
from xml.etree.ElementTree import Element

from . import FormatError
from .reasons import messages as because
from .xml_stream import elements, local_name

_DEEPEST = 32


class Step(NamedTuple):
    """The begin or the end of an element."""

    line: int
    begins: bool
    path: str
    """From below the root, without namespaces: `a/b`; empty for the root."""
    element: Element
    """Where it begins, its attributes are known; where it ends, also its text."""

    @property
    def text(self) -> str:
        """What stands directly in the element, without spaces around."""
        return (self.element.text or "").strip()


def steps(file: BinaryIO) -> Iterator[Step]:
    """Yield the begin and the end of every element, in the order of the file.

    Raises FormatError where the file is not XML that can be trusted.
    """
    above: list[Element] = []
    paths: list[str] = []
    for line, event, element in elements(file):
        if event == "start":
            if len(above) == _DEEPEST:
                raise FormatError(line, because.TOO_DEEP(deepest=_DEEPEST))
            paths.append(_below(paths, element))
            yield Step(line, True, paths[-1], element)
            above.append(element)
        else:
            above.pop()
            yield Step(line, False, paths.pop(), element)
            if above:
                # The parser may be ahead, so ours is the first and not the last.
                del above[-1][0]


def _below(paths: list[str], element: Element) -> str:
    if not paths:
        return ""
    name = local_name(element.tag)
    return f"{paths[-1]}/{name}" if paths[-1] else name
