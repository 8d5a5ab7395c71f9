"""The kinds of content only Tenth knows, told to schemathesis: cursors, time zones, moments in a shop, pictures."""

import io
from datetime import datetime

import schemathesis
from hypothesis import strategies as st
from PIL import Image

FIRST = datetime(1990, 1, 1)  # noqa: DTZ001 (strategies take it without a zone)


def picture() -> bytes:
    """A small PNG; what it is called makes no difference."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "tomato").save(file, "PNG")
    return file.getvalue()


schemathesis.openapi.format("cursor", st.just(""))
schemathesis.openapi.format("time-zone", st.sampled_from(["Europe/Warsaw", "Asia/Bangkok", "UTC"]))
schemathesis.openapi.format("date-time", st.datetimes(min_value=FIRST).map(lambda at: at.isoformat() + "Z"))
for kind in ("image/png", "image/jpeg", "image/webp"):
    schemathesis.openapi.media_type(kind, st.just(picture()))
