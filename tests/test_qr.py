"""A card's QR code: what it holds, read back by an independent reader."""

import io
import re

import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageDraw

from api import qr


def read(picture):
    """The texts in a picture, by a reader that has nothing to do with the library that drew it."""
    return [code.text for code in zxingcpp.read_barcodes(picture.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)]


def drawn(svg):
    """The picture that an SVG's even-odd path makes: what lies inside an odd number of its loops is dark."""
    box = [int(number) for number in re.search(rb'viewBox="(-?\d+) (-?\d+) (\d+) (\d+)"', svg).groups()]
    scale, size = 8, (box[2] * 8, box[3] * 8)
    dark = Image.new("1", size, 0)
    for start, steps in re.findall(r"M(\d+ \d+)([hv\-\d]*)z", svg.decode().split("evenodd")[1]):
        x, y = map(int, start.split())
        corners = [(x, y)]
        for way, by in re.findall(r"([hv])(-?\d+)", steps):
            x, y = (x + int(by), y) if way == "h" else (x, y + int(by))
            corners.append((x, y))
        inside = Image.new("1", size, 0)
        points = [((x - box[0]) * scale, (y - box[1]) * scale) for x, y in corners]
        ImageDraw.Draw(inside).polygon(points, fill=1)
        dark = ImageChops.logical_xor(dark, inside)
    return ImageChops.invert(dark.convert("L"))


def test_the_png_holds_the_card_s_address_in_upper_case(make_card, anyone):
    card = make_card()

    picture = Image.open(io.BytesIO(anyone.get(f"/cards/{card.code}/qr.png").data))

    assert read(picture) == [f"HTTP://LOCALHOST:8000/C/{card.code}"]


def test_the_svg_holds_the_same(make_card, anyone):
    card = make_card()

    answer = anyone.get(f"/cards/{card.code}/qr.svg")

    assert answer.mimetype == "image/svg+xml"
    assert b"style" not in answer.data
    assert read(drawn(answer.data)) == [f"HTTP://LOCALHOST:8000/C/{card.code}"]


def test_an_address_in_upper_case_takes_a_smaller_code():
    address = qr.card_address("https://cards.example.com", "8RTZABCDEFGHJKM121")

    assert len(qr.squares(address)) < len(qr.squares(address.lower()))


@pytest.mark.parametrize(
    "text", ["HTTPS://A.PL/C/0", "HTTPS://CARDS.EXAMPLE.COM/JOIN/" + "Z" * 60, "https://kąt.example/c/1"]
)
def test_every_text_is_read_back(text):
    assert read(drawn(qr.svg(text, 1))) == [text]
    assert read(Image.open(io.BytesIO(qr.png(text, 3)))) == [text]


def test_the_picture_is_as_large_as_asked(make_card, anyone):
    card = make_card()

    small, large = (Image.open(io.BytesIO(anyone.get(f"/cards/{card.code}/qr.png?scale={n}").data)) for n in (1, 40))

    assert large.width == 40 * small.width
    assert anyone.get(f"/cards/{card.code}/qr.png?scale=41").status_code == 422
    assert anyone.get(f"/cards/{card.code}/qr.svg?size=3").status_code == 422


def test_a_picture_that_has_not_changed_is_not_sent_again(make_card, anyone):
    card = make_card()
    first = anyone.get(f"/cards/{card.code}/qr.svg")

    again = anyone.get(f"/cards/{card.code}/qr.svg", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert "max-age" in first.headers["Cache-Control"]


def test_no_picture_of_a_code_that_is_dead_or_never_was(make_card, owner, anyone):
    card = make_card()
    owner.post(f"/cards/{card.code}/replacements", {"reason": "lost"})

    dead = anyone.get(f"/cards/{card.code}/qr.svg")
    never = anyone.get(f"/cards/{'0' * 17}1/qr.png")

    assert (dead.status_code, dead.json["code"]) == (410, "card_replaced")
    assert (never.status_code, never.json["code"]) == (404, "unknown_card")
