"""Campaigns: what is given beyond the programme, and how far that has got."""

from typing import Annotated, Any

from flask import Blueprint
from pydantic import Field, StringConstraints
from sqlalchemy import Connection

from api import db
from api.actions import campaigns as actions
from api.errors import Problem
from api.ids import id_text, moment_text
from api.routes.door import Asked, path_id, route
from api.routes.tills import Nothing
from api.shapes import FIVE_IS_FIVE, MOST_EXACT, Id, Moment, Name, Shape
from api.store import campaigns, gifts
from api.store.campaigns import CampaignRow, Halt
from rules.campaigns import DAY_MINUTES, ITEM_LENGTH, LIMITS, Campaign, Kind, Per, State
from rules.programme import BadTerms

bp = Blueprint("campaigns", __name__, url_prefix="/api/v1")

Weekday = Annotated[int, Field(ge=1, le=7), FIVE_IS_FIVE]
Item = Annotated[str, StringConstraints(strip_whitespace=True, max_length=ITEM_LENGTH, pattern=r"^[^\x00-\x1f\x7f]*$")]
Money = Annotated[int, Field(ge=0, le=MOST_EXACT)]


def _within(name: str, default: Any) -> Any:
    low, high = LIMITS[name]
    return Field(default=default, ge=low, le=high)


class CampaignOffer(Shape):
    """What is given, and for what; a field that belongs to another kind is left out.

    hours: on these `weekdays` (1 is Monday) between two minutes after midnight where the business is. item: when the
    claim names this `item`. come_back: on the next visit after `quiet_days` without one. first: on one visit of each
    of the `first_cards` cards that come first. per: once a visit, or for each of its stamps.
    """

    kind: Kind
    stamps: int = _within("stamps", 0)
    rewards: int = _within("rewards", 0)
    per: Per = "visit"
    weekdays: list[Weekday] = Field(default=[], max_length=7)
    from_minute: int = _within("from_minute", 0)
    until_minute: int = _within("until_minute", DAY_MINUTES)
    item: Item = ""
    quiet_days: int = _within("quiet_days", 0)
    first_cards: int = _within("first_cards", 0)


class CampaignRules(CampaignOffer):
    """What is given, and to whom not. hold_out: how many per cent of cards, drawn by chance, to compare with."""

    hold_out: int = _within("hold_out", 10)


class NewCampaign(CampaignRules):
    """A new campaign. budget: what it may cost, in the smallest unit; 0 for any. Without `starts_at` it starts now."""

    name: Name
    budget: Money = 0
    starts_at: Moment | None = None
    ends_at: Moment | None = None


class CampaignChange(Shape):
    """Another name, budget or end; what is left out stays. What is given never changes: end it and make another."""

    name: Name | None = None
    budget: Money | None = None
    ends_at: Moment | None = None


class CampaignOut(CampaignRules):
    """A campaign and how far it has got. spent: what its gifts cost. used_up: it has nothing left to give."""

    id: Id
    name: Name
    state: State
    budget: Money
    spent: Money
    gifts: int
    starts_at: Moment
    ends_at: Moment | None
    ended_by: str | None
    author: str
    created_at: Moment


class CampaignList(Shape):
    """Every campaign of the business, newest first."""

    items: list[CampaignOut]


class CampaignPause(Shape):
    """A time in which it gave nothing, because it was paused or nothing was left; until_at: null while that lasts."""

    reason: Halt
    from_at: Moment
    until_at: Moment | None
    author: str | None


class CampaignInFull(CampaignOut):
    """A campaign with what it has given, to how many cards, and when it gave nothing."""

    cards: int
    stamps_given: int
    rewards_given: int
    breaks: list[CampaignPause]


@route(bp, "GET", "/campaigns", who=("owner",), answer=CampaignList)
def list_campaigns(asked: Asked) -> Any:
    """Every campaign, newest first."""
    with db.reading() as connection:
        return {"items": [_face(row, asked) for row in campaigns.campaigns(connection, asked.business_id)]}


@route(bp, "POST", "/campaigns", who=("owner",), body=NewCampaign, answer=CampaignOut, status=201)
def make_campaign(asked: Asked) -> Any:
    """A new campaign, for visits from its start on; nothing that has happened before gets anything."""
    body, author = asked.body, asked.who.caller.name

    def action(connection: Connection) -> Any:
        return _face(
            actions.make(
                connection,
                asked.business_id,
                name=body.name,
                rules=_rules(body),
                budget=body.budget,
                starts_at=body.starts_at,
                ends_at=body.ends_at,
                author=author,
                now=asked.now,
            ),
            asked,
        )

    return _written(asked, action)


