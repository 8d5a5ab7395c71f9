"""The server's figures: rounds of each kind of request in turn, their medians, and the ratios beside the goals."""

import random
import statistics
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import orjson

from api.ids import id_text, moment_text, new_id, now_ms
from bench import load, service
from bench.load import Load

T = TypeVar("T")
# Many short rounds: what else the machine does then falls on all kinds alike.
ROUNDS = 11
SECONDS = 0.6
# On a virtual machine others take part of the processors. Rounds in which they took more than this are repeated,
# until so many times the rounds have been tried; then the quietest ones count, and their share is printed.
QUIET = 0.05
MOST_TRIES = 4
# What stands beside what, and the least it should come to at 32 clients: on SQLite, on PostgreSQL.
GOALS = (
    ("stamp", "hello POST", 0.45, 0.25),
    ("stamp", "naive stamp", 6, None),
    ("redeem", "stamp", 0.9, 0.9),
    ("card", "hello GET", 0.55, None),
)


@dataclass(slots=True)
class Series:
    """One kind of request and its rounds."""

    name: str
    port: int
    requests: Callable[[], bytes]
    loads: list[Load] = field(default_factory=list)

    @property
    def rates(self) -> list[float]:
        """Of each round, in requests a second."""
        return [one.rate for one in self.loads]


def main(rounds: int = ROUNDS, seconds: float = SECONDS) -> None:
    """Measure on SQLite and on PostgreSQL, and print."""
    with service.hello(8191) as hello:
        _measure("SQLite", hello, rounds, seconds)
        with service.postgres() as server:
            _measure(
                "PostgreSQL", hello, rounds, seconds,
                tenth_url=service.new_database(server, "tenth"), naive_url=service.new_database(server, "naive"),
            )  # fmt: skip


def _measure(title: str, hello: int, rounds: int, seconds: float, *, tenth_url: str = "", naive_url: str = "") -> None:
    with (
        service.tenth(8192, cards_count=10_000, database_url=tenth_url) as tenth,
        service.naive(8193, tenth.codes, naive_url) as naive,
    ):
        for clients in (8, 32):
            series = _series(tenth, hello, naive)

            def go_round(series: list[Series] = series, clients: int = clients) -> list[Load]:
                return [load.run(each.port, each.requests, clients=clients, seconds=seconds) for each in series]

            found, noise = _quietest(go_round, rounds)
            for each, loads in zip(series, zip(*found, strict=True), strict=True):
                each.loads.extend(loads)
            _print(title, clients, {each.name: each for each in series}, noise)
        _sync(title, tenth, naive)
        if not tenth_url:
            _streams(tenth, rounds, seconds)


def _series(tenth: service.Service, hello: int, naive: int) -> list[Series]:
    body = orjson.dumps({"sent_at": "2026-11-21T12:41:03.123Z", "events": [{"id": "x" * 36}]})
    return [
        Series("hello POST", hello, load.forever(lambda _: load.post("/hello", body))),
        Series("stamp", tenth.port, load.forever(lambda _: _claim(tenth, "stamp"))),
        Series("redeem", tenth.port, load.forever(lambda number: _claim(tenth, "redeem", number))),
        Series("naive stamp", naive, load.forever(lambda _: _naive(tenth))),
        Series("hello GET", hello, load.forever(lambda _: load.get("/hello"))),
        Series("card", tenth.port, load.forever(lambda _: load.get(f"/api/v1/cards/{random.choice(tenth.codes)}"))),
    ]


def _event(tenth: service.Service, kind: str, number: int | None = None) -> dict[str, object]:
    code = random.choice(tenth.codes) if number is None else tenth.codes[number % len(tenth.codes)]
    return {
        "id": id_text(new_id()), "kind": kind, "card": code, "quantity": 1, "happened_at": moment_text(now_ms())
    }  # fmt: skip


def _claim(tenth: service.Service, kind: str, number: int | None = None) -> bytes:
    body = orjson.dumps({"sent_at": moment_text(now_ms()), "events": [_event(tenth, kind, number)]})
    return load.post("/api/v1/sync", body, tenth.headers)


def _naive(tenth: service.Service) -> bytes:
    return load.post("/sync", orjson.dumps({"events": [_event(tenth, "stamp")]}))


def _quietest(go_round: Callable[[], T], rounds: int) -> tuple[list[T], str]:
    """So many rounds in which others left us the processors, or the quietest of many; and a note on how quiet."""
    found: list[tuple[float, T]] = []
    while sum(taken <= QUIET for taken, _ in found) < rounds and len(found) < MOST_TRIES * rounds:
        before = _ticks()
        result = go_round()
        ours, others = (after - earlier for after, earlier in zip(_ticks(), before, strict=True))
        found.append((others / max(1, ours + others), result))
    found.sort(key=lambda each: each[0])
    del found[rounds:]
    return [result for _, result in found], f"others took up to {found[-1][0]:.0%} of the processors"


