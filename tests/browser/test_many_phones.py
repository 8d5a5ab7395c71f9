"""A shop full of phones: connections that are only kept open, and streams, leave the tills their service."""

import socket
import urllib.request
from urllib.parse import urlsplit

from tests.browser.conftest import Service


def test_a_hundred_open_connections_do_not_shut_the_tills_out(service: Service) -> None:
    port = urlsplit(service.url).port or 0
    phones = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
    try:
        with urllib.request.urlopen(f"{service.url}/healthz", timeout=20) as answer:
            assert answer.status == 200
    finally:
        for phone in phones:
            phone.close()
