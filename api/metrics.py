"""What the service counts about itself, in the text format Prometheus reads: how many, how long, never who."""

import threading
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

# Seconds. The first are what a stamp takes, the last is where something is wrong.
BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Counts requests and events in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: dict[tuple[str, str, str], int] = defaultdict(int)
        self._events: dict[str, int] = defaultdict(int)
        self._slots = [0] * (len(BUCKETS) + 1)
        self._seconds = 0.0

    def watch(self, service: Callable[..., Any]) -> Callable[..., Any]:
        """The same WSGI service, with each request counted by method, route and status; no address is kept."""

        def watched(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
            began = time.perf_counter()
            status, rule = "500", None

            def started(line: str, *rest: Any) -> Any:
                nonlocal status, rule
                status = line[:3]
                # Flask forgets its rule soon; whoever came the short way has left it.
                rule = environ.get("tenth.rule") or getattr(environ.get("werkzeug.request"), "url_rule", None)
                return start_response(line, *rest)

            try:
                return service(environ, started)
            finally:
                self._request(environ["REQUEST_METHOD"], rule.rule if rule else "", status, time.perf_counter() - began)

        return watched

    def events(self, statuses: Iterable[str]) -> None:
        """Count what became of events: applied, duplicate, flagged, refused or kept."""
        with self._lock:
            for status in statuses:
                self._events[status] += 1

    def text(self, gauges: dict[str, tuple[str, float]]) -> str:
        """Everything counted, and these gauges: name to (what it is, how much)."""
        with self._lock:
            requests, events = dict(self._requests), dict(self._events)
            slots, seconds = list(self._slots), self._seconds
        lines = _head("tenth_requests_total", "counter", "Requests answered.")
        for (method, route, status), count in sorted(requests.items()):
            lines.append(f'tenth_requests_total{{method="{method}",route="{route}",status="{status}"}} {count}')
        lines += _head("tenth_request_seconds", "histogram", "Time to the first byte of an answer.")
        count = 0
        for bound, inside in zip((*BUCKETS, "+Inf"), slots, strict=True):
            count += inside
            lines.append(f'tenth_request_seconds_bucket{{le="{bound}"}} {count}')
        lines += [f"tenth_request_seconds_sum {seconds:.6f}", f"tenth_request_seconds_count {count}"]
        lines += _head("tenth_events_total", "counter", "Events taken in, by what became of them.")
        lines += [f'tenth_events_total{{status="{status}"}} {count}' for status, count in sorted(events.items())]
        for name, (about, value) in gauges.items():
            lines += [*_head(f"tenth_{name}", "gauge", about), f"tenth_{name} {value:g}"]
        return "\n".join(lines) + "\n"

    def _request(self, method: str, route: str, status: str, seconds: float) -> None:
        # Methods are written by whoever asks; only those that reached a route can be few.
        key = (method if route else "", route, status)
        with self._lock:
            self._requests[key] += 1
            self._slots[bisect_left(BUCKETS, seconds)] += 1
            self._seconds += seconds


def _head(name: str, kind: str, about: str) -> list[str]:
    return [f"# HELP {name} {about}", f"# TYPE {name} {kind}"]
