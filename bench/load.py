"""A load generator: many keep-alive connections in one thread, each with one request on its way, all answers read."""

import selectors
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

READ_SIZE = 262_144
# More than any server here answers; requests are made for so many.
MOST_A_SECOND = 10_000


@dataclass(frozen=True, slots=True)
class Load:
    """What a round of load came to. seconds_each: how long every answer took, sorted."""

    rate: float
    seconds_each: list[float]
    statuses: dict[int, int]

    def percentile(self, share: float) -> float:
        """The time within which this share of the answers came, in milliseconds."""
        index = min(len(self.seconds_each) - 1, int(share * len(self.seconds_each)))
        return self.seconds_each[index] * 1000


class _Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.sent_at = 0.0

    def send(self, request: bytes) -> None:
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def answer(self) -> bytes | None:
        """The whole answer once it is there; None while some of it is missing."""
        self.buffer += self.socket.recv(READ_SIZE)
        head, blank, body = self.buffer.partition(b"\r\n\r\n")
        if not blank:
            return None
        lowered = head.lower()
        at = lowered.find(b"content-length:")
        if at < 0:
            raise RuntimeError(f"an answer without a length: {head[:200]!r}")
        length = int(lowered[at + 15 : lowered.find(b"\r\n", at) if b"\r\n" in lowered[at:] else None])
        if len(body) < length:
            return None
        whole, self.buffer = self.buffer, b""
        return whole


def run(port: int, requests: Callable[[], bytes], *, clients: int, seconds: float) -> Load:
    """Ask for so long with so many clients; each asks again as soon as it is answered.

    The requests are made beforehand, so that the making does not take the server's processor.
    """
    ready = [requests() for _ in range(int(MOST_A_SECOND * seconds) + clients)]
    connections = [_Connection(port) for _ in range(clients)]
    selector = selectors.DefaultSelector()
    for connection in connections:
        connection.send(ready.pop())
        selector.register(connection.socket, selectors.EVENT_READ, connection)
    start = time.perf_counter()
    end = start + seconds
    times: list[float] = []
    statuses: dict[int, int] = {}
    open_requests = clients
    while open_requests:
        for key, _ in selector.select(timeout=10):
            connection = key.data
            answer = connection.answer()
            if answer is None:
                continue
            now = time.perf_counter()
            times.append(now - connection.sent_at)
            status = int(answer[9:12])
            statuses[status] = statuses.get(status, 0) + 1
            if now < end and ready:
                connection.send(ready.pop())
            else:
                open_requests -= 1
    elapsed = time.perf_counter() - start
    for connection in connections:
        connection.socket.close()
    return Load(len(times) / elapsed, sorted(times), statuses)


def once(port: int, request: bytes) -> tuple[bytes, float]:
    """One request: the whole answer, and how many seconds it took."""
    connection = _Connection(port)
    connection.send(request)
    while (answer := connection.answer()) is None:
        pass
    elapsed = time.perf_counter() - connection.sent_at
    connection.socket.close()
    return answer, elapsed


def post(path: str, body: bytes, headers: str = "") -> bytes:
    """A POST of JSON."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n{headers}\r\n"
    ).encode() + body


def get(path: str, headers: str = "") -> bytes:
    """A GET."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode()


def forever(make: Callable[[int], bytes]) -> Callable[[], bytes]:
    """Requests one after another, each made from its number."""

    def numbers() -> Iterator[bytes]:
        number = 0
        while True:
            yield make(number)
            number += 1

    return numbers().__next__
