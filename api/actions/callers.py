"""Who does something, as the actions see it: a till, other software, an owner, or the service itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is behind an action. source: till, software, owner, customer or service; name: as a history line shows it."""

    business_id: int
    source: str
    name: str = ""
    till_id: bytes | None = None
    till_name: str | None = None
    shop_id: bytes | None = None
    shop_name: str | None = None
