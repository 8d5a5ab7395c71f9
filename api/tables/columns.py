"""The few kinds of column every table is made of."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, ForeignKeyConstraint, Integer, LargeBinary, Text
from sqlalchemy.orm import MappedColumn, mapped_column


def id_(**options: Any) -> MappedColumn[Any]:
    """A UUIDv7 as 16 bytes."""
    return mapped_column(LargeBinary(16), **{"nullable": False, **options})


def hash_(**options: Any) -> MappedColumn[Any]:
    """A keyed or plain hash of a secret."""
    return mapped_column(LargeBinary(32), **{"nullable": False, **options})


def number(**options: Any) -> MappedColumn[Any]:
    """A count, an amount in the smallest unit, or a business."""
    return mapped_column(Integer, **{"nullable": False, **options})


def long_number(**options: Any) -> MappedColumn[Any]:
    """A number that may outgrow 31 bits."""
    return mapped_column(BigInteger, **{"nullable": False, **options})


def units(**options: Any) -> MappedColumn[Any]:
    """What a card counts: stamps, or money in the smallest unit. SQLite's own integers are as long."""
    return mapped_column(BigInteger().with_variant(Integer(), "sqlite"), **{"nullable": False, **options})


def moment(**options: Any) -> MappedColumn[Any]:
    """Milliseconds since 1970, UTC."""
    return mapped_column(BigInteger, **{"nullable": False, **options})


def text(**options: Any) -> MappedColumn[Any]:
    """Words."""
    return mapped_column(Text, **{"nullable": False, **options})


def flag(**options: Any) -> MappedColumn[Any]:
    """Yes or no."""
    return mapped_column(Boolean(create_constraint=False), **{"nullable": False, **options})


def blob(**options: Any) -> MappedColumn[Any]:
    """Bytes of any length."""
    return mapped_column(LargeBinary, **{"nullable": False, **options})


def belongs_to(table: str, *columns: str) -> ForeignKeyConstraint:
    """A foreign key within the business: (business_id, columns…) of this table to (business_id, id…) of that one."""
    if table == "businesses":
        return ForeignKeyConstraint(["business_id"], ["businesses.id"])
    there = {"programme_versions": ["business_id", "programme_id", "number"]}.get(table, ["business_id", "id"])
    return ForeignKeyConstraint(["business_id", *columns], [f"{table}.{name}" for name in there])
