"""The invoice that the README shows."""

import PIL.Image
import PIL.ImageChops
import PIL.ImageStat
from syrupy.assertion import SnapshotAssertion

from script.render_sample import IMAGE, picture
from script.specimen import specimen_pdf

from .reading import lines


def test_text(snapshot: SnapshotAssertion) -> None:
    """The specimen says what it said when somebody last read it through.

    After a change that is meant: `pytest --snapshot-update`, read it again, and
    `script/render_sample.py`.
    """
    assert lines(specimen_pdf()) == snapshot


def test_picture() -> None:
    """The README's picture shows the specimen as it is printed now."""
    with PIL.Image.open(IMAGE) as shown:
        difference = PIL.ImageChops.difference(
            shown.convert("L"), picture().convert("L")
        )
    # Another version of the renderer may smooth edges differently.
    assert PIL.ImageStat.Stat(difference).mean[0] < 1
