"""The owner sends a logo: what is taken, how it is kept, and what is refused before it can do harm."""

import io
import struct
import time
import zlib

import pytest
from PIL import Image, PngImagePlugin

from api import pictures


def picture(kind, size=(300, 200), mode="RGB", colour="tomato", **options):
    """A picture file."""
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **options)
    return out.getvalue()


def put(client, data, mimetype="image/png"):
    return client.put("/business/logo", data=data, content_type=mimetype)


def opened(data):
    return Image.open(io.BytesIO(data))


def png_of(width, height, *, data=b"", extra=b""):
    """A PNG put together by hand: what its head says need not be what is in it."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + extra + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b"")


def zeros_in_a_comment(megabytes):
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes)) + packer.flush()
    body = b"Comment\0\0" + packed
    return struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))


def jpeg_with_passes(passes):
    """A JPEG of 4 million pixels that goes over them again and again."""
    out = io.BytesIO()
    Image.effect_noise((2000, 2000), 60).convert("RGB").save(out, "JPEG", progressive=True, quality=1)
    first, *scans = out.getvalue().removesuffix(b"\xff\xd9").split(b"\xff\xda")
    shortest = min(scans[1:], key=len)
    return b"\xff\xda".join([first, scans[0], *[shortest] * passes]) + b"\xff\xd9"


def test_a_logo_is_drawn_anew_and_shown_to_everyone(owner, anyone):
    for kind, mimetype in (("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")):
        answer = put(owner, picture(kind), mimetype)
        shown = anyone.get(answer.json["logo"].removeprefix("/api/v1"))

        assert (answer.status_code, shown.status_code, shown.mimetype) == (200, 200, "image/webp")
        assert opened(shown.data).format == "WEBP"
        assert opened(shown.data).size == (300, 200)


def test_the_card_shows_the_newest_logo_and_none_once_it_is_removed(owner, make_card):
    card = make_card()
    before = card.face["business"]["logo"]
    put(owner, picture("PNG"))
    first = card.face["business"]["logo"]
    put(owner, picture("PNG", colour="green"))
    second = card.face["business"]["logo"]
    removed = owner.delete("/business/logo")
    after = card.face["business"]["logo"]
    put(owner, picture("PNG", colour="blue"))

    assert before is after is removed.json["logo"] is None
    assert len({first, second, card.face["business"]["logo"]}) == 3


def test_a_logo_named_by_its_number_is_kept_for_good(owner, anyone):
    path = put(owner, picture("PNG")).json["logo"].removeprefix("/api/v1")

    named, unnamed = anyone.get(path), anyone.get(path.partition("?")[0])
    again = anyone.get(path.partition("?")[0], headers={"If-None-Match": unnamed.headers["ETag"]})

    assert "immutable" in named.headers["Cache-Control"]
    assert unnamed.headers["Cache-Control"] == "no-cache"
    assert again.status_code == 304
    assert named.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in named.headers["Content-Security-Policy"]


def test_a_large_picture_is_made_smaller_and_keeps_its_shape(owner, anyone):
    answer = put(owner, picture("PNG", (2000, 1000)))

    assert opened(anyone.get(answer.json["logo"].removeprefix("/api/v1")).data).size == (512, 256)


def test_what_a_picture_carries_along_is_left_behind():
    hidden = PngImagePlugin.PngInfo()
    hidden.add_text("Comment", "taken at home")
    camera = Image.Exif()
    camera[0x010F] = "Camera of Anna"
    files = [
        picture("PNG", pnginfo=hidden, icc_profile=b"secret profile" * 20),
        picture("JPEG", exif=camera, comment=b"taken at home"),
        picture("WEBP", exif=camera, xmp=b"<x>taken at home</x>"),
    ]

    for file in files:
        drawn = pictures.draw_anew(file)
        for data in (drawn.webp, drawn.png):
            assert not any(secret in data for secret in (b"taken", b"Anna", b"secret"))
            assert set(opened(data).info) <= {"loop", "background", "timestamp", "duration"}


def test_a_picture_lies_as_the_camera_held_it():
    turned = Image.Exif()
    turned[0x0112] = 6  # a quarter to the right

    assert opened(pictures.draw_anew(picture("JPEG", (300, 200), exif=turned)).png).size == (200, 300)


LIGHT = {
    "1": 1, "L": 200, "LA": (200, 128), "P": 0, "RGBA": (200,) * 3 + (128,), "I;16": 51400, "CMYK": (55,) * 3 + (0,),
}  # fmt: skip


@pytest.mark.parametrize("mode", LIGHT)
def test_every_kind_of_picture_keeps_its_look(mode):
    image = Image.new(mode, (8, 8), LIGHT[mode])
    if mode == "P":
        image.putpalette([200, 200, 200])
    out = io.BytesIO()
    image.save(out, "JPEG" if mode == "CMYK" else "PNG", **({"quality": 95} if mode == "CMYK" else {}))

    seen = opened(pictures.draw_anew(out.getvalue()).png).convert("RGBA").getpixel((4, 4))

    expected = 255 if mode == "1" else 200
    assert all(abs(value - expected) <= 6 for value in seen[:3])
    assert seen[3] == (128 if mode in ("LA", "RGBA") else 255)


def test_what_is_no_such_picture_is_refused(owner):
    moving = picture("WEBP", save_all=True, append_images=[Image.new("RGB", (300, 200), "green")])
    moving_png = picture("PNG", save_all=True, append_images=[Image.new("RGB", (300, 200), "green")])

    for data in (b"", b"hello", picture("GIF"), picture("BMP"), picture("TIFF"), b"<svg/>", moving, moving_png,
                 picture("PNG")[:60], picture("JPEG")[:400]):  # fmt: skip
        answer = put(owner, data)
        assert (answer.status_code, answer.json["code"]) == (422, "bad_image"), data[:12]
    assert put(owner, picture("PNG"), "text/html").json["code"] == "image_needed"
    assert put(owner, picture("PNG"), "image/svg+xml").status_code == 415
    assert owner.get("/business").json["logo"] is None


def test_a_picture_over_a_mebibyte_is_refused(owner):
    answer = put(owner, picture("PNG") + bytes(1024 * 1024))

    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


BOMBS = {
    "says 50,000 by 50,000": lambda: (png_of(50_000, 50_000), "too_many_pixels"),
    "says 10,000 by 10,000": lambda: (png_of(10_000, 10_000), "too_many_pixels"),
    "is 20,000 by 20,000 and white": lambda: (png_of(20_000, 20_000, data=bytes(2501) * 20_000), "too_many_pixels"),
    "is a little over 4 megapixels": lambda: (png_of(2001, 2000, data=bytes(252) * 2000), "too_many_pixels"),
    "is a tiny WebP": lambda: (picture("WEBP", (4000, 4000), lossless=True, quality=0, method=0), "too_many_pixels"),
    "hides 300 MB in a comment": lambda: (png_of(8, 8, data=bytes(16), extra=zeros_in_a_comment(300)), "bad_image"),
    "has ten thousand passes": lambda: (jpeg_with_passes(10_000), "bad_image"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_before_it_goes_off(bomb):
    data, code = BOMBS[bomb]()
    assert len(data) <= 1024 * 1024
    refusal = pictures.TooManyPixels if code == "too_many_pixels" else pictures.BadPicture

    began = time.process_time()
    with pytest.raises(refusal):
        pictures.draw_anew(data)

    # A second of computing is the promise; taken of this process alone, so that a busy machine does not count.
    assert time.process_time() - began < 1


def test_a_bomb_sent_as_a_logo_says_what_is_wrong_with_it(owner):
    answer = put(owner, png_of(50_000, 50_000))

    assert (answer.status_code, answer.json["code"], answer.json["limit"]) == (422, "too_many_pixels", 4_000_000)
    assert owner.get("/business").json["logo"] is None


def test_four_megapixels_are_taken(owner):
    assert put(owner, picture("PNG", (2000, 2000))).status_code == 200


def test_each_business_has_its_own_logo(business, stranger, anyone):
    put(business.owner, picture("PNG"))

    assert anyone.get(f"/businesses/{stranger.id}/logo.webp").status_code == 404
    assert stranger.owner.get("/business").json["logo"] is None
    for number in ("0", "999", "-1", "x", "99999999999999999999", "1.5"):
        assert anyone.get(f"/businesses/{number}/logo.webp").json["code"] == "not_found"
