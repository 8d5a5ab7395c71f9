"""Shops: opening one, giving it another name."""

from sqlalchemy import Connection

from api.actions.set_up import new_join_code
from api.errors import Problem
from api.ids import new_id
from api.store import shops
from api.store.shops import ShopRow


def open_shop(connection: Connection, business_id: int, *, name: str, now: int) -> ShopRow:
    """A new shop, with a join code for its poster."""
    row = ShopRow(new_id(now), name, new_join_code(business_id))
    shops.add_shop(connection, business_id, id=row.id, name=row.name, join_code=row.join_code, created_at=now)
    return row


def rename(connection: Connection, business_id: int, shop_id: bytes, name: str) -> ShopRow:
    """Another name. Raises Problem not_found."""
    shops.rename_shop(connection, business_id, shop_id, name)
    row = shops.shop(connection, business_id, shop_id)
    if row is None:
        raise Problem("not_found")
    return row
