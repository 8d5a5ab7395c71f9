"""One of the service's commands in a process of its own, which is killed at its n-th step."""

import multiprocessing
import os
import pkgutil
import signal
from collections.abc import Callable
from contextlib import redirect_stdout
from types import ModuleType
from typing import Any

from api import create_app, routes, settings, upgrades
from api.store import copies, service

# Each process is forked from one that has loaded all this already: a start takes a moment.
_forking = multiprocessing.get_context("forkserver")
_routes = [f"api.routes.{module.name}" for module in pkgutil.iter_modules(routes.__path__)]
_forking.set_forkserver_preload(["alembic.command", "pytest", *_routes, __name__])


def killed_at(n: int, of: settings.Settings, *words: object) -> bool:
    """Run a command of the service with these settings that is killed at its n-th step; was it?"""
    process = _forking.Process(target=_run, args=(n, of, [str(word) for word in words]))
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL), f"it ended with {process.exitcode}"
    return process.exitcode != 0


def _run(n: int, of: settings.Settings, words: list[str]) -> None:
    step = _counting_to(n)
    for name in ("fsync", "link", "rename", "replace", "unlink"):
        _make_deadly(os, name, step)
    for name in ("empty", "damage", "end_reading"):
        _make_deadly(copies, name, step)
    _make_deadly(service, "new_epoch", step)
    _make_deadly(upgrades, "upgrade_within", step)

    app = create_app(of)
    with app.app_context(), open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
        app.cli(args=words, prog_name="flask")


def _counting_to(n: int) -> Callable[[], None]:
    """What is called at each step, and does not come back from the n-th."""
    left = n

    def step() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return step


def _make_deadly(there: ModuleType, name: str, step: Callable[[], None]) -> None:
    real = getattr(there, name)

    def deadly(*words: Any, **more: Any) -> Any:
        if name != "unlink" or os.path.exists(words[0]):
            step()
        return real(*words, **more)

    setattr(there, name, deadly)
