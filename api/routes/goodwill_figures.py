"""What making good has come to: how soon cases are answered, how many are settled and put right, vouchers used."""

from typing import Any, Literal

from flask import Blueprint
from pydantic import Field

from api import db
from api.ids import moment_text
from api.routes.door import Asked, route
from api.shapes import Moment, Shape
from api.store import cases, vouchers
from insight.intervals import wilson
from insight.making_good import Case, figures

bp = Blueprint("goodwill_figures", __name__, url_prefix="/api/v1")

DAY_MS = 86_400_000


class Period(Shape):
    """Over how many days until now: 30, 90 or 365."""

    days: Literal["30", "90", "365"] = "90"


class ShareOf(Shape):
    """Of n, so many. interval: where the share lies in 95 of 100 such shops; null while n is 0."""

    n: int
    count: int
    interval: list[float] | None = Field(min_length=2, max_length=2)


class ResponseTime(Shape):
    """Within how many seconds half of the n cases were answered, those that still wait counting as longest.

    answered: how many were answered at all. half_within_seconds: null while fewer than half were.
    """

    n: int
    answered: int
    half_within_seconds: int | None


class GoodwillFigures(Shape):
    """Of the cases opened in the period, but vouchers: of those that came to the end of their time in it.

    settled and declined: of all cases. put_right: of those whose customer said whether it did.
    vouchers: how many had been used, withdrawn ones left out.
    """

    since: Moment
    until: Moment
    response: ResponseTime
    settled: ShareOf
    declined: ShareOf
    put_right: ShareOf
    vouchers: ShareOf


@route(bp, "GET", "/goodwill/figures", who=("owner",), query=Period, answer=GoodwillFigures)
def show_goodwill_figures(asked: Asked) -> Any:
    """How soon cases are answered, how many are settled and put right, and how many vouchers are used."""
    since = asked.now - int(asked.query.days) * DAY_MS
    with db.reading() as connection:
        opened = cases.opened_since(connection, asked.business_id, since)
        found = figures(Case(at, each.answered_at, each.state, each.put_right) for at, each in opened)
        ran_out, used = vouchers.ran_out(connection, asked.business_id, since=since, at=asked.now)
    half = found.half_answered_ms
    return {
        "since": moment_text(since),
        "until": moment_text(asked.now),
        "response": {
            "n": found.cases,
            "answered": found.answered,
            "half_within_seconds": None if half is None else half // 1000,
        },
        "settled": _share(found.settled, found.cases),
        "declined": _share(found.declined, found.cases),
        "put_right": _share(found.put_right, found.rated),
        "vouchers": _share(used, ran_out),
    }


def _share(count: int, n: int) -> dict[str, Any]:
    return {"n": n, "count": count, "interval": None if n == 0 else list(wilson(count, n))}
