"""Trouble while tills send: what they hear while it lasts, and how soon they are served when it is over."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.service import Service
from tests.faults.tills import Answer, Till

# A till asks again sooner than it would in a shop, so that a trial hears more answers.
PAUSE_SECONDS = 0.02
LONGEST_TROUBLE_SECONDS = 30
# The promises are 2 seconds and 5; what is beyond belongs to a machine that runs all the tests at once.
LONGEST_ANSWER_SECONDS = 4
LONGEST_HEALING_SECONDS = 10


@dataclass(frozen=True)
class Heard:
    """What the tills heard. healed_after: seconds from the trouble's end to the first event taken, as it was asked."""

    during: list[Answer | None]
    healed_after: float

    @property
    def busy(self) -> list[Answer]:
        """The answers that say: not now."""
        return [answer for answer in self.during if answer is not None and answer.status == 503]

    @property
    def statuses(self) -> Counter[int]:
        """How often each status was answered; 0 stands for no answer."""
        return Counter(answer.status if answer is not None else 0 for answer in self.during)


def through(
    service: Service, dice: random.Random, *, begin: Callable[[], object], end: Callable[[], object], seconds: float
) -> Heard:
    """Let tills work, begin the trouble, end it after so many seconds, and let them work until they are served."""
    heard: list[tuple[float, float, Answer | None]] = []
    closing = threading.Event()
    threads = [
        threading.Thread(target=_work, args=(till, service.codes, random.Random(dice.random()), heard, closing))
        for till in service.tills
    ]
    for thread in threads:
        thread.start()
    try:
        _wait_until(lambda: any(_taken(answer) for _, _, answer in heard))
        begin()
        began = time.monotonic()
        time.sleep(seconds)
        ended = time.monotonic()
        end()
        _wait_until(lambda: any(_taken(answer) and done > ended for _, done, answer in heard))
        healed = min(done for _, done, answer in heard if _taken(answer) and done > ended)
    finally:
        closing.set()
        for thread in threads:
            thread.join()
        for till in service.tills:
            till.hang_up()
    # What was asked before the end and cut off by it, where the end is a restart, tells nothing of the trouble.
    during = [answer for asked, done, answer in heard if began < asked < ended and (answer or done < ended)]
    return Heard(during, healed - ended)


def hold_to_promise(heard: Heard) -> str:
    """Hold what the tills heard to what they are promised; returns it in a sentence.

    Each request is answered, with 503 and Retry-After where it could not be done, within moments; and when the trouble
    is over the tills are served again by themselves.
    """
    slowest = max((answer.seconds for answer in heard.busy), default=0)
    sentence = f"{dict(heard.statuses)}, slowest 503 in {slowest:.1f} s, healed in {heard.healed_after:.1f} s"
    assert heard.busy, f"the trouble was not felt: {sentence}"
    assert heard.statuses.keys() <= {200, 503}, sentence
    assert all(answer.retry_after for answer in heard.busy), sentence
    assert slowest < LONGEST_ANSWER_SECONDS, sentence
    assert heard.healed_after < LONGEST_HEALING_SECONDS, sentence
    return sentence


def _work(
    till: Till,
    codes: list[str],
    dice: random.Random,
    heard: list[tuple[float, float, Answer | None]],
    closing: threading.Event,
) -> None:
    while not closing.is_set():
        asked = time.monotonic()
        answer = till.send() if len(till.outbox) > 20 else till.visit(codes, dice)
        heard.append((asked, time.monotonic(), answer))
        time.sleep(PAUSE_SECONDS)


def _taken(answer: Answer | None) -> bool:
    return answer is not None and answer.status == 200


def _wait_until(it_is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST_TROUBLE_SECONDS
    while not it_is_so():
        assert time.monotonic() < end, "no till was served"
        time.sleep(0.01)