def _ticks() -> tuple[int, int]:
    """How long the processors have worked for this machine, and for others while it wanted them (proc_stat(5))."""
    try:
        with open("/proc/stat") as stat:
            user, nice, system, _idle, _iowait, irq, softirq, steal, *_ = map(int, stat.readline().split()[1:])
    except FileNotFoundError:  # not Linux: nobody says
        return 1, 0
    return user + nice + system + irq + softirq, steal


def _print(title: str, clients: int, series: dict[str, Series], noise: str) -> None:
    print(f"\n{title}, {clients} clients (medians of rounds in turn; {noise})")
    for each in series.values():
        last = each.loads[-1]
        statuses = "" if set(last.statuses) == {200} else f"  statuses {last.statuses}"
        p50, p99 = (statistics.median(one.percentile(share) for one in each.loads) for share in (0.5, 0.99))
        print(
            f"  {each.name:12} {statistics.median(each.rates):8.0f}/s   p50 {p50:6.1f} ms   p99 {p99:6.1f} ms{statuses}"
        )
    for name, beside, on_sqlite, on_postgres in GOALS:
        goal = on_sqlite if title == "SQLite" else on_postgres
        found = _beside(series[name].rates, series[beside].rates)
        _ratio(f"{name} / {beside}", found, goal if clients == 32 else None)


def _beside(these: list[float], those: list[float]) -> float:
    """The median of the ratios, each of two rounds that were measured one soon after the other."""
    return statistics.median(this / that for this, that in zip(these, those, strict=True))


def _ratio(name: str, found: float, goal: float | None, *, at_most: bool = False) -> None:
    if goal is None:
        print(f"  {name:24} {found:6.2f}")
        return
    met = found <= goal if at_most else found >= goal
    print(f"  {name:24} {found:6.2f}   goal {'≤' if at_most else '≥'} {goal:<5} {'met' if met else 'NOT MET'}")


def _sync(title: str, tenth: service.Service, naive: int) -> None:
    """A thousand events in one batch, the same batch again, and the naive way."""

    def go_round() -> tuple[float, float, float]:
        events = [_event(tenth, "stamp") for _ in range(1000)]
        batch = load.post(
            "/api/v1/sync", orjson.dumps({"sent_at": moment_text(now_ms()), "events": events}), tenth.headers
        )
        plain = load.post("/sync", orjson.dumps({"events": events}))
        return _seconds(tenth.port, batch), _seconds(tenth.port, batch), _seconds(naive, plain)

    found, noise = _quietest(go_round, 7)
    first, again, plain = (list(column) for column in zip(*found, strict=True))
    print(f"\n{title}, 1,000 events in one batch: {statistics.median(first) * 1000:.0f} ms ({noise})")
    goals = (20, 1.3) if title == "SQLite" else (None, 1.3)
    _ratio("naive loop / sync", _beside(plain, first), goals[0])
    _ratio("same batch again / first", _beside(again, first), goals[1], at_most=True)


def _seconds(port: int, request: bytes) -> float:
    answer, seconds = load.once(port, request)
    if not answer.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(answer[:500].decode())
    return seconds


def _streams(tenth: service.Service, rounds: int, seconds: float) -> None:
    """What live streams cost the stamps: as many phones as the threads allow, watching while tills stamp."""
    import socket

    def stamp() -> float:
        return load.run(tenth.port, lambda: _claim(tenth, "stamp"), clients=32, seconds=seconds).rate

    def go_round() -> tuple[float, float]:
        quiet = stamp()
        phones = [socket.create_connection(("127.0.0.1", tenth.port)) for _ in range(48)]
        ending = threading.Event()
        for number, phone in enumerate(phones):
            phone.sendall(load.get(f"/api/v1/cards/{tenth.codes[number]}/live"))
            phone.settimeout(0.2)
        reader = threading.Thread(target=_drain, args=(phones, ending))
        reader.start()
        watched = stamp()
        ending.set()
        reader.join()
        for phone in phones:
            phone.close()
        return quiet, watched

    found, noise = _quietest(go_round, rounds)
    quiet, watched = (list(column) for column in zip(*found, strict=True))
    print(f"\nSQLite, 32 clients stamping while 48 phones watch (all that 64 threads allow; {noise})")
    _ratio("watched / quiet", _beside(watched, quiet), 0.85)


def _drain(phones: list, ending: threading.Event) -> None:  # type: ignore[type-arg]
    import select

    while not ending.is_set():
        for phone in select.select(phones, [], [], 0.2)[0]:
            phone.recv(65_536)


if __name__ == "__main__":
    main(*(float(value) if "." in value else int(value) for value in sys.argv[1:]))
