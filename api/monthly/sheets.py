"""The pages of a report: findings, bars and tables, one below the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.paper import CREAM, INK, INK_SOFT, LINE, MUSTARD, PINE, SAND, TOMATO, Paper
from api.words import number

EDGE = 16.0
TOP, FOOT = 18.0, 14.0
INNER = 210 - 2 * EDGE
# A finding stands on the left, what it means beside it.
SAID_WIDE, GAP = 110.0, 8.0
MEANT_WIDE = INNER - SAID_WIDE - GAP
MANY = 12
TICK_ROOM = 12.0
PLOT_HIGH = 40.0
WIDEST_BAR = 11.0
# As many rows of a table stay together.
FEW_ROWS = 14
BAR = 0.74


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, in a sentence; notes: further ones; behind: what it was reckoned from; meant: its definition."""

    said: str
    notes: tuple[str, ...] = ()
    behind: str = ""
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars from zero. marks: what stands under which of them. front: smaller ones before them. level: a line across.

    keys: what the bars are, those behind first.
    """

    values: Sequence[int]
    marks: dict[int, str]
    unit: str
    front: Sequence[int] = ()
    keys: tuple[str, ...] = ()
    level: tuple[float, str] | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of a table: what it says, and small beside it what that was reckoned from."""

    text: str
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """heads: each with a line beneath. first_wide: of the first column, in mm; the others share the rest."""

    heads: Sequence[tuple[str, str]]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    first_wide: float = 62.0


