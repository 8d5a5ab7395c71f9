"""Campaigns: what they give, when they run, and when they paused."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, and_, bindparam, exists, insert, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_leave

from api.db import Statement
from api.tables.campaigns import Campaign as CampaignTable
from api.tables.campaigns import CampaignBreak
from rules.campaigns import Campaign

Halt = Literal["paused", "used_up"]


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign. Money in the currency's smallest unit, moments in milliseconds since 1970.

    budget: 0 for any. spent, gifts: what was given and not taken back. halted: why it gives nothing just now.
    """

    id: bytes
    name: str
    rules: Campaign
    budget: int
    spent: int
    gifts: int
    starts_at: int
    ends_at: int | None
    ended_by: str | None
    author: str
    created_at: int
    halted: Halt | None

    @property
    def left(self) -> int | None:
        """What is left of the budget; None for a campaign without one."""
        return self.budget - self.spent if self.budget else None


@dataclass(frozen=True, slots=True)
class BreakRow:
    """A time in which a campaign gave nothing; until_at: None while it lasts. author: who paused it."""

    reason: Halt
    from_at: int
    until_at: int | None
    author: str | None


_C = CampaignTable
_B, _ID, _AT = bindparam("business_id"), bindparam("campaign_id"), bindparam("at")
_RULES = ("kind", "stamps", "rewards", "per", "from_minute", "until_minute", "item", "quiet_days", "first_cards")
_open_break = and_(
    CampaignBreak.business_id == _C.business_id, CampaignBreak.campaign_id == _C.id, CampaignBreak.until_at.is_(None)
)
_campaign = select(
    _C.id, _C.name, _C.weekdays, _C.hold_out, *[getattr(_C, name) for name in _RULES], _C.budget, _C.spent, _C.gifts,
    _C.starts_at, _C.ends_at, _C.ended_by, _C.author, _C.created_at,
    select(CampaignBreak.reason).where(_open_break).scalar_subquery(),
).where(_C.business_id == _B)  # fmt: skip
_this = and_(_C.business_id == _B, _C.id == _ID)
_paused_then = exists().where(
    CampaignBreak.business_id == _C.business_id,
    CampaignBreak.campaign_id == _C.id,
    CampaignBreak.from_at <= _AT,
    or_(CampaignBreak.until_at.is_(None), CampaignBreak.until_at > _AT),
)
_then = and_(_C.starts_at <= _AT, or_(_C.ends_at.is_(None), _C.ends_at > _AT))
_LIST = Statement(_campaign.order_by(_C.id.desc()))
_ONE = Statement(_campaign.where(_C.id == _ID))
_HOLD = Statement(_campaign.where(_C.id == _ID).with_for_update(of=_C))
# In the order of their ids: two stamps that pay from the same campaigns never wait for one another.
_RUNNING = Statement(_campaign.where(_then, ~_paused_then).order_by(_C.id))
_ITEMS = Statement(
    _campaign.where(
        _C.kind == literal_column("'item'"), or_(_C.ends_at.is_(None), _C.ends_at > _AT), ~exists().where(_open_break)
    ).order_by(_C.id)
)
_ADD = Statement(
    insert(_C).values(
        {
            name: bindparam(name)
            for name in (
                "business_id", "id", "name", "weekdays", "hold_out", *_RULES, "budget", "starts_at", "ends_at",
                "author", "created_at",
            )
        }
    )
)  # fmt: skip
_CHANGE = Statement(
    update(_C)
    .where(_this)
    .values(
        name=bindparam("new_name"),
        budget=bindparam("new_budget"),
        ends_at=bindparam("new_ends_at"),
        ended_by=bindparam("new_ended_by"),
    )
)
_HALT = Statement(
    insert_or_leave(CampaignBreak)
    .values({n: bindparam(n) for n in ("business_id", "id", "campaign_id", "reason", "from_at", "author")})
    .on_conflict_do_nothing()
)
_GO_ON = Statement(
    update(CampaignBreak)
    .where(
        CampaignBreak.business_id == _B,
        CampaignBreak.campaign_id == _ID,
        CampaignBreak.reason == bindparam("why"),
        CampaignBreak.until_at.is_(None),
    )
    .values(until_at=_AT)
)
_BREAKS = Statement(
    select(CampaignBreak.reason, CampaignBreak.from_at, CampaignBreak.until_at, CampaignBreak.author)
    .where(CampaignBreak.business_id == _B, CampaignBreak.campaign_id == _ID)
    .order_by(CampaignBreak.id)
)


