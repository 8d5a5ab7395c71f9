"""A tablet on the counter: a real Chromium on a profile of its own, that may be killed or frozen at any moment."""

import fcntl
import itertools
import json
import os
import queue
import signal
import threading
from pathlib import Path
from typing import Any

from tests.browser import chromium
from tests.browser.conftest import FLAGS as BROWSER_FLAGS

# No camera: it would only take the processor from the stamps.
FLAGS = [
    *(flag for flag in BROWSER_FLAGS if "media-stream" not in flag),
    "--headless",
    "--disable-breakpad",
    "--remote-debugging-pipe",
]
# Where Chromium reads what it is asked and writes what it answers, each message ended by a zero byte.
ASKS, ANSWERS = 3, 4
LONGEST_ANSWER_SECONDS = 60


class Tablet:
    """One browser window after another on the same profile. noted: what their pages said with note(text), in order."""

    def __init__(self, profile: Path) -> None:
        self.profile = profile
        self.noted: list[str] = []
        self._process: int | None = None

    def start(self, *scripts: str) -> None:
        """Open a browser with an empty window; its pages will run these scripts before their own."""
        here, its_answers = _pipe()
        its_asks, self._asks = _pipe()
        path = chromium.find()
        assert path
        self._process = os.posix_spawn(
            path, [path, *FLAGS, f"--user-data-dir={self.profile}", "about:blank"], os.environ, setpgroup=0,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, its_asks, ASKS),
                (os.POSIX_SPAWN_DUP2, its_answers, ANSWERS),
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ],
        )  # fmt: skip
        os.close(its_asks)
        os.close(its_answers)
        self._numbers, self._session = itertools.count(1), {}
        self._heard: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._listen, args=(here,))
        self._reader.start()
        page = next(one for one in self.ask("Target.getTargets")["targetInfos"] if one["type"] == "page")
        attached = self.ask("Target.attachToTarget", targetId=page["targetId"], flatten=True)
        self._session = {"sessionId": attached["sessionId"]}
        for name in ("Page.enable", "Runtime.enable"):
            self.ask(name)
        self.ask("Runtime.addBinding", name="note")
        for script in scripts:
            self.ask("Page.addScriptToEvaluateOnNewDocument", source=script)

    def show(self, url: str) -> None:
        """Open a page."""
        failed = self.ask("Page.navigate", url=url).get("errorText")
        assert not failed, f"{url}: {failed}"

    def run(self, expression: str, *, awaits: bool = True) -> Any:
        """What JavaScript in the page comes to; not waited for when that is not asked."""
        done = self.ask("Runtime.evaluate", expression=expression, awaitPromise=awaits, returnByValue=awaits)
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    def ask(self, method: str, **values: Any) -> dict[str, Any]:
        """One command of the DevTools protocol and its answer."""
        number = next(self._numbers)
        message = json.dumps({"id": number, "method": method, "params": values} | self._session)
        os.write(self._asks, message.encode() + b"\0")
        while True:
            heard = self._heard.get(timeout=LONGEST_ANSWER_SECONDS)
            assert heard is not None, f"the browser is gone, asked {method}"
            if heard["id"] == number:
                assert "error" not in heard, (method, heard["error"])
                return dict(heard["result"])

    def freeze(self) -> None:
        """Stop all of its processes where they are."""
        if self._process is not None:
            os.killpg(self._process, signal.SIGSTOP)

    def kill(self) -> None:
        """kill -9 of all its processes at once; what the page had noted by then is still heard."""
        if self._process is not None:
            os.killpg(self._process, signal.SIGKILL)
            self._let_go()

    def close(self) -> None:
        """Close the browser as people do."""
        self.ask("Browser.close")
        self._let_go()

    def _let_go(self) -> None:
        os.waitpid(self._process, 0)
        self._process = None
        os.close(self._asks)
        self._reader.join()

    def _listen(self, pipe: int) -> None:
        rest = b""
        while heard := os.read(pipe, 65536):
            *messages, rest = (rest + heard).split(b"\0")
            for message in map(json.loads, messages):
                if "id" in message:
                    self._heard.put(message)
                elif message["method"] == "Runtime.bindingCalled":
                    self.noted.append(message["params"]["payload"])
        os.close(pipe)
        self._heard.put(None)


def _pipe() -> tuple[int, int]:
    """A pipe whose ends are none of the numbers that Chromium wants them to have."""
    ends = os.pipe()
    high = tuple(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends)
    for end in ends:
        os.close(end)
    return high[0], high[1]
