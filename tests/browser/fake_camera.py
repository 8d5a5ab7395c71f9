"""What the fake camera sees: a film of a card held up for a while and taken away again, over and over."""

import io
from pathlib import Path

import qrcode
from PIL import Image

SIZE = (640, 480)
COUNTER = "#8f8578"


# Thirty are a second. Half of one is enough to be read; a card must be gone for a second and a half to come back.
FRAMES_SEEN, FRAMES_GONE = 15, 60


def film(path: Path, text: str) -> None:
    """Write a film (motion JPEG) in which a code comes, stays, and goes. Chromium plays it in a circle."""
    code = qrcode.make(text, border=4).convert("RGB").resize((300, 300))
    empty = Image.new("RGB", SIZE, COUNTER)
    held_up = empty.copy()
    held_up.paste(code, (170, 90))
    path.write_bytes(_jpeg(held_up) * FRAMES_SEEN + _jpeg(empty) * FRAMES_GONE)


def _jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()
