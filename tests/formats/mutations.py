"""Files that something happened to."""

from collections.abc import Callable, Iterator
from contextlib import suppress
import io
from typing import BinaryIO

from hypothesis import strategies as st

from custom_components.leg_invoicing.formats import FormatError
from custom_components.leg_invoicing.formats.deliveries import MeteredInterval


@st.composite
def mutations(draw: st.DrawFn, valid: bytes) -> bytes:
    """Replace, remove or repeat a few pieces of a file."""
    content = bytearray(valid)
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, len(content)))
        end = min(len(content), begin + draw(st.integers(0, 12)))
        piece = draw(
            st.one_of(
                st.binary(max_size=6),
                st.sampled_from([b"", b"-1", b"9" * 30, b"\n", b'"', b"1e99", b"\x00"]),
                st.just(bytes(content[begin:end] * 2)),
            )
        )
        content[begin:end] = piece
    return bytes(content)


def survives(
    read: Callable[[BinaryIO], Iterator[MeteredInterval]], content: bytes
) -> None:
    """Read a file; a FormatError is fine, any other error is not."""
    with suppress(FormatError):
        for interval in read(io.BytesIO(content)):
            assert interval.mwh >= 0
            assert interval.seconds > 0
