"""A network that means ill: it loses answers, resets connections, and cuts requests and answers short."""

import asyncio
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

LOST, RESET, CUT = 0.30, 0.10, 0.10
# Closing with this sends RST in place of FIN.
AT_ONCE = struct.pack("ii", 1, 0)


class HostileProxy:
    """Stands between tills and the service. fates: what became of each request."""

    def __init__(self, port: int, dice: random.Random) -> None:
        self.port = 0
        self.fates: Counter[str] = Counter()
        self._to, self._dice = port, dice

    @contextmanager
    def standing(self) -> Iterator["HostileProxy"]:
        """Pass on what comes, in a thread of its own, until the end of the block."""
        loop, ready = asyncio.new_event_loop(), threading.Event()

        async def stand() -> None:
            server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
            self.port = server.sockets[0].getsockname()[1]
            self._end = asyncio.Event()
            ready.set()
            await self._end.wait()
            server.close()
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()

        thread = threading.Thread(target=loop.run_until_complete, args=(stand(),))
        thread.start()
        ready.wait()
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(self._end.set)
            thread.join()
            loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of a till: its requests, one after another, until one of them is ill-fated."""
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await self._pass_on(await _message(reader), writer):
                pass
        with suppress(OSError):
            writer.close()

    async def _pass_on(self, request: bytes, till: asyncio.StreamWriter) -> bool:
        """One request and its answer; False when the connection is done for."""
        fate = self._fate()
        self.fates[fate] += 1
        if fate == "reset before":
            return _reset(till)
        reader, service = await asyncio.open_connection("127.0.0.1", self._to)
        try:
            if fate in ("reset within", "request cut"):
                service.write(request[: self._dice.randrange(1, len(request))])
                await service.drain()
                if fate == "reset within":
                    _reset(service)
                    return _reset(till)
                return False
            service.write(request)
            await service.drain()
            if fate == "reset after":
                _reset(service)
                return _reset(till)
            answer = await _message(reader)
        finally:
            service.close()
        if fate == "answer lost":
            return False
        till.write(answer[: self._dice.randrange(1, len(answer))] if fate == "answer cut" else answer)
        await till.drain()
        return fate == "passed"

    def _fate(self) -> str:
        thrown = self._dice.random()
        if thrown < LOST:
            return "answer lost"
        if thrown < LOST + RESET:
            return self._dice.choice(("reset before", "reset within", "reset after"))
        if thrown < LOST + RESET + CUT:
            return self._dice.choice(("request cut", "answer cut"))
        return "passed"


async def _message(reader: asyncio.StreamReader) -> bytes:
    """One whole request or answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next(int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:"))
    return head + await reader.readexactly(length)


def _reset(writer: asyncio.StreamWriter) -> bool:
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
    writer.transport.abort()
    return False
