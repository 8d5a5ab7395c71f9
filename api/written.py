"""Money, days and shares as a language writes them on paper."""

import json
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from api.words import number, say

STATIC = Path(__file__).resolve().parents[1] / "static"


def money(language: str, minor: float, currency: str) -> str:
    """An amount in the currency's smallest unit: money("en", 690, "EUR") is "EUR 6.90"."""
    after = digits(currency)
    amount = number(language, round(minor) / 10**after, digits=after)
    return say(language, "print.money", amount=amount, currency=currency)


def digits(currency: str) -> int:
    """How many a currency has after the point: 2 for EUR, 0 for JPY."""
    return _others().get(currency, 2)


@cache
def _others() -> dict[str, int]:
    """The currencies whose smallest unit is no hundredth; the pages read the same file."""
    found = json.loads((STATIC / "currencies.json").read_text(encoding="utf-8"))
    return {currency: int(digits) for digits, currencies in found.items() for currency in currencies}


def percent(share: float) -> int:
    """0.584 is 58."""
    return round(100 * share)


def day(language: str, of: date) -> str:
    """As in "22 November 2026"."""
    month = say(language, "print.months_of_days").split()[of.month - 1]
    return say(language, "print.day", day=str(of.day), month=month, year=str(of.year))


def month(language: str, of: date) -> str:
    """As in "November 2026"."""
    return say(language, "print.month", month=month_name(language, of), year=str(of.year))


def month_name(language: str, of: date) -> str:
    """As in "November"."""
    return say(language, "print.months").split()[of.month - 1]


def weekday(language: str, number: int) -> str:
    """0 is Monday."""
    return say(language, "print.weekdays").split()[number]


def local_day(at: int, zone: str) -> date:
    """The day a moment (ms since 1970) belongs to there."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(ZoneInfo(zone)).date()
