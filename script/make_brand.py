#!/usr/bin/env python3
"""Draw the integration's icon and logo: three houses share a spark.

Everything is drawn four times too large and then reduced, which makes the edges
smooth. Run it after changing it: `.venv/bin/python script/make_brand.py`.
"""

from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

FOLDER: Final = Path(__file__).parents[1] / "custom_components/leg_invoicing/brand"

UNIT: Final = 256
"""The icon's side in the coordinates below."""
OVERSIZE: Final = 4

LEAF: Final = (46, 139, 110, 255)
LAKE: Final = (27, 98, 128, 255)
SUN: Final = (255, 193, 46, 255)
INK: Final = (33, 48, 56, 255)
CHALK: Final = (240, 244, 245, 255)
NOTHING: Final = (0, 0, 0, 0)

type Point = tuple[float, float]

HOUSES: Final[tuple[tuple[tuple[int, int, int, int], tuple[Point, ...]], ...]] = (
    (LEAF, ((8, 236), (8, 148), (46, 110), (84, 148), (84, 236))),
    (LEAF, ((172, 236), (172, 148), (210, 110), (248, 148), (248, 236))),
    (LAKE, ((70, 236), (70, 88), (128, 30), (186, 88), (186, 236))),
)
BOLT: Final[tuple[Point, ...]] = (
    (144, 84),
    (94, 166),
    (124, 166),
    (112, 222),
    (164, 136),
    (132, 136),
)


def draw_icon(side: int) -> Image.Image:
    """Draw the icon."""
    scale = side * OVERSIZE / UNIT
    image = Image.new("RGBA", (side * OVERSIZE, side * OVERSIZE), NOTHING)
    draw = ImageDraw.Draw(image)
    for colour, corners in HOUSES:
        # A gap as wide as a wall keeps each house apart from those behind it.
        _shape(draw, corners, scale, NOTHING, 22)
        _shape(draw, corners, scale, colour, 10)
    _shape(draw, BOLT, scale, SUN, 6)
    return image.resize((side, side), Image.Resampling.LANCZOS)


def _shape(
    draw: ImageDraw.ImageDraw,
    corners: tuple[Point, ...],
    scale: float,
    colour: tuple[int, int, int, int],
    width: int,
) -> None:
    """Fill a polygon and go round it with a pen, so that its corners are round."""
    points = [(x * scale, y * scale) for x, y in corners]
    radius = width * scale / 2
    draw.polygon(points, fill=colour)
    draw.line([*points, points[0]], fill=colour, width=round(width * scale))
    for x, y in points:
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def draw_logo(height: int, ink: tuple[int, int, int, int]) -> Image.Image:
    """Draw the icon with the name beside it."""
    icon = draw_icon(height)
    font = ImageFont.load_default(size=height * 0.36)
    stroke = height / 128
    left, top, right, bottom = font.getbbox("LEG Invoicing", stroke_width=stroke)
    start = round(height * 1.12)
    image = Image.new("RGBA", (round(start + right - left), height), NOTHING)
    image.alpha_composite(icon)
    ImageDraw.Draw(image).text(
        (start - left, (height - bottom - top) / 2),
        "LEG Invoicing",
        fill=ink,
        font=font,
        stroke_width=stroke,
    )
    return image


def main() -> None:
    """Write all files that Home Assistant looks for."""
    FOLDER.mkdir(exist_ok=True)
    for suffix, side in (("", 256), ("@2x", 512)):
        images = {
            f"icon{suffix}.png": draw_icon(side),
            f"logo{suffix}.png": draw_logo(side // 2, INK),
            f"dark_logo{suffix}.png": draw_logo(side // 2, CHALK),
        }
        for name, image in images.items():
            image.save(FOLDER / name, optimize=True)


if __name__ == "__main__":
    main()
