"""Pictures that people send: looked at before they are unpacked, then drawn anew without anything hidden in them."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "WEBP")
MOST_PIXELS = 4_000_000
# Larger than any page or poster shows it.
LONGEST_SIDE = 512
# A progressive JPEG says how often to go over the whole picture: about ten times as a rule, a bomb makes it 70,000.
MOST_SCANS = 50


class BadPicture(ValueError):
    """A picture that cannot be used, and why."""


class TooManyPixels(BadPicture):
    """A picture larger than MOST_PIXELS."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as we encoded it ourselves."""

    webp: bytes
    png: bytes


def draw_anew(data: bytes) -> Drawn:
    """The picture in these bytes, at most LONGEST_SIDE wide and high, without metadata.

    What it is and how large is read from its first bytes; only then is it unpacked. Raises BadPicture.
    """
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                raise TooManyPixels(f"{width} by {height} pixels are more than {MOST_PIXELS}")
            if image.format not in FORMATS or getattr(image, "is_animated", False):
                raise BadPicture("only a single picture can be used, not an animation")
            if image.format == "JPEG" and data.count(b"\xff\xda") > MOST_SCANS:
                raise BadPicture("a JPEG with that many passes cannot be used")
            return _draw(image)
    except BadPicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels(str(error)) from None
    except UnidentifiedImageError:
        raise BadPicture("it is no PNG, JPEG or WebP") from None
    except Exception as error:  # a damaged file can make the decoders raise anything
        raise BadPicture(f"it cannot be read ({type(error).__name__})") from None


def _draw(image: Image.Image) -> Drawn:
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value * (1 / 257)).convert("L")
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    image.info.clear()  # colour profile, comments and what else came along
    return Drawn(_encoded(image, "WEBP", quality=90, method=4), _encoded(image, "PNG", optimize=True))


def _encoded(image: Image.Image, kind: str, **options: int | bool) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
