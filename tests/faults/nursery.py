"""A process that has Tenth loaded and brings forth one service or command after another: a start takes a moment.

As `flask run-service` does, it forks what serves with everything loaded. Each child is a process group of its own, and
the nursery is not in it: who kills the one does not touch the other.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from api import create_app, db
from api.settings import read
from api.upgrades import upgrade

ROOT = Path(__file__).resolve().parents[2]


class Nursery:
    """Brings forth services and commands, one at a time. Closed, it is gone."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def serve(self, settings: dict[str, str], options: list[str]) -> "Child":
        """A service with these settings; options: what granian is told. The last child must be gone."""
        return self._bring_forth({"settings": settings, "program": "granian", "words": options, "held": False})

    def run(self, settings: dict[str, str], words: list[str], *, held: bool = False) -> "Child":
        """One of `flask`'s commands; held: it waits for a SIGCONT before it begins. The last child must be gone."""
        words = ["--app", "wsgi", *words]
        return self._bring_forth({"settings": settings, "program": "flask", "words": words, "held": held})

    def hear(self) -> str:
        """The nursery's next word."""
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def close(self) -> None:
        """End it. The last child must be gone."""
        self._process.communicate()

    def _bring_forth(self, asked: dict[str, Any]) -> "Child":
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return Child(self, int(self.hear()))


class Child:
    """A service or command of the nursery. pid: of the process that leads its group."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self.pid, self._nursery = pid, nursery

    def wait(self) -> int:
        """Wait until it is gone; returns its exit code, or minus the signal that ended it."""
        return int(self._nursery.hear())


def _bring_forth_whatever_is_asked_for() -> None:
    programs = _loaded()
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        with suppress(PermissionError):  # both do it, so that it is done whoever comes first
            os.setpgid(child, child)
        if child == 0:
            _become(programs[asked["program"]], asked)
        if asked["held"]:
            os.waitpid(child, os.WUNTRACED)  # a SIGCONT before it has stopped would be lost
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _loaded() -> dict[str, Any]:
    """The programs, once everything they need is in memory and nothing of it runs."""
    from flask.cli import FlaskGroup
    from granian.cli import cli as granian

    with tempfile.TemporaryDirectory() as folder:
        app = create_app(read({"TENTH_DATA": folder}))
        with app.app_context():
            upgrade(db.database().engine)
            app.extensions["tenth.live"].close()
            db.database().close()
    return {"granian": granian, "flask": FlaskGroup()}


def _become(program: Any, asked: dict[str, Any]) -> None:
    os.environ.update(asked["settings"])
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    if asked["held"]:
        os.kill(os.getpid(), signal.SIGSTOP)
    program(args=asked["words"], prog_name=asked["program"])


if __name__ == "__main__":
    _bring_forth_whatever_is_asked_for()
