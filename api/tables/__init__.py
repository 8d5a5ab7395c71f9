"""Columns, constraints and indexes; no behaviour. business_id leads every key, so nothing crosses businesses.

Ids are 16 bytes (UUIDv7), times are milliseconds since 1970 in UTC, money is in the currency's smallest unit.
"""

from api.tables import (
    businesses,
    campaigns,
    cards,
    events,
    experiments,
    goodwill,
    integrations,
    people,
    programmes,
    service,
    settlements,
    shops,
)

__all__ = [
    "businesses",
    "campaigns",
    "cards",
    "events",
    "experiments",
    "goodwill",
    "integrations",
    "people",
    "programmes",
    "service",
    "settlements",
    "shops",
]
