"""What belongs to a business as a whole: its name, its money, its time, its language, what its tills may do."""

import dataclasses
from typing import Any

from sqlalchemy import Connection

from api.errors import Problem
from api.store import businesses
from api.store.businesses import BusinessRow


def change(connection: Connection, business_id: int, changes: dict[str, Any]) -> BusinessRow:
    """Change what is named: any field of its row but its number and its logo."""
    row = businesses.hold(connection, business_id)
    if row is None:
        raise Problem("not_found")
    row = dataclasses.replace(row, **changes)
    businesses.save(connection, row)
    return row
