"""Draw the invoice that the README shows: docs/images/invoice.png.

Run it in the development environment when the look of invoices has changed:

    .venv/bin/python script/render_sample.py
"""

from pathlib import Path
import sys

from PIL.Image import Image
import pypdfium2  # type: ignore[import-untyped]

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

# The order matters: this keeps the integration's own start, and with it Home
# Assistant, from being imported with the rules.
from script.settle_lib import pure_wings  # noqa: F401
from script.specimen import specimen_pdf

ROOT = Path(__file__).resolve().parent.parent
IMAGE = ROOT / "docs" / "images" / "invoice.png"
PIXELS_PER_POINT = 2
COLOURS = 64


def picture() -> Image:
    """Return the specimen's first page."""
    page = pypdfium2.PdfDocument(specimen_pdf())[0]
    drawn: Image = page.render(scale=PIXELS_PER_POINT).to_pil()
    return drawn.quantize(COLOURS)


if __name__ == "__main__":
    IMAGE.parent.mkdir(parents=True, exist_ok=True)
    picture().save(IMAGE, optimize=True)
    print(IMAGE.relative_to(ROOT))