class Sheets:
    """The report as it grows: everything goes below what is there already."""

    def __init__(self, *, title: str, language: str, foot: str) -> None:
        self._paper = Paper("a4", title=title, language=language)
        self._language, self._foot, self._below, self._pages = language, foot, 0.0, 0
        self._turn()

    def finished(self) -> bytes:
        """The finished document."""
        return self._paper.finished()

    def head(self, business: str, title: str, *, under: str, logo: bytes | None) -> None:
        """Whose report it is, and of which month."""
        paper, high = self._paper, 34.0
        paper.panel(EDGE, TOP - 4, INNER, high, colour=PINE, corner=6)
        left, top = EDGE + 9, TOP + 2
        if logo:
            paper.tile(logo, left, top, high - 12)
            left += high - 12 + 7
        room = EDGE + INNER - 9 - left
        paper.write_in(business, left, top, room, size=11, bold=True, colour=MUSTARD)
        paper.write_in(title, left, top + 8, room, size=20, bold=True, colour=CREAM)
        paper.write_in(under, left, top + 19.5, room, size=8.5, colour=CREAM)
        self._below = TOP - 4 + high + 7

    def facts(self, facts: Sequence[tuple[str, str, str]]) -> None:
        """Large numbers side by side: (what, how much, held against what)."""
        wide = (INNER - 4 * (len(facts) - 1)) / len(facts)
        top = self._place(25)
        for n, (name, value, under) in enumerate(facts):
            left = EDGE + n * (wide + 4)
            self._paper.panel(left, top, wide, 25, colour=SAND, corner=3)
            left, room = left + 4, wide - 8
            self._paper.write_in(name, left, top + 4, room, size=8, colour=INK_SOFT)
            self._paper.write_in(value, left, top + 9, room, size=17, bold=True)
            self._paper.write_in(under, left, top + 17.8, room, size=7, colour=INK_SOFT)
        self._below += 25 + 7

    def heading(self, text: str, *, keep: float = 30) -> None:
        """A question; keep: how many mm at least must fit below it on the same page."""
        top = self._place(12 + keep)
        self._paper.stroke(EDGE, top, EDGE + INNER, top, colour=PINE, width=0.6)
        self._paper.write_in(text, EDGE, top + 3, INNER, size=13, bold=True, colour=PINE)
        self._below += 13

    def finding(self, found: Finding, bars: Bars | None = None) -> None:
        """A finding with its meaning beside it, and bars below."""
        said = [(found.said, 10.5, True, INK), *((note, 9.0, False, INK) for note in found.notes)]
        said += [(found.behind, 7.5, False, INK_SOFT)] if found.behind else []
        paper = self._paper
        heights = [paper.height_of(text, SAID_WIDE, size=size, lines=MANY, bold=bold) for text, size, bold, _ in said]
        meant = paper.height_of(found.meant, MEANT_WIDE, size=7, lines=MANY)
        high = max(sum(heights) + 2 * (len(said) - 1), meant)
        top = self._place(high + (PLOT_HIGH + 18 if bars else 0))
        y = top
        for (text, size, bold, colour), text_high in zip(said, heights, strict=True):
            paper.write_in(text, EDGE, y, SAID_WIDE, size=size, lines=MANY, bold=bold, colour=colour)
            y += text_high + 2
        left = EDGE + SAID_WIDE + GAP
        paper.write_in(found.meant, left, top + 0.6, MEANT_WIDE, size=7, lines=MANY, colour=INK_SOFT)
        self._below = top + high + 5
        if bars is not None:
            self._bars(bars)

    def note(self, text: str) -> None:
        """A small sentence over the whole width."""
        high = self._paper.height_of(text, INNER, size=7.5, lines=MANY)
        top = self._place(high)
        self._paper.write_in(text, EDGE, top, INNER, size=7.5, lines=MANY, colour=INK_SOFT)
        self._below = top + high + 5

    def table(self, table: Table) -> None:
        """Names on the left, figures to the right; a long one goes on on the next page."""
        paper, high = self._paper, 6.6
        wide = (INNER - table.first_wide) / len(table.heads)
        lefts = [EDGE + table.first_wide + n * wide + 2 for n in range(len(table.heads))]
        head_high = 8 if any(under for _, under in table.heads) else 5
        top = self._place(head_high + high * min(len(table.rows), FEW_ROWS))
        for left, (head, under) in zip(lefts, table.heads, strict=True):
            paper.write_in(head, left, top, wide - 2, size=8, bold=True, align="right")
            paper.write_in(under, left, top + 3.8, wide - 2, size=6.5, colour=INK_SOFT, align="right")
        self._below = top + head_high
        for name, cells in table.rows:
            top = self._place(high)
            paper.stroke(EDGE, top, EDGE + INNER, top, colour=LINE)
            paper.write_in(name, EDGE, top + 2, table.first_wide, size=8.5)
            for left, cell in zip(lefts, cells, strict=True):
                self._cell(cell, left, top + 2, wide - 2)
            self._below = top + high
        paper.stroke(EDGE, self._below, EDGE + INNER, self._below, colour=LINE)
        self._below += 5

    def _cell(self, cell: Cell, x: float, y: float, wide: float) -> None:
        """The figure at the right edge; what it was reckoned from in front of it."""
        self._paper.write_in(cell.text, x, y, wide, size=8.5, bold=True, align="right")
        if cell.behind:
            self._paper.set_font("DejaVu", "B", 8.5)
            room = wide - self._paper.get_string_width(cell.text) - 2
            self._paper.write_in(cell.behind, x, y + 0.5, room, size=6.5, colour=INK_SOFT, align="right")

    def _bars(self, bars: Bars) -> None:
        """From zero up, with a scale on the left."""
        paper, left, wide = self._paper, EDGE + TICK_ROOM, INNER - TICK_ROOM
        paper.write_in(bars.unit, EDGE, self._below, INNER, size=7, colour=INK_SOFT)
        self._keys(bars)
        top = self._below + 6
        foot = top + PLOT_HIGH
        ticks = _ticks(max([*bars.values, bars.level[0] if bars.level else 0, 1]))
        up = PLOT_HIGH / ticks[-1]
        for tick in ticks:
            paper.stroke(left, foot - tick * up, left + wide, foot - tick * up, colour=LINE)
            paper.write_in(
                number(self._language, tick),
                EDGE,
                foot - tick * up - 0.9,
                TICK_ROOM - 2,
                size=6.5,
                colour=INK_SOFT,
                align="right",
            )
        slot = min(wide / len(bars.values), WIDEST_BAR)
        for n, value in enumerate(bars.values):
            self._bar(left + n * slot, foot, slot, value * up, TOMATO)
        for n, value in enumerate(bars.front):
            self._bar(left + n * slot, foot, slot, value * up, MUSTARD)
        paper.stroke(left, foot, left + wide, foot, colour=LINE)
        for n, text in bars.marks.items():
            middle = left + (n + BAR / 2) * slot
            paper.write_in(text, middle - 15, foot + 1.6, 30, size=6.5, colour=INK_SOFT, align="centre")
        if bars.level is not None:
            y = foot - bars.level[0] * up
            paper.set_dash_pattern(dash=1.2, gap=1)
            paper.stroke(left, y, left + wide, y, colour=INK, width=0.3)
            paper.set_dash_pattern()
        self._below = foot + 10

    def _keys(self, bars: Bars) -> None:
        """What is what, at the right end of the line above."""
        paper, right, top = self._paper, EDGE + INNER, self._below
        if bars.level is not None:
            right = self._key_text(bars.level[1], right)
            paper.set_dash_pattern(dash=1.2, gap=1)
            paper.stroke(right - 7, top + 1, right - 1, top + 1, colour=INK, width=0.3)
            paper.set_dash_pattern()
            right -= 12
        for text, colour in reversed(list(zip(bars.keys, (TOMATO, MUSTARD), strict=False))):
            right = self._key_text(text, right)
            paper.panel(right - 3.5, top - 0.2, 2.4, 2.4, colour=colour, corner=0.4)
            right -= 8

    def _key_text(self, text: str, right: float) -> float:
        """Writes to the left of this place; returns where that begins."""
        self._paper.set_font("DejaVu", "", 7)
        wide = self._paper.get_string_width(text) + 1.5
        self._paper.write_in(text, right - wide, self._below, wide, size=7, colour=INK_SOFT)
        return right - wide

    def _bar(self, x: float, foot: float, slot: float, high: float, colour: str) -> None:
        if high > 0:
            self._paper.fill(
                colour, [(x, foot), (x + BAR * slot, foot), (x + BAR * slot, foot - high), (x, foot - high)]
            )

    def _place(self, high: float) -> float:
        """Where so many mm go: here, or on the next page."""
        if self._below + high > self._paper.high - FOOT - 4:
            self._turn()
        return self._below

    def _turn(self) -> None:
        self._paper.add_page()
        self._pages += 1
        y = self._paper.high - FOOT
        self._paper.write_in(self._foot, EDGE, y, INNER - 20, size=7, colour=INK_SOFT)
        self._paper.write_in(str(self._pages), EDGE, y, INNER, size=7, colour=INK_SOFT, align="right")
        self._below = TOP


def _ticks(most: float) -> list[int]:
    """From zero past the most, in two to five round steps."""
    step = next(
        size * 10**power for power in range(12) for size in (1, 2, 5) if most <= 4 * size * 10**power
    )  # fmt: skip
    count = -int(-most // step)
    return [n * step for n in range(count + 1)]
