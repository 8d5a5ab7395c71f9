"""Shops, and the invitation on their posters."""

from typing import Any

from flask import Blueprint

from api import db
from api.actions import shops as actions
from api.errors import Problem
from api.routes.cards import read_join_code
from api.routes.door import Asked, path_id, route
from api.routes.faces import logo_url
from api.settings import Settings
from api.shapes import Id, Name, Shape
from api.store import businesses, ledger, programmes, shops
from api.store.programmes import ProgrammeRow
from api.store.shops import ShopRow
from api.words import languages
from rules.programme import Terms

bp = Blueprint("shops", __name__, url_prefix="/api/v1")


class ShopIn(Shape):
    """A shop's name."""

    name: Name


class ShopOut(Shape):
    """A shop. join_url is what its poster leads to."""

    id: Id
    name: str
    join_code: str
    join_url: str


class ShopList(Shape):
    """A business's shops, oldest first."""

    items: list[ShopOut]


class InvitingBusiness(Shape):
    """Whose card it would be."""

    name: str
    language: str
    currency: str
    logo: str | None


class InvitingShop(Shape):
    """Where the poster hangs."""

    name: str


class PromisedTier(Shape):
    """A smaller reward on the way. at: the stamp that earns it; choices: or instead."""

    at: int
    reward: str
    once: bool
    choices: list[str]


class Promise(Shape):
    """A programme, as a poster promises it. treatments: programmes of experiments on it, whose cards look the same.

    choices: or instead of `reward`. spend_per_stamp: what a stamp is given for, null where it is not given for money.
    """

    id: Id
    name: str
    reward: str
    choices: list[str]
    tiers: list[PromisedTier]
    stamps_needed: int
    spend_per_stamp: int | None
    welcome_stamps: int
    treatments: list[Id]


class Invitation(Shape):
    """What a phone shows before someone takes a card."""

    business: InvitingBusiness
    shop: InvitingShop
    programmes: list[Promise]
    languages: list[str]


@route(bp, "GET", "/shops", who=("owner",), answer=ShopList)
def list_shops(asked: Asked) -> Any:
    """The business's shops."""
    with db.reading() as connection:
        return {"items": [shop_face(row, asked.settings) for row in shops.shops(connection, asked.business_id)]}


@route(bp, "POST", "/shops", who=("owner",), body=ShopIn, answer=ShopOut, status=201)
def open_shop(asked: Asked) -> Any:
    """Open another shop."""
    return asked.write(
        lambda connection: shop_face(
            actions.open_shop(connection, asked.business_id, name=asked.body.name, now=asked.now), asked.settings
        )
    )


@route(bp, "PATCH", "/shops/<shop_id>", who=("owner",), body=ShopIn, answer=ShopOut, problems=("not_found",))
def rename_shop(asked: Asked, shop_id: str) -> Any:
    """Give a shop another name."""
    answer = asked.write(
        lambda connection: shop_face(
            actions.rename(connection, asked.business_id, path_id(shop_id), asked.body.name), asked.settings
        )
    )
    asked.forget_tills()
    return answer


@route(bp, "GET", "/join/<join_code>", who=("anyone",), answer=Invitation, problems=("not_found",), limit="120/minute")
def show_invitation(asked: Asked, join_code: str) -> Any:
    """What the shop with this join code offers."""
    business_id, folded = read_join_code(join_code)
    with db.reading() as connection:
        shop = shops.shop_by_join_code(connection, business_id, folded)
        business = businesses.business(connection, business_id)
        if shop is None or business is None:
            raise Problem("not_found", "No shop has this code.", value=join_code[:60])
        offers = promises(connection, business_id)
        others = [row for row in programmes.programmes(connection, business_id) if row.treatment_of]
    return {
        "business": {
            "name": business.name,
            "language": business.language,
            "currency": business.currency,
            "logo": logo_url(business_id, business.logo_version),
        },
        "shop": {"name": shop.name},
        "programmes": [
            {
                "id": row.id,
                "name": row.name,
                "reward": terms.reward,
                "choices": [choice.name for choice in terms.choices],
                "tiers": [
                    {
                        "at": tier.at,
                        "reward": tier.reward,
                        "once": tier.once,
                        "choices": [choice.name for choice in tier.choices],
                    }
                    for tier in sorted(terms.tiers, key=lambda tier: tier.at)
                ],
                "stamps_needed": terms.stamps_needed,
                "spend_per_stamp": terms.spend_per_stamp or None,
                "welcome_stamps": terms.welcome_stamps,
                "treatments": [other.id for other in others if other.treatment_of == row.id],
            }
            for row, terms in offers
        ],
        "languages": list(languages()),
    }


def promises(connection: Any, business_id: int) -> list[tuple[ProgrammeRow, Terms]]:
    """The programmes that are offered, each with its terms of today."""
    return [
        (row, ledger.versions(connection, business_id, row.id, row.version)[row.version].terms)
        for row in programmes.programmes(connection, business_id)
        if row.is_offered
    ]


def shop_face(row: ShopRow, settings: Settings) -> dict[str, Any]:
    """A shop, as its owner sees it."""
    return {
        "id": row.id,
        "name": row.name,
        "join_code": row.join_code,
        "join_url": f"{settings.public_url}/join/{row.join_code}",
    }
