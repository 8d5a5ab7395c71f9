"""How often one caller may ask, with the headers that say so."""

import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from api.errors import Problem


class Limits:
    """Counts requests by endpoint and caller, in this process. factor: how many times the stated limit is allowed."""

    def __init__(self, factor: int) -> None:
        self._factor = factor
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._parsed: dict[str, RateLimitItem] = {}

    def hold(self, limit: str, name: str, client: str, headers: dict[str, str]) -> None:
        """Count one request; adds the RateLimit headers. Raises Problem slow_down when there were too many."""
        item = self._parsed.get(limit)
        if item is None:
            item = self._parsed[limit] = self._read(limit)
        allowed = self._limiter.hit(item, name, client)
        stats = self._limiter.get_window_stats(item, name, client)
        wait = max(1, int(stats.reset_time - time.time()) + 1)
        headers["RateLimit-Policy"] = f'"{name}";q={item.amount};w={item.get_expiry()}'
        headers["RateLimit"] = f'"{name}";r={max(0, stats.remaining)};t={wait}'
        if not allowed:
            raise Problem("slow_down", headers=headers | {"Retry-After": str(wait)}, retry_after_seconds=wait)

    def _read(self, limit: str) -> RateLimitItem:
        item = parse(limit)
        return type(item)(item.amount * self._factor, item.multiples)
