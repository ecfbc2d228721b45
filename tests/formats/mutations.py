"""Files that something happened to."""

import re

from hypothesis import strategies as st

_NASTY = (
    *(b"", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\n", b"\r", b'"', b"'", b",", b";"),
    *(b"-1", b"0", b"1e99", b"1e-99", b"nan", b"inf", b"9" * 30, b"9" * 5000),
    *(b"1_0", b"+", b"0x10", "\u0661".encode(), b"99999999999999999999.5", b"-0"),
    *(b"20260229", b"00010101", b"99991231235959", b"0001-01-01T00:00:00Z"),
    *(b"9999-12-31T23:59:59-23:59", b"31.12.9999 24:00", b"01.01.0001 00:00"),
    *(b"<", b">", b"&lt;", b"&a;", b"<a>" * 50, b"<!-- ", b"<![CDATA[", b"</a>"),
    *(
        b'<?xml version="1.0" encoding="x"?>',
        b"]]>",
        b"100,",
        b"400,1,48,A",
        b"a" * 200_000,
    ),
)
_ENCODINGS = ("utf-16", "utf-16-be", "utf-32", "utf-8-sig", "cp500", "latin-1")
_CELLS = re.compile(rb"([,;<>\"\s]+)")
_LINES = re.compile(rb"(?<=[\n>])")


def _bytes(draw: st.DrawFn, content: bytes) -> bytes:
    """Replace a few bytes, or repeat them."""
    begin = draw(st.integers(0, len(content)))
    end = min(len(content), begin + draw(st.integers(0, 40)))
    pieces = st.binary(max_size=6) | st.just(content[begin:end] * 2)
    return content[:begin] + draw(pieces) + content[end:]


def _cell(draw: st.DrawFn, content: bytes) -> bytes:
    """Put something nasty in the place of a cell, a name or what parts them."""
    cells = _CELLS.split(content)
    cells[draw(st.integers(0, len(cells) - 1))] = draw(st.sampled_from(_NASTY))
    return b"".join(cells)


def _swapped(draw: st.DrawFn, content: bytes) -> bytes:
    """Put one cell of the file in the place of another."""
    cells = _CELLS.split(content)
    places = st.integers(0, len(cells) - 1)
    cells[draw(places)] = cells[draw(places)]
    return b"".join(cells)


def _lines(draw: st.DrawFn, content: bytes) -> bytes:
    """Drop, repeat or move a few lines or elements."""
    lines = _LINES.split(content)
    begin = draw(st.integers(0, len(lines) - 1))
    end = begin + draw(st.integers(1, 8))
    some = lines[begin:end] * draw(st.integers(0, 3))
    rest = lines[:begin] + lines[end:]
    place = draw(st.just(begin) | st.integers(0, len(rest)))
    return b"".join(rest[:place] + some + rest[place:])


def _cut_off(draw: st.DrawFn, content: bytes) -> bytes:
    return content[: draw(st.integers(0, len(content)))]


def _encoded(draw: st.DrawFn, content: bytes) -> bytes:
    """Save the file in another encoding, which it may or may not name."""
    encoding = draw(st.sampled_from(_ENCODINGS))
    text = content.decode("utf-8", "replace")
    if draw(st.booleans()):
        text = re.sub('encoding="[^"]*"', f'encoding="{encoding}"', text)
    return text.encode(encoding, "replace")


_HAPPENINGS = (_bytes, _cell, _cell, _swapped, _lines, _cut_off, _encoded)


@st.composite
def mutations(draw: st.DrawFn, valid: bytes) -> bytes:
    """Do a few things to a file."""
    content = valid
    for _ in range(draw(st.integers(1, 4))):
        content = draw(st.sampled_from(_HAPPENINGS))(draw, content)
    return content