@route(bp, "GET", "/campaigns/<campaign_id>", who=("owner",), answer=CampaignInFull)
def show_campaign(asked: Asked, campaign_id: str) -> Any:
    """One campaign, with what it has given and when it gave nothing."""
    id = path_id(campaign_id)
    with db.reading() as connection:
        row = actions.find(connection, asked.business_id, id)
        given = gifts.given(connection, asked.business_id, id)
        breaks = campaigns.breaks(connection, asked.business_id, id)
    return _face(row, asked) | {
        "cards": given.cards,
        "stamps_given": given.stamps,
        "rewards_given": given.rewards,
        "breaks": [
            {
                "reason": each.reason,
                "from_at": moment_text(each.from_at),
                "until_at": _moment(each.until_at),
                "author": each.author,
            }
            for each in breaks
        ],
    }


@route(
    bp,
    "PATCH",
    "/campaigns/<campaign_id>",
    who=("owner",),
    body=CampaignChange,
    answer=CampaignOut,
    problems=("conflict",),
)
def change_campaign(asked: Asked, campaign_id: str) -> Any:
    """Another name, budget or end. More budget sets a campaign going again that was used up."""
    id, body = path_id(campaign_id), asked.body

    def action(connection: Connection) -> Any:
        changed = actions.change(
            connection,
            asked.business_id,
            id,
            name=body.name,
            budget=body.budget,
            ends_at=body.ends_at,
            now=asked.now,
        )
        return _face(changed, asked)

    return _written(asked, action)


@route(
    bp,
    "POST",
    "/campaigns/<campaign_id>/pauses",
    who=("owner",),
    body=Nothing,
    answer=CampaignOut,
    status=201,
    problems=("conflict",),
)
def pause_campaign(asked: Asked, campaign_id: str) -> Any:
    """Give nothing for visits from now on, until it is resumed."""
    id, author = path_id(campaign_id), asked.who.caller.name
    return asked.write(
        lambda connection: _face(actions.pause(connection, asked.business_id, id, author=author, now=asked.now), asked)
    )


@route(bp, "DELETE", "/campaigns/<campaign_id>/pauses/current", who=("owner",), status=204)
def resume_campaign(asked: Asked, campaign_id: str) -> Any:
    """Go on. A campaign that was not paused is left as it is."""
    id = path_id(campaign_id)
    asked.write(lambda connection: actions.resume(connection, asked.business_id, id, now=asked.now))


@route(
    bp,
    "POST",
    "/campaigns/<campaign_id>/endings",
    who=("owner",),
    body=Nothing,
    answer=CampaignOut,
    status=201,
    problems=("conflict",),
)
def end_campaign(asked: Asked, campaign_id: str) -> Any:
    """End it for good. A visit from before that a till tells later still gets its gift."""
    id, author = path_id(campaign_id), asked.who.caller.name
    return asked.write(
        lambda connection: _face(actions.end(connection, asked.business_id, id, author=author, now=asked.now), asked)
    )


def _written(asked: Asked, action: Any) -> Any:
    """Run an action. Raises Problem invalid for what cannot be promised together."""
    try:
        return asked.write(action)
    except BadTerms as error:
        pointer = f"/{error.field}"
        errors = [{"pointer": pointer, "code": "bad_terms", "message": error.message, "value": error.value}]
        raise Problem("invalid", f"{pointer}: {error.message}", errors=errors) from None


def _rules(body: NewCampaign) -> Campaign:
    named = {name: getattr(body, name) for name in CampaignRules.model_fields}
    return Campaign(**named | {"weekdays": tuple(sorted(body.weekdays))})


def offer_face(rules: Campaign) -> dict[str, Any]:
    """What a campaign gives, and for what."""
    return {name: getattr(rules, name) for name in CampaignOffer.model_fields}


def _face(row: CampaignRow, asked: Asked) -> dict[str, Any]:
    return offer_face(row.rules) | {
        "hold_out": row.rules.hold_out,
        "id": id_text(row.id),
        "name": row.name,
        "state": actions.state_of(row, asked.now),
        "budget": row.budget,
        "spent": row.spent,
        "gifts": row.gifts,
        "starts_at": moment_text(row.starts_at),
        "ends_at": _moment(row.ends_at),
        "ended_by": row.ended_by,
        "author": row.author,
        "created_at": moment_text(row.created_at),
    }


def _moment(at: int | None) -> str | None:
    return None if at is None else moment_text(at)
