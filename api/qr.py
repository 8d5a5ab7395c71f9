"""QR codes: the squares of a text, their outline as one path, and the same as SVG and PNG."""

from functools import lru_cache
from io import BytesIO

import qrcode
from PIL import Image

# Light squares around the code, without which scanners do not find it (ISO/IEC 18004, 6.3.8).
QUIET = 4

Squares = tuple[tuple[bool, ...], ...]
Loop = list[tuple[int, int]]


def card_address(public_url: str, code: str) -> str:
    """What a card's QR holds: in upper case, for then it takes fewer and larger squares."""
    return f"{public_url}/c/{code}".upper()


def join_address(public_url: str, join_code: str) -> str:
    """What a poster's QR holds."""
    return f"{public_url}/join/{join_code}".upper()


def voucher_address(public_url: str, code: str) -> str:
    """What the QR of a voucher on a slip holds."""
    return f"{public_url}/v/{code}".upper()


@lru_cache(maxsize=1024)
def squares(text: str) -> Squares:
    """The dark squares of a text's QR code, row by row, without the light border; readable with some dirt on it."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=0)
    code.add_data(text, optimize=0)  # whole, so that it is written in the one mode that suits all of it
    code.make(fit=True)
    return tuple(tuple(bool(square) for square in row) for row in code.get_matrix())


def outline(dark: Squares) -> list[Loop]:
    """Closed lines around the dark squares, corner by corner; to be filled by the even-odd rule.

    One shape has no seams between its squares, which a rectangle for each would show on screens and some printers.
    """
    edges: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for y, row in enumerate(dark):
        for x, is_dark in enumerate(row):
            if is_dark:
                for there, start, end in (
                    ((x, y - 1), (x, y), (x + 1, y)),
                    ((x + 1, y), (x + 1, y), (x + 1, y + 1)),
                    ((x, y + 1), (x + 1, y + 1), (x, y + 1)),
                    ((x - 1, y), (x, y + 1), (x, y)),
                ):
                    if not _is_dark(dark, *there):
                        edges.setdefault(start, []).append(end)
    loops = []
    while edges:
        loops.append(_walk(edges, next(iter(edges))))
    return loops


def svg(text: str, scale: int) -> bytes:
    """A text's QR code as SVG, each square `scale` pixels wide unless it is sized otherwise."""
    dark = squares(text)
    size = len(dark) + 2 * QUIET
    path = "".join(_draw(loop) for loop in outline(dark))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size * scale}" height="{size * scale}" '
        f'viewBox="{-QUIET} {-QUIET} {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M{-QUIET} {-QUIET}h{size}v{size}h{-size}z"/>'
        f'<path fill="#000" fill-rule="evenodd" d="{path}"/></svg>'
    ).encode()


def png(text: str, scale: int) -> bytes:
    """A text's QR code as PNG, each square `scale` pixels wide."""
    dark = squares(text)
    image = Image.new("1", (len(dark) + 2 * QUIET,) * 2, 1)
    for y, row in enumerate(dark):
        for x, is_dark in enumerate(row):
            image.putpixel((x + QUIET, y + QUIET), 0 if is_dark else 1)
    out = BytesIO()
    image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST).save(out, "PNG", optimize=True)
    return out.getvalue()


def _is_dark(dark: Squares, x: int, y: int) -> bool:
    return 0 <= y < len(dark) and 0 <= x < len(dark) and dark[y][x]


def _walk(edges: dict[tuple[int, int], list[tuple[int, int]]], start: tuple[int, int]) -> Loop:
    """Take one closed line out of the edges; only its corners are kept."""
    loop: Loop = []
    here = start
    while True:
        ends = edges[here]
        there = ends.pop()
        if not ends:
            del edges[here]
        loop.append(here)
        if there == start:
            break
        here = there
    return [
        point
        for before, point, after in zip(loop[-1:] + loop[:-1], loop, loop[1:] + loop[:1], strict=True)
        if not (before[0] == point[0] == after[0] or before[1] == point[1] == after[1])
    ]


def _draw(loop: Loop) -> str:
    """A closed line as SVG path data, in relative steps."""
    (x, y), steps = loop[0], []
    for to_x, to_y in loop[1:]:
        steps.append(f"h{to_x - x}" if to_y == y else f"v{to_y - y}")
        x, y = to_x, to_y
    return f"M{loop[0][0]} {loop[0][1]}{''.join(steps)}z"
