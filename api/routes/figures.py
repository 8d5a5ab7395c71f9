"""Today at a glance, and the days before."""

from datetime import date, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from flask import Blueprint
from pydantic import Field

from api import db
from api.actions import figures as actions
from api.actions.figures import Day
from api.errors import Problem
from api.routes.door import Asked, route
from api.routes.tills import TillOut, till_faces
from api.shapes import Shape
from api.store import businesses, cases

bp = Blueprint("figures", __name__, url_prefix="/api/v1")

MOST_DAYS = 400
USUAL_DAYS = 30
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2200, 1, 1)


CalendarDay = Annotated[date, Field(strict=False)]  # JSON has no days, only their names


class WaitingFace(Shape):
    """Rewards of one name that wait. cost: of all of them, at most, in the smallest unit."""

    programme: str
    reward: str
    n: int
    cost: int


class Today(Shape):
    """Today where the business is. kept: claims set aside for the owner; flagged: odd lines of the last seven days.

    rewards_waiting: of all kinds; waiting: by name. cases_waiting: cases that nobody has closed.
    """

    day: CalendarDay
    stamps: int
    new_cards: int
    redemptions: int
    rewards_waiting: int
    waiting: list[WaitingFace]
    cards: int
    tills: list[TillOut]
    kept: int
    flagged: int
    cases_waiting: int


class DayFace(Shape):
    """One day where the business is; what was undone is left out."""

    day: CalendarDay
    stamps: int
    new_cards: int
    redemptions: int


class DayList(Shape):
    """Days, oldest first, none left out."""

    items: list[DayFace]


class Span(Shape):
    """From which day to which, both included; without it the last thirty."""

    first: CalendarDay | None = Field(default=None, alias="from", ge=FIRST_DAY, le=LAST_DAY)
    last: CalendarDay | None = Field(default=None, alias="to", ge=FIRST_DAY, le=LAST_DAY)


@route(bp, "GET", "/today", who=("owner",), answer=Today)
def show_today(asked: Asked) -> Any:
    """Stamps, new cards and redemptions of today, what waits on the cards, and how the tills are."""
    with db.reading() as connection:
        zone = _zone(connection, asked)
        day = actions.local_day(asked.now, zone)
        (counted,) = actions.days(connection, asked.business_id, zone=zone, first=day, last=day)
        there = actions.now_there_is(connection, asked.business_id, now=asked.now)
        tills = till_faces(connection, asked.business_id)
        cases_waiting = cases.how_many_wait(connection, asked.business_id)
    return _day_face(counted) | {
        "rewards_waiting": sum(each.n for each in there.waiting),
        "waiting": [
            {"programme": each.programme, "reward": each.reward, "n": each.n, "cost": each.cost}
            for each in there.waiting
        ],
        "cards": there.cards,
        "tills": tills,
        "kept": there.kept,
        "flagged": there.flagged,
        "cases_waiting": cases_waiting,
    }


@route(bp, "GET", "/days", who=("owner",), query=Span, answer=DayList)
def list_days(asked: Asked) -> Any:
    """Stamps, new cards and redemptions of each day where the business is, oldest first."""
    with db.reading() as connection:
        zone = _zone(connection, asked)
        last = asked.query.last or actions.local_day(asked.now, zone)
        first = asked.query.first or last - timedelta(days=USUAL_DAYS - 1)
        if not 0 <= (last - first).days < MOST_DAYS:
            raise Problem(
                "invalid", f"From 1 to {MOST_DAYS} days, the first before the last.", pointer="?from", value=str(first)
            )
        found = actions.days(connection, asked.business_id, zone=zone, first=first, last=last)
    return {"items": [_day_face(day) for day in found]}


def _zone(connection: Any, asked: Asked) -> ZoneInfo:
    business = businesses.business(connection, asked.business_id)
    return ZoneInfo(business.time_zone if business else "UTC")


def _day_face(day: Day) -> dict[str, Any]:
    return {
        "day": day.day.isoformat(),
        "stamps": day.stamps,
        "new_cards": day.new_cards,
        "redemptions": day.redemptions,
    }
