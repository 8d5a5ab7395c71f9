"""The business's logo: a new one, or none."""

from sqlalchemy import Connection

from api.store import logos
from api.store.logos import LogoRow


def put(connection: Connection, business_id: int, logo: LogoRow, *, now: int) -> None:
    """Make this the business's logo."""
    logos.put(connection, business_id, logo, at=now)


def remove(connection: Connection, business_id: int) -> None:
    """Do without a logo."""
    logos.remove(connection, business_id)
