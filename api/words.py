"""The words in static/lang, for the few sentences the service itself writes: on paper, and what one consented to."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

LANG = Path(__file__).resolve().parents[1] / "static" / "lang"
# What a language that lacks a sentence falls back to; the pages do the same.
FALLBACK = "en"


@cache
def languages() -> tuple[str, ...]:
    """The codes of the languages the pages speak; dropping in a folder adds one."""
    return tuple(sorted(folder.name for folder in LANG.iterdir() if folder.is_dir()))


def say(language: str, key: str, **params: Any) -> str:
    """One sentence: say("pl", "print.steps_title"). Raises KeyError for a sentence nobody has written.

    A plural entry chooses its form by the parameter it names in "by" (else "n"). Numbers are written the language's
    way, those with a fraction with one digit of it.
    """
    part, _, name = key.partition(".")
    entry = _part(language, part).get(name) or _part(FALLBACK, part)[name]
    if not isinstance(entry, str):
        entry = entry.get(_plural(language, params.get(entry.get("by", "n"), 0))) or entry["other"]
    return re.sub(r"\{(\w+)\}", lambda found: _written(language, params.get(found[1], found[0])), entry)


def number(language: str, value: float, *, digits: int = 0) -> str:
    """A number with so many digits after the point: number("pl", 1234.5, digits=1) is "1 234,5"."""
    sample = say(language, "print.number")  # 12,345.6 as this language writes it
    return f"{value:,.{digits}f}".translate({ord(","): sample[2], ord("."): sample[-2]})


@cache
def _part(language: str, part: str) -> dict[str, Any]:
    file = LANG / language / f"{part}.json"
    return json.loads(file.read_text(encoding="utf-8")) if language in languages() and file.is_file() else {}


def _written(language: str, value: object) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return number(language, value, digits=1 if isinstance(value, float) else 0) if is_number else str(value)


def _plural(language: str, n: float) -> str:
    """The CLDR plural category of a number, in the languages we print."""
    if isinstance(n, float):
        return "other"
    if n == 1:
        return "one"
    if language == "pl":
        return "few" if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else "many"
    return "other"
