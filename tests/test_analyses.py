"""Long reckonings: one at a time, with how far they are, and none that nobody waits for."""

import threading

import pytest

from api import analyses
from api.analyses import Analyses, Cancelled, Progress


@pytest.fixture
def gate():
    """What a reckoning waits for; opened at the end, so that no thread is left."""
    gate = threading.Event()
    yield gate
    gate.set()


def held(gate, told=(3, 7)):
    """A reckoning that has come so far and waits, and how it went."""
    begun, went = threading.Event(), []

    def work(tell):
        try:
            tell(*told)
            begun.set()
            gate.wait(10)
            tell(*told)
        except Cancelled:
            went.append("cancelled")
            raise
        went.append("done")
        return b"{}"

    return work, begun, went


def wait_for(found):
    for _ in range(500):
        if found():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not come to that")


def test_a_quick_answer_comes_at_once():
    assert Analyses().ask((1, "what"), lambda tell: b"42", patience=5) == b"42"


def test_a_slow_one_says_how_far_it_is_and_is_not_begun_again(gate):
    asked, (work, begun, _) = Analyses(), held(gate)
    asked.ask((1, "what"), work, patience=0)
    begun.wait(5)

    assert asked.ask((1, "what"), pytest.fail, patience=0) == Progress(3, 7)
    gate.set()
    assert asked.ask((1, "what"), pytest.fail, patience=5) == b"{}"


def test_one_waits_for_the_other(gate):
    asked, (work, begun, _) = Analyses(), held(gate)
    asked.ask((1, "what"), work, patience=0)
    begun.wait(5)

    assert asked.ask((2, "else"), lambda tell: b"else", patience=0.05) == Progress(None, None)
    gate.set()
    assert asked.ask((2, "else"), pytest.fail, patience=5) == b"else"


def test_what_nobody_wants_any_more_ends(gate):
    asked, (work, begun, went) = Analyses(), held(gate)
    asked.ask((1, "what", 8), work, patience=0)
    asked.ask((2, "what", 8), lambda tell: b"theirs", patience=0)
    begun.wait(5)

    asked.cancel(1)
    gate.set()

    wait_for(lambda: went == ["cancelled"])
    assert asked.ask((2, "what", 8), pytest.fail, patience=5) == b"theirs"
    assert asked.ask((1, "what", 8), lambda tell: b"anew", patience=5) == b"anew"


def test_who_stops_asking_is_forgotten(gate, monkeypatch):
    monkeypatch.setattr(analyses, "FORGOTTEN_SECONDS", 0.05)
    asked, (work, begun, went) = Analyses(), held(gate)
    asked.ask((1, "what"), work, patience=0)
    begun.wait(5)

    threading.Event().wait(0.1)
    gate.set()

    wait_for(lambda: went == ["cancelled"])
    assert asked.ask((1, "what"), lambda tell: b"anew", patience=5) == b"anew"


def test_an_answer_is_kept_for_a_moment_only(monkeypatch):
    asked = Analyses()
    asked.ask((1, "what"), lambda tell: b"old", patience=5)
    assert asked.ask((1, "what"), lambda tell: b"new", patience=5) == b"old"

    monkeypatch.setattr(analyses, "KEPT_SECONDS", -1)

    assert asked.ask((1, "what"), lambda tell: b"new", patience=5) == b"new"


def test_what_went_wrong_is_told_and_may_be_tried_again(caplog):
    asked = Analyses()

    with pytest.raises(ZeroDivisionError):
        asked.ask((1, "what"), lambda tell: 1 / 0, patience=5)

    assert asked.ask((1, "what"), lambda tell: b"42", patience=5) == b"42"
    assert "an analysis failed" in caplog.text