def campaigns(connection: Connection, business_id: int) -> list[CampaignRow]:
    """A business's campaigns, newest first."""
    return [_row(row) for row in _LIST.all(connection, business_id=business_id)]


def campaign(connection: Connection, business_id: int, campaign_id: bytes) -> CampaignRow | None:
    """One campaign of this business."""
    row = _ONE.one(connection, business_id=business_id, campaign_id=campaign_id)
    return None if row is None else _row(row)


def hold(connection: Connection, business_id: int, campaign_id: bytes) -> CampaignRow | None:
    """The campaign, held until the transaction ends: no till pays from it meanwhile."""
    row = _HOLD.one(connection, business_id=business_id, campaign_id=campaign_id)
    return None if row is None else _row(row)


def running(connection: Connection, business_id: int, at: int) -> list[CampaignRow]:
    """The campaigns that ran at this moment, in the order of their ids."""
    return [_row(row) for row in _RUNNING.all(connection, business_id=business_id, at=at)]


def items_of_the_month(connection: Connection, business_id: int, at: int) -> list[CampaignRow]:
    """The campaigns for one item that run at this moment or will, in the order of their ids."""
    return [_row(row) for row in _ITEMS.all(connection, business_id=business_id, at=at)]


def add(connection: Connection, business_id: int, row: CampaignRow) -> None:
    """Write a new campaign, of which nothing is spent."""
    rules = {name: getattr(row.rules, name) for name in _RULES}
    weekdays = "".join(map(str, row.rules.weekdays))
    _ADD.run(
        connection, business_id=business_id, id=row.id, name=row.name, weekdays=weekdays, hold_out=row.rules.hold_out,
        budget=row.budget, starts_at=row.starts_at, ends_at=row.ends_at, author=row.author, created_at=row.created_at,
        **rules,
    )  # fmt: skip


def change(connection: Connection, business_id: int, row: CampaignRow) -> None:
    """Write back a campaign that was held: its name, its budget and its end."""
    _CHANGE.run(
        connection, business_id=business_id, campaign_id=row.id, new_name=row.name, new_budget=row.budget,
        new_ends_at=row.ends_at, new_ended_by=row.ended_by,
    )  # fmt: skip


def halt(
    connection: Connection,
    business_id: int,
    campaign_id: bytes,
    reason: Halt,
    *,
    id: bytes,
    at: int,
    author: str | None = None,
) -> None:
    """The campaign gives nothing from now on; nothing changes for one that gives nothing already."""
    _HALT.run(
        connection, business_id=business_id, id=id, campaign_id=campaign_id, reason=reason, from_at=at, author=author
    )


def go_on(connection: Connection, business_id: int, campaign_id: bytes, reason: Halt, *, at: int) -> bool:
    """What held the campaign up has passed. False when it was not held up for this reason."""
    return _GO_ON.run(connection, business_id=business_id, campaign_id=campaign_id, why=reason, at=at) > 0


def breaks(connection: Connection, business_id: int, campaign_id: bytes) -> list[BreakRow]:
    """When a campaign gave nothing, oldest first."""
    rows = _BREAKS.all(connection, business_id=business_id, campaign_id=campaign_id)
    return [BreakRow(*row) for row in rows]


def _row(row: Sequence[Any]) -> CampaignRow:
    id, name, weekdays, hold_out, *rest = row
    rules = dict(zip(_RULES, rest, strict=False))
    found = Campaign(**rules, weekdays=tuple(map(int, weekdays)), hold_out=hold_out)
    return CampaignRow(id, name, found, *rest[len(_RULES) :])
