"""Letters, lines, and the room there is for them."""

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.documents.flow import Block, pages, space
from custom_components.leg_invoicing.documents.fonts import BOLD, printable, width
from custom_components.leg_invoicing.documents.paper import (
    BODY,
    BOTTOM,
    FIRST_TOP,
    NOTE,
    STRONG,
    TOP,
    Style,
)
from custom_components.leg_invoicing.documents.typesetting import (
    fitted,
    shrunk,
    wrapped,
)

ROOM = 120


@pytest.mark.parametrize(
    "name",
    [
        "Łukasz Šimić",
        "Ğülşen İnönü ı",
        "Ądam Ęwa Ńśźż",
        "Jiří Růžička Ťěď",
        "Győző Űr",
        "Ștefan Țăranu",
        "Þórður Ðe",
        "Nguyễn Thị Ánh",
        "Αθανασία Παπαδοπούλου",
        "Ольга Ющенко",
        "O’Neill – «Ç» & Co.",
    ],
)
def test_names_are_printed_as_they_are(name: str) -> None:
    """The typeface has the letters of our neighbours' names."""
    assert printable(name) == name


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Anna 🌞", "Anna �"),
        ("李明", "��"),
        ("עמית", "����"),
        ("u\N{COMBINING DIAERESIS}", "ü"),
        ("a\tb\nc\r\0", "a b c  "),
        ("A\N{ZERO WIDTH JOINER}B\N{VARIATION SELECTOR-16}\N{SOFT HYPHEN}C", "ABC"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}evil", "evil"),
        ("a\N{LINE SEPARATOR}b", "a b"),
    ],
)
def test_what_cannot_be_printed_is_seen(text: str, printed: str) -> None:
    """A letter that the typeface lacks leaves a mark; controls become spaces."""
    assert printable(text) == printed


@given(st.characters(categories=["L", "N", "P", "S"]))
def test_no_letter_is_lost(letter: str) -> None:
    """Every letter, digit and sign is printed, or visibly replaced."""
    assert printable(letter).strip()


@given(st.text(), st.integers(20, 400))
def test_wrapping_keeps_every_word(text: str, room: int) -> None:
    """Lines fit, and together they hold all that was to be printed."""
    lines = wrapped(text, room, BODY).lines
    assert all(width(line, BODY.face, BODY.size) <= room for line in lines)
    joined, whole = ("".join(t.split(" ")) for t in ("".join(lines), printable(text)))
    assert joined == whole


def test_a_room_narrower_than_a_letter() -> None:
    """A letter that is wider than the room still gets its line."""
    assert wrapped("ab", 1, BODY).lines == ("a", "b")


def test_fitting_prefers_the_size_asked_for() -> None:
    """What fits is set in its own size."""
    paragraph = fitted(["Anna Muster", "", "Sonnenweg 7"], (ROOM, 60), STRONG)
    assert paragraph.lines == ("Anna Muster", "Sonnenweg 7")
    assert paragraph.style == STRONG


@given(st.lists(st.text(), max_size=30))
def test_fitting_never_leaves_its_room(texts: list[str]) -> None:
    """Whatever is to be fitted, it stays inside, and says so when it is cut."""
    paragraph = fitted(texts, (ROOM, 40), BODY)
    style = paragraph.style
    assert paragraph.height <= 40
    assert all(width(line, style.face, style.size) <= ROOM for line in paragraph.lines)
    wanted = "".join(printable(text) for text in texts).replace(" ", "")
    printed = "".join(paragraph.lines).replace(" ", "")
    assert printed == wanted or printed.endswith("…")


def test_shrinking() -> None:
    """A number that is too wide for its column is set smaller until it fits."""
    assert shrunk("123.45", 100, BODY) is BODY
    long = "123’456’789’012’345’678.90"
    style = shrunk(long, 60, Style(10, BOLD))
    assert style.size < 10
    assert width(long, BOLD, style.size) <= 60
    assert shrunk("9" * 5000, 60, NOTE).size == 1


def _block(height: int, **kwargs: object) -> Block:
    return Block(height=height, draw=space(0).draw, **kwargs)


def test_pages_are_filled_from_the_top() -> None:
    """Blocks follow one another, and go on where a further page begins."""
    room = BOTTOM - FIRST_TOP
    first, second, third = _block(room - 1), _block(1), _block(5)
    assert pages([first, second, third]) == [
        [(FIRST_TOP, first), (BOTTOM - 1, second)],
        [(TOP, third)],
    ]


def test_what_belongs_together_stays_together() -> None:
    """A heading goes to the next page with what it is about."""
    filler = _block(BOTTOM - FIRST_TOP - 20)
    heading, text = _block(15, with_next=True), _block(15)
    assert pages([filler, heading, text]) == [
        [(FIRST_TOP, filler)],
        [(TOP, heading), (TOP + 15, text)],
    ]


def test_a_table_repeats_its_head() -> None:
    """Where a table goes on, its head stands again."""
    head = _block(10, with_next=True)
    rows = [_block(BOTTOM - FIRST_TOP - 10, head=head), _block(30, head=head)]
    assert pages([head, *rows]) == [
        [(FIRST_TOP, head), (FIRST_TOP + 10, rows[0])],
        [(TOP, head), (TOP + 10, rows[1])],
    ]
