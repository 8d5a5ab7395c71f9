"""The colours of tokens.css: readable in light and dark, and the two places that hold the dark ones agree."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).resolve().parents[1] / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
# WCAG 2.2 AA: text 4.5 to 1, edges of fields and the focus ring 3 to 1.
TEXT = [(ink, ground, 4.5) for ink in ("ink", "ink-soft") for ground in ("paper", "sheet", "sunk")] + [
    (f"on-{colour}", colour, 4.5) for colour in ("pine", "tomato", "mustard", "danger")
]
TEXT += [("pine", ground, 4.5) for ground in ("paper", "sheet", "pine-wash")]
TEXT += [(f"{colour}-deep", f"{colour}-wash", 4.5) for colour in ("pine", "tomato", "mustard")]
TEXT += [
    ("on-pine", "pine-deep", 4.5),
    ("danger", "sheet", 4.5),
    ("danger", "paper", 4.5),
    ("danger", "danger-wash", 4.5),
]
TEXT += [("ink", wash, 4.5) for wash in ("pine-wash", "mustard-wash", "danger-wash", "tomato-wash")]
EDGES = [("line-strong", "sheet", 3), ("line-strong", "paper", 3), ("tomato", "sheet", 3), ("tomato", "paper", 3)]
EDGES += [("focus", ground, 3) for ground in ("paper", "sheet", "sunk")]


def block(selector):
    """The colours set in the block that begins with this selector."""
    start = TOKENS.index(selector)
    body = TOKENS[start : TOKENS.index("}", start)]
    return dict(re.findall(r"--([\w-]+): ([^;]+);", body))


LIGHT = block(":root {")
DARK = block(':root:not([data-theme="light"]) {')


def test_dark_by_choice_is_dark_by_device():
    assert block(':root[data-theme="dark"] {') == DARK


def test_dark_sets_every_colour_that_light_sets():
    assert set(DARK) == set(LIGHT)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_what_is_written_can_be_read(theme):
    pairs = [(ink, ground, wanted, contrast(theme[ink], theme[ground])) for ink, ground, wanted in TEXT + EDGES]

    assert [pair for pair in pairs if pair[3] < pair[2]] == []


def contrast(one, other):
    """How far apart two colours are for the eye, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return round((lighter + 0.05) / (darker + 0.05), 2)


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
