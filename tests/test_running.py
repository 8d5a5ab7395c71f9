"""`flask run-service` as a shop runs it: it says where it is, serves, and ends in good order when it is told to."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_SECONDS = 60


@pytest.fixture
def service(tmp_path):
    """A service of its own, its output in `service.log`; it is killed if a test leaves it running."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "service.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "run-service"],
            cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            env=os.environ | {"TENTH_DATA": str(tmp_path / "data"), "TENTH_PORT": str(port), "FLASK_SKIP_DOTENV": "1"},
        )  # fmt: skip
    process.url, process.log = f"http://127.0.0.1:{port}", log
    try:
        wait_until_it_answers(process)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until_it_answers(service):
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return urllib.request.urlopen(f"{service.url}/healthz", timeout=5).close()
        except OSError:
            still_coming = service.poll() is None and time.monotonic() < end
            assert still_coming, service.log.read_text()
            time.sleep(0.1)


@pytest.mark.parametrize("whom", ["the first process", "all of them, as Ctrl-C does"])
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_where_it_is_serves_and_ends_without_a_complaint(service, stop, whom):
    said = service.log.read_text()
    links = re.findall(r"^(\w[\w ]*?) +(http\S+)", said, re.MULTILINE)
    page = urllib.request.urlopen(f"{service.url}/kiosk/", timeout=10).read()

    os.killpg(service.pid, stop) if whom.startswith("all") else service.send_signal(stop)

    assert service.wait(timeout=PATIENCE_SECONDS) == 0
    assert [name for name, _ in links] == ["Kiosk", "Console", "Join", "Set up"]
    assert page.startswith(b"<!doctype html>")
    assert service.log.read_text() == said
    with pytest.raises(urllib.error.URLError, match="refused"):
        urllib.request.urlopen(f"{service.url}/healthz", timeout=5)
