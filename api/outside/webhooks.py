"""Sending webhooks: signed messages (Standard Webhooks), to public addresses only, one at a time to each."""

import base64
import hmac
import http.client
import ipaddress
import random
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from api import db
from api.actions import webhooks as actions
from api.actions.webhooks import Taken, Tried
from api.ids import id_text, now_ms
from api.keys import Keys
from api.settings import Settings
from api.store import webhooks as store
from api.store.webhooks import NoticeRow

# How many addresses are served at once; one that answers slowly holds up a quarter.
SENDERS = 4
LOOK_EVERY_SECONDS = 1.0
# For each step of talking to the other side, and for all of them together.
STEP_SECONDS, ALL_SECONDS = 5.0, 10.0
# A batch that takes longer is broken off, well before somebody else may take its webhook over.
BATCH_SECONDS = 60.0
# Addresses of the IPv6 world that lead into the IPv4 one, private parts included.
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NotPublic(OSError):
    """The address is inside somebody's own network."""


class Sender:
    """Threads that send what is due, in a process that serves.

    compose: makes the body of a message from the business, the event's id (None: a test), the moment of the notice,
    the keys and the settings.
    """

    def __init__(self, app: Flask, compose: Callable[[int, bytes | None, int, Keys, Settings], bytes]) -> None:
        self._app = app
        self._compose = compose
        self._settings: Settings = app.extensions["tenth.settings"]
        self._keys: Keys = app.extensions["tenth.keys"]
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to send."""
        for number in range(SENDERS):
            thread = threading.Thread(target=self._work, name=f"webhooks-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        """Finish the message under way and stop."""
        self._ending.set()
        for thread in self._threads:
            thread.join(ALL_SECONDS)

    def send_due(self) -> bool:
        """Serve one webhook that something is due for. False when there is none."""
        with db.reading() as connection:
            found = store.next_due(connection, now_ms())
        if found is None:
            return False
        taken = db.write(lambda connection: actions.take(connection, *found, now=now_ms()))
        if taken is not None:
            tries = self._send_all(taken)
            jitter = random.uniform(0.8, 1.2)  # noqa: S311
            db.write(lambda connection: actions.settle(connection, taken, tries, now=now_ms(), jitter=jitter))
        return True

    def _work(self) -> None:
        with self._app.app_context():
            while not self._ending.is_set():
                try:
                    busy = self.send_due()
                except Exception:
                    # A database that is away, or a fault of ours: neither may end the sending for good.
                    self._app.logger.exception("webhooks")
                    busy = False
                if not busy:
                    self._ending.wait(LOOK_EVERY_SECONDS)

    def _send_all(self, taken: Taken) -> list[Tried]:
        """Send one after the other, until one fails or time is up."""
        tries: list[Tried] = []
        until = time.monotonic() + BATCH_SECONDS
        row = taken.webhook
        secret = self._keys.webhook_secret(taken.business_id, row.id, row.secret_number)
        for notice in taken.notices:
            status, error = self._send(taken.business_id, row.url, notice, secret)
            tries.append(Tried(notice.event_id, notice.tries + 1, status, error))
            if not tries[-1].arrived or self._ending.is_set() or time.monotonic() > until:
                break
        return tries

    def _send(self, business_id: int, url: str, notice: NoticeRow, secret: bytes) -> tuple[int | None, str | None]:
        event_id = notice.event_id if notice.kind else None
        try:
            body = self._compose(business_id, event_id, notice.created_at, self._keys, self._settings)
        except Exception:  # a fault of ours with this one message may not hold up all that wait behind it
            self._app.logger.exception("no message for event %s", id_text(notice.event_id))
            return None, "internal"
        headers = signed(secret, id_text(notice.event_id), body, now=now_ms())
        return post(url, body, headers, to_private=self._settings.webhooks_to_private)


def secret_text(secret: bytes) -> str:
    """A signing secret as the other side is given it."""
    return "whsec_" + base64.b64encode(secret).decode()


def signed(secret: bytes, message_id: str, body: bytes, *, now: int) -> dict[str, str]:
    """The headers of a message: who it is from can be checked, and that it is neither changed nor old."""
    at = str(now // 1000)
    signature = hmac.digest(secret, f"{message_id}.{at}.".encode() + body, "sha256")
    return {
        "Content-Type": "application/json",
        "User-Agent": "Tenth",
        "webhook-id": message_id,
        "webhook-timestamp": at,
        "webhook-signature": "v1," + base64.b64encode(signature).decode(),
    }


def post(url: str, body: bytes, headers: dict[str, str], *, to_private: bool) -> tuple[int | None, str | None]:
    """Send one message; the status that came back, or what went wrong. Redirects are not followed."""
    connection: http.client.HTTPConnection | None = None
    out_of_time = threading.Event()

    def cut() -> None:
        out_of_time.set()  # first, for a cut answer can look like a short one
        _cut(connection)

    timer = threading.Timer(ALL_SECONDS, cut)
    timer.daemon = True
    try:
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        kind = _CheckedHttps if secure else _Checked
        connection = kind(parts.hostname or "", parts.port or (443 if secure else 80), timeout=STEP_SECONDS)
        connection.addresses = checked(_addresses(connection.host, connection.port), to_private=to_private)
        timer.start()
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, headers)
        status = connection.getresponse().status
        return (None, "no_answer") if out_of_time.is_set() else (status, None)
    except NotPublic:
        return None, "not_public"
    except socket.gaierror:
        return None, "unknown_host"
    except TimeoutError:
        return None, "no_answer"
    except ssl.SSLCertVerificationError:
        return None, "bad_certificate"
    except (OSError, ValueError, http.client.HTTPException):
        return None, "unreachable"
    finally:
        timer.cancel()
        if connection is not None:
            connection.close()


class _Checked(http.client.HTTPConnection):
    """Connects to the addresses that were checked, whatever the name may lead to by now."""

    addresses: list[str]

    def connect(self) -> None:
        for left, address in enumerate(self.addresses, start=1 - len(self.addresses)):
            try:
                self.sock = socket.create_connection((address, self.port), self.timeout)
                return
            except OSError:
                if left == 0:
                    raise


class _CheckedHttps(_Checked):
    """The same over TLS, with the certificate checked against the name."""

    default_port = 443

    def connect(self) -> None:
        super().connect()
        self.sock = _tls().wrap_socket(self.sock, server_hostname=self.host)


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _addresses(host: str, port: int) -> list[str]:
    """Where a name leads."""
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def checked(addresses: list[str], *, to_private: bool) -> list[str]:
    """The addresses, if one may send there. Raises NotPublic when even one of them is not for everybody."""
    if not to_private and not all(is_public(address) for address in addresses):
        raise NotPublic(", ".join(addresses))
    return addresses


def is_public(address: str) -> bool:
    """Is this address reachable by everybody, rather than a part of some network's inside?"""
    ip: Any = ipaddress.ip_address(address.partition("%")[0])
    if ip.version == 6:
        ip = ip.ipv4_mapped or ip
    if ip.version == 6 and (ip.sixtofour or ip.teredo or ip in NAT64):
        return False
    return bool(ip.is_global) and not ip.is_multicast


def _cut(connection: http.client.HTTPConnection | None) -> None:
    """End a conversation that goes on for ever; whoever waits for it is told at once."""
    sock = connection.sock if connection is not None else None
    if sock is not None:
        with suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)
