"""What a printed page is made of: text that fits its place, vector QR codes, stamps and a logo."""

import math
from io import BytesIO
from pathlib import Path

from fpdf import FPDF
from fpdf.drawing import PaintedPath
from fpdf.enums import IntersectionRule, MethodReturnValue, PathPaintRule

from api import qr

FONTS = Path(__file__).resolve().parents[1] / "static" / "build" / "fonts"
# Millimetres.
SIZES = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
POINT = 25.4 / 72
SMALLEST_PT = 5.0
# Of the size of a text: how high its capital letters are, and how far its lines lie apart.
CAPITAL, PITCH = 0.73, 1.25

# How much of the room beside a line of text lies on its left.
LEFT_OF = {"left": 0.0, "centre": 0.5, "right": 1.0}

# The colours of static/css/tokens.css, in daylight.
BLACK, WHITE, INK, INK_SOFT, LINE = "#000000", "#ffffff", "#2a1c14", "#65503f", "#e0d2bb"
PINE, TOMATO, MUSTARD, CREAM, SAND = "#1b5340", "#bf3f22", "#efb73e", "#fffcf5", "#f8f1e4"

Points = list[tuple[float, float]]


class Paper(FPDF):
    """A document of one paper size. Places and sizes are in millimetres from the top left, text sizes in points."""

    def __init__(self, paper: str, *, title: str, language: str) -> None:
        super().__init__(unit="mm", format=SIZES[paper])
        self.wide, self.high = SIZES[paper]
        self._known: dict[tuple[object, ...], tuple[float, list[str]]] = {}
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.set_title(title)
        self.set_creator("Tenth")
        self.set_lang(language)
        self.add_font("DejaVu", "", FONTS / "DejaVuSans.ttf")
        self.add_font("DejaVu", "B", FONTS / "DejaVuSans-Bold.ttf")

    def finished(self) -> bytes:
        """The finished document."""
        return bytes(self.output())

    def fill(self, colour: str, *loops: Points) -> None:
        """Fill what lies inside an odd number of these closed lines, as one shape."""
        path = PaintedPath()
        path.style.paint_rule = PathPaintRule.FILL_EVENODD
        path.style.intersection_rule = IntersectionRule.EVENODD
        path.style.fill_color = colour
        for loop in loops:
            path.move_to(*loop[0])
            for point in loop[1:]:
                path.line_to(*point)
            path.close()
        self.draw_path(path, copy=False)  # copying takes longer than all the rest of a page

    def panel(self, x: float, y: float, width: float, height: float, *, colour: str, corner: float) -> None:
        """A filled rectangle with round corners."""
        self.set_fill_color(colour)
        self.rect(x, y, width, height, style="F", round_corners=True, corner_radius=corner)

    def stroke(self, x: float, y: float, to_x: float, to_y: float, *, colour: str = INK, width: float = 0.2) -> None:
        """A straight line."""
        self.set_draw_color(colour)
        self.set_line_width(width)
        self.line(x, y, to_x, to_y)

    def write_in(
        self,
        text: str,
        x: float,
        y: float,
        width: float,
        *,
        size: float,
        lines: int = 1,
        bold: bool = False,
        colour: str = INK,
        align: str = "left",
        high: float = math.inf,
    ) -> float:
        """Text from this height down, made smaller until it fits so many lines and this height; returns its end."""
        size, rows = self._fitted(text, width, size=size, lines=lines, bold=bold, high=high)
        self.set_font("DejaVu", "B" if bold else "", size)
        self.set_text_color(colour)
        baseline = y + CAPITAL * size * POINT
        for row in rows:
            left = x + LEFT_OF[align] * (width - self.get_string_width(row))
            self.text(left, baseline, row)
            baseline += PITCH * size * POINT
        return y + _height(len(rows), size)

    def height_of(self, text: str, width: float, *, size: float, lines: int = 1, bold: bool = False) -> float:
        """How high `write_in` makes this text."""
        size, rows = self._fitted(text, width, size=size, lines=lines, bold=bold, high=math.inf)
        return _height(len(rows), size)

    def qr(self, text: str, x: float, y: float, side: float) -> None:
        """A QR code on white; `side` is its width with the light border around it."""
        self.panel(x, y, side, side, colour=WHITE, corner=side / 30)
        dark = qr.squares(text)
        unit = side / (len(dark) + 2 * qr.QUIET)
        left, top = x + qr.QUIET * unit, y + qr.QUIET * unit
        self.fill(BLACK, *([(left + a * unit, top + b * unit) for a, b in loop] for loop in qr.outline(dark)))

    def stamp(self, x: float, y: float, radius: float, colour: str) -> None:
        """A stamp with nine scallops, its middle here."""
        self.fill(colour, _wave(x, y, radius, bumps=9, depth=0.075))

    def star(self, x: float, y: float, radius: float, colour: str) -> None:
        """A star with five points, its middle here."""
        corners = [(radius if n % 2 == 0 else radius * 0.45, math.pi * (n / 5 - 0.5)) for n in range(10)]
        self.fill(colour, [(x + r * math.cos(turn), y + r * math.sin(turn)) for r, turn in corners])

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        """A filled circle, its middle here."""
        self.set_fill_color(colour)
        self.circle(x, y, radius, style="F")

    def tile(self, png: bytes, x: float, y: float, side: float) -> None:
        """A picture on a light square, as large as fits."""
        self.panel(x, y, side, side, colour=CREAM, corner=side / 6)
        rim = side / 10
        self.image(BytesIO(png), x + rim, y + rim, side - 2 * rim, side - 2 * rim, keep_aspect_ratio=True)

    def _fitted(
        self, text: str, width: float, *, size: float, lines: int, bold: bool, high: float
    ) -> tuple[float, list[str]]:
        """The largest size at which a text fits, and its lines."""
        asked = (text, width, size, lines, bold, high)
        if asked in self._known:  # a sheet says the same on every card
            return self._known[asked]
        while True:
            self.set_font("DejaVu", "B" if bold else "", size)
            longest = max(self.get_string_width(word) for word in [*text.split(), ""])
            rows = self.multi_cell(width, text=text, align="L", dry_run=True, output=MethodReturnValue.LINES)
            fits = len(rows) <= lines and longest <= width and _height(len(rows), size) <= high
            if fits or size <= SMALLEST_PT:
                self._known[asked] = size, [row.strip() for row in rows[:lines]]
                return self._known[asked]
            size = max(SMALLEST_PT, size * 0.96)


def _height(lines: int, size: float) -> float:
    """How high so many lines are, what hangs below the last one included."""
    return (CAPITAL + (lines - 1) * PITCH + 0.25) * size * POINT


def _wave(x: float, y: float, radius: float, *, bumps: int, depth: float) -> Points:
    """A circle whose edge goes in and out."""
    turns = [2 * math.pi * n / (bumps * 12) for n in range(bumps * 12)]
    reach = [radius * (1 - depth + depth * math.cos(bumps * turn)) for turn in turns]
    return [(x + r * math.sin(turn), y - r * math.cos(turn)) for r, turn in zip(reach, turns, strict=True)]
