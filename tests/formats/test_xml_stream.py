"""XML as a stream of elements that know their line."""

import io

import pytest

from custom_components.leg_invoicing.formats import FormatError, xml_stream


def _lines(content: bytes) -> list[tuple[int, str, str]]:
    return [
        (line, event, xml_stream.local_name(element.tag))
        for line, event, element in xml_stream.elements(io.BytesIO(content))
    ]


def test_elements_know_their_line() -> None:
    """The line is that on which an element begins or ends."""
    content = b'<?xml version="1.0"?>\n<a xmlns="urn:x">\n<b>1</b>\n\n</a>'

    assert _lines(content) == [
        (2, "start", "a"),
        (3, "start", "b"),
        (3, "end", "b"),
        (5, "end", "a"),
    ]


def test_a_long_line_is_one_line() -> None:
    """A line that is read in pieces is counted once."""
    content = b"<a>" + b"<b/>" * 10_000 + b"\n<c/></a>"

    lines = _lines(content)

    assert lines[-2] == (2, "end", "c")
    assert lines[-4] == (1, "end", "b")


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"", 1, "no element found"),
        (b"<a>\n<b></a>", 2, "mismatched tag"),
        (b"<a>\n<b>", 2, "no element found"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]>\n<a>&b;</a>', 1, "entities of its own"),
        (b'<?xml version="1.0" encoding="big5"?><a/>', 1, "save the file as UTF-8"),
    ],
)
def test_what_is_wrong_is_named_by_its_line(
    content: bytes, line: int, reason: str
) -> None:
    """What is not well-formed, or would define entities, is refused."""
    with pytest.raises(FormatError, match=reason) as raised:
        _lines(content)

    assert raised.value.line == line


def test_a_file_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading ends at the limit."""
    monkeypatch.setattr(xml_stream, "_MOST_BYTES", 10)

    with pytest.raises(FormatError, match="too large"):
        _lines(b"<a>\n<b></b>\n</a>")


@pytest.mark.parametrize(
    "content",
    [
        b"<a>\n<b>" + b"x" * (5 << 20) + b"</b></a>",
        b"<a>\n<!--" + b"x" * (5 << 20) + b"--></a>",
        b'<a>\n<b c="' + b"x" * (5 << 20) + b'"/></a>',
    ],
)
def test_one_element_does_not_fill_the_memory(content: bytes) -> None:
    """What could only be kept as a whole is refused while it is being read."""
    with pytest.raises(FormatError, match="more than 4 MB") as raised:
        _lines(content)

    assert raised.value.line == 2


def test_many_elements_may_be_long_together() -> None:
    """The limit is for each of them."""
    content = b"<a>" + (b"<b>" + b"x" * (1 << 20) + b"</b>\n") * 9 + b"</a>"

    assert _lines(content)[-1][1:] == ("end", "a")
