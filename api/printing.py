"""What a shop prints: the poster for its window, and sheets of cards to cut out."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.paper import BLACK, CREAM, INK_SOFT, LINE, MUSTARD, PINE, SIZES, TOMATO, WHITE, Paper
from api.words import say

EDGE = 14.0
HEAD_HIGH = {"a4": 120.0, "letter": 111.0}
CODE_WIDE = {"a4": 100.0, "letter": 92.0}
MOST_PROMISES = 4

CARD_WIDE, CARD_HIGH = 85.0, 54.0
CARDS_ACROSS = 2
# What most printers leave blank, and room for the marks.
BLANK = 10.0


@dataclass(frozen=True, slots=True)
class Promise:
    """What a programme promises."""

    name: str
    stamps_needed: int
    reward: str


@dataclass(frozen=True, slots=True)
class Look:
    """Whose paper it is. paper: a4 or letter; language: of the words printed on it; logo: a PNG."""

    business: str
    paper: str
    language: str
    logo: bytes | None = None

    def words(self, key: str, **params: object) -> str:
        """A sentence of print.json."""
        return say(self.language, f"print.{key}", **params)


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """What is printed on one card: what its QR holds, and its short code."""

    address: str
    short_code: str


def poster(look: Look, promises: Sequence[Promise], *, shop: str, address: str, shown_address: str) -> bytes:
    """The poster: one glance says what there is to win, the next where to point the camera.

    address: what its QR holds. shown_address: the same for typing. shop: small, so that posters are not mixed up.
    """
    page = Paper(look.paper, title=f"{look.business}: {look.words('stamp_card')}", language=look.language)
    page.add_page()
    head_high, side = HEAD_HIGH[look.paper], CODE_WIDE[look.paper]
    _head(page, look, promises[:MOST_PROMISES], head_high)

    top = EDGE + head_high + 8
    page.panel(EDGE, top, side + 6, side + 6, colour=MUSTARD, corner=7)
    page.qr(address, EDGE + 3, top + 3, side)
    right = EDGE + side + 6 + 9
    room = page.wide - EDGE - right
    below = page.write_in(look.words("poster_how"), right, top + 4, room, size=22, lines=4, bold=True, colour=PINE)
    below += 7
    for number in (1, 2, 3):
        below = 6 + _step(page, str(number), look.words(f"poster_step_{number}"), right, below, room)

    inner, foot = page.wide - 2 * EDGE, page.high - EDGE
    page.stroke(EDGE, foot - 24, page.wide - EDGE, foot - 24, colour=LINE, width=0.4)
    page.write_in(look.words("poster_address"), EDGE, foot - 19, inner, size=11, colour=INK_SOFT, align="centre")
    page.write_in(shown_address, EDGE, foot - 12, inner, size=16, bold=True, align="centre")
    page.write_in(shop, EDGE, foot - 2, inner, size=8, colour=INK_SOFT, align="centre")
    return page.finished()


def _head(page: Paper, look: Look, promises: Sequence[Promise], high: float) -> None:
    """Whose card it is, what it promises, and a picture of it when full."""
    width = page.wide - 2 * EDGE
    page.panel(EDGE, EDGE, width, high, colour=PINE, corner=9)
    left, room, top = EDGE + 12, width - 24, EDGE + 11
    name_left, below = left, top
    if look.logo:
        page.tile(look.logo, left, top, 20)
        name_left = left + 26
        below = top + 20
    name_top = top + (6.5 if look.logo else 0)
    name_room = left + room - name_left
    ends = page.write_in(
        look.business, name_left, name_top, name_room, size=24, lines=2, bold=True, colour=MUSTARD, high=16
    )
    below = max(below, ends) + 8
    end = EDGE + high - 12
    if len(promises) > 1:
        _promise_list(page, look, promises, left, below, room, end)
        return
    needed = promises[0].stamps_needed
    strip = 24.0 if needed <= 12 else 36.0
    strip_top = end - strip
    text_high = strip_top - below - 5
    page.write_in(
        _sentence(look, promises[0]), left, below, room, size=44, lines=4, bold=True, colour=CREAM, high=text_high
    )
    page.panel(left, strip_top, room, strip, colour=CREAM, corner=5)
    _places(page, left + 5, strip_top + 4, room - 10, strip - 8, needed)


def _promise_list(
    page: Paper, look: Look, promises: Sequence[Promise], left: float, top: float, room: float, end: float
) -> None:
    """Several programmes, each in its share of the height."""
    share = (end - top) / len(promises)
    for n, promise in enumerate(promises):
        y = top + n * share
        page.stamp(left + 6, y + 6, 6, MUSTARD)
        page.star(left + 6, y + 6, 3.4, PINE)
        page.write_in(promise.name, left + 18, y, room - 18, size=12, bold=True, colour=MUSTARD)
        page.write_in(
            _sentence(look, promise), left + 18, y + 5.5, room - 18, size=22, lines=3, bold=True, colour=CREAM,
            high=share - 9,
        )  # fmt: skip


def _places(page: Paper, x: float, y: float, wide: float, high: float, needed: int) -> None:
    """Stamps in as many rows as make them largest, the last place a reward."""
    rows = max(range(1, 6), key=lambda rows: min(wide / -(-needed // rows), high / rows))
    across = -(-needed // rows)
    pitch_x, pitch_y = wide / across, high / rows
    radius = min(pitch_x, pitch_y) * 0.46
    for n in range(needed):
        row, column = divmod(n, across)
        middle = x + pitch_x * (column + 0.5), y + pitch_y * (row + 0.5)
        is_reward = n == needed - 1
        page.stamp(*middle, radius, MUSTARD if is_reward else TOMATO)
        if is_reward:
            page.star(*middle, radius * 0.6, PINE)


def _step(page: Paper, number: str, text: str, x: float, y: float, room: float) -> float:
    """A numbered sentence; returns where it ends."""
    page.disc(x + 4.5, y + 4.5, 4.5, TOMATO)
    page.write_in(number, x, y + 2.7, 9, size=14, bold=True, colour=WHITE, align="centre")
    return max(y + 9, page.write_in(text, x + 13, y + 1, room - 13, size=13, lines=4))


def card_sheets(look: Look, promise: Promise, cards: Sequence[PrintedCard]) -> bytes:
    """Cards of 85 by 54 mm to cut out along the marks; they lie side by side, so that one cut serves two."""
    title = f"{look.business}: {look.words('cards_title')}"
    page = Paper(look.paper, title=title, language=look.language)
    wide, high = SIZES[look.paper]
    down = int((high - 2 * BLANK) // CARD_HIGH)
    left, top = (wide - CARDS_ACROSS * CARD_WIDE) / 2, (high - down * CARD_HIGH) / 2
    for n, card in enumerate(cards):
        row, column = divmod(n % (CARDS_ACROSS * down), CARDS_ACROSS)
        if row == column == 0:
            page.add_page()
            _marks(page, left, top, down)
        _card(page, look, promise, card, left + column * CARD_WIDE, top + row * CARD_HIGH)
    return page.finished()


def _marks(page: Paper, left: float, top: float, down: int) -> None:
    """Where to cut."""
    right, bottom = left + CARDS_ACROSS * CARD_WIDE, top + down * CARD_HIGH
    for column in range(CARDS_ACROSS + 1):
        x = left + column * CARD_WIDE
        page.stroke(x, top - 6, x, top - 2, colour=BLACK)
        page.stroke(x, bottom + 2, x, bottom + 6, colour=BLACK)
    for row in range(down + 1):
        y = top + row * CARD_HIGH
        page.stroke(left - 6, y, left - 2, y, colour=BLACK)
        page.stroke(right + 2, y, right + 6, y, colour=BLACK)


def _card(page: Paper, look: Look, promise: Promise, card: PrintedCard, x: float, y: float) -> None:
    """One card: whose it is and what it promises on the left, its code on the right. No colour touches a cut."""
    gap, side = 3.0, 34.0
    wide = CARD_WIDE - 3 * gap - side
    page.panel(x + gap, y + gap, wide, CARD_HIGH - 2 * gap, colour=PINE, corner=4)
    left, room, below = x + gap + 4, wide - 8, y + gap + 4.5
    if look.logo:
        page.tile(look.logo, left, y + gap + 4, 9)
        left, room = left + 11.5, room - 11.5
        below += 0.6
    below = page.write_in(look.business, left, below, room, size=11, lines=5, bold=True, colour=MUSTARD, high=10)
    left, room = x + gap + 4, wide - 8
    below = max(below, y + gap + (14 if look.logo else 0)) + 3
    foot = y + CARD_HIGH - gap - 4
    page.write_in(
        _sentence(look, promise), left, below, room, size=12, lines=7, bold=True, colour=CREAM, high=foot - 8 - below
    )
    page.write_in(look.words("card_how"), left, foot - 5.5, room, size=6.5, lines=2, colour=CREAM)
    right = x + CARD_WIDE - gap - side
    page.qr(card.address, right, y + gap, side)
    page.write_in(card.short_code, right, y + gap + side + 2, side, size=13, bold=True, align="centre")
    page.write_in(look.words("card_code"), right, y + gap + side + 8, side, size=6.5, colour=INK_SOFT, align="centre")


def _sentence(look: Look, promise: Promise) -> str:
    return look.words("promise", stamps_needed=promise.stamps_needed, reward=promise.reward)
