"""Draws our mark, nine holes round a tenth, as static/icons/mark.svg and the PNG icons: run `python docs/mark.py`."""

from math import cos, pi, sin
from pathlib import Path

from PIL import Image, ImageDraw

ICONS = Path(__file__).resolve().parents[1] / "static" / "icons"
TOMATO, CREAM, MUSTARD = "#bf3f22", "#fff8ea", "#efb73e"
# Drawn large and made small, which smooths the edges.
LARGE = 2048


def main() -> None:
    (ICONS / "mark.svg").write_text(svg(), encoding="utf-8")
    for name, size, scale, corner in (
        ("icon-32.png", 32, 0.98, 0.22),
        ("icon-180.png", 180, 0.8, 0),
        ("icon-192.png", 192, 0.86, 0.22),
        ("icon-512.png", 512, 0.86, 0.22),
        ("icon-maskable.png", 512, 0.66, 0),
    ):
        png(scale, corner).resize((size, size), Image.Resampling.LANCZOS).save(ICONS / name, optimize=True)


def rosette(steps: int = 40) -> list[tuple[float, float]]:
    """The outline of nine petals, in a box from -1 to 1."""
    points = []
    for petal in range(9):
        start, middle, end = (2 * pi / 9 * (petal + part) for part in (-0.5, 0, 0.5))
        for step in range(steps):
            s = step / steps
            weights = ((1 - s) ** 2, 2 * s * (1 - s), s**2)
            corners = [(r * sin(a), -r * cos(a)) for a, r in ((start, 0.84), (middle, 1.12), (end, 0.84))]
            points.append(tuple(sum(w * c[axis] for w, c in zip(weights, corners, strict=True)) for axis in (0, 1)))
    return points


def holes() -> list[tuple[float, float, float]]:
    """The ring of nine: x, y, radius."""
    return [(0.64 * sin(2 * pi / 9 * n), -0.64 * cos(2 * pi / 9 * n), 0.1) for n in range(9)]


def png(scale: float, corner: float) -> Image.Image:
    """The mark on a square of tomato with round corners."""
    image = Image.new("RGBA", (LARGE, LARGE))
    draw = ImageDraw.Draw(image)
    middle, reach = LARGE / 2, LARGE / 2 * scale
    draw.rounded_rectangle((0, 0, LARGE - 1, LARGE - 1), radius=corner * LARGE, fill=TOMATO)
    draw.polygon([(middle + x * reach, middle + y * reach) for x, y in rosette()], fill=CREAM)
    for x, y, radius in holes():
        draw.circle((middle + x * reach, middle + y * reach), radius * reach, fill=TOMATO)
    draw.circle((middle, middle), 0.36 * reach, fill=MUSTARD)
    return image


def svg() -> str:
    """The mark without its square, for a browser's tab."""
    outline = " ".join(f"{50 + 48 * x:.1f},{50 + 48 * y:.1f}" for x, y in rosette(6))
    ring = "".join(f'<circle cx="{50 + 48 * x:.1f}" cy="{50 + 48 * y:.1f}" r="{48 * r:.1f}"/>' for x, y, r in holes())
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        f'<polygon fill="{TOMATO}" points="{outline}"/><g fill="{CREAM}">{ring}</g>'
        f'<circle cx="50" cy="50" r="17" fill="{MUSTARD}"/></svg>\n'
    )


if __name__ == "__main__":
    main()
