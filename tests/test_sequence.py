"""A till numbers what it sees; what it has numbered and never sent is noticed, shown to the owner, and closed."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import db
from api.ids import id_text
from rules.sequence import forgotten, missing, without

numbers = st.sets(st.integers(1, 60), max_size=30)


def gaps_of(business):
    return [(gap["first"], gap["last"]) for till in business.owner.get("/tills").json["items"] for gap in till["gaps"]]


@pytest.fixture
def send(till, make_card):
    """Send stamps with these numbers: send(3, 4, after=2)."""
    card = make_card()

    def send(*sequence, again=None, **values):
        stamps = again or [till.stamp(card, sequence=number, already_happened=True) for number in sequence]
        results = till.send(*stamps, **values)
        assert {result["status"] for result in results} <= {"applied", "duplicate"}
        return stamps

    return send


def test_numbers_without_a_gap_say_nothing(business, send):
    send(1, after=0)
    send(2, 3, 4, after=1)
    send(5, 8, after=4, withheld=[6, 7])
    send(6, 7, after=8)

    assert gaps_of(business) == []


def test_what_was_numbered_and_never_sent_is_shown_to_the_owner(business, send):
    send(1, after=0)

    send(5, 9, after=1, withheld=[8])

    assert gaps_of(business) == [(2, 4), (6, 7)]


def test_the_same_batch_again_shows_a_gap_once(business, send):
    stamps = send(4, after=1)
    noticed = business.owner.get("/tills").json["items"][0]["gaps"]

    send(again=stamps, after=1)

    assert business.owner.get("/tills").json["items"][0]["gaps"] == noticed
    assert gaps_of(business) == [(2, 3)]


def test_a_gap_closes_when_what_was_missing_comes_after_all(business, send):
    send(6, after=1)

    send(3)
    assert gaps_of(business) == [(2, 2), (4, 5)]

    send(2, 4, 5)
    assert gaps_of(business) == []


def test_a_claim_nobody_can_read_has_come_all_the_same(business, till, send):
    send(1, after=0)

    till.send({"sequence": 2, "kind": "gift"}, after=1)
    send(3, after=2)

    assert gaps_of(business) == []


def test_a_till_that_lost_its_memory_is_noticed(business, send):
    send(*range(1, 8), after=0)

    send(1, after=0)
    send(2, after=1)

    assert gaps_of(business) == [(8, None)]


def test_what_a_till_had_still_saved_shortens_what_it_lost(business, send):
    send(1, 2, after=0)
    send(1, after=0)

    send(3, 5)

    assert gaps_of(business) == [(4, 4), (6, None)]


def test_the_owner_says_that_they_have_seen_it(business, till, send):
    send(4, after=1)

    answer = business.owner.post(f"/tills/{id_text(till.id)}/gaps/2/reviews", {})

    assert (answer.status_code, answer.json["gaps"], gaps_of(business)) == (201, [], [])
    again = business.owner.post(f"/tills/{id_text(till.id)}/gaps/2/reviews", {})
    assert again.json["code"] == "not_found"


@pytest.mark.parametrize("first", ["0", "x", "-1", "9" * 30, "²"])
def test_a_gap_that_is_none_is_not_there(business, till, first):
    answer = business.owner.post(f"/tills/{id_text(till.id)}/gaps/{first}/reviews", {})

    assert answer.json["code"] == "not_found"


def test_a_till_that_begins_anew_can_miss_the_same_numbers_again(business, till, send):
    send(*range(1, 8), after=0)
    send(9, after=7)
    business.owner.post(f"/tills/{id_text(till.id)}/gaps/8/reviews", {})

    send(1, after=0)
    send(9, after=7)

    assert (8, 8) in gaps_of(business)


def test_an_ordinary_stamp_asks_the_database_nothing_about_numbers(till, make_card, monkeypatch):
    card, asked = make_card(), []
    till.send(till.stamp(card, sequence=1), after=0)
    run = db.Statement._run
    monkeypatch.setattr(db.Statement, "_run", lambda self, *of: asked.append(str(self._core)) or run(self, *of))

    till.send(till.stamp(card, sequence=2), after=1)

    assert [sql for sql in asked if "gaps" in sql or "UPDATE tills" in sql] == []


@given(after=st.integers(0, 60), sent=numbers, held=numbers)
def test_missing_is_just_what_is_neither_sent_nor_held(after, sent, held):
    found = missing(after, sent, held)

    listed = [number for first, last in found for number in range(first, last + 1)]
    due = range(after + 1, max(sent, default=0) + 1)
    assert listed == [number for number in due if number not in sent and number not in held]
    assert all(one[1] + 1 < two[0] for one, two in pairwise(found)), "each is as long as it can be"


@given(first=st.integers(1, 40), length=st.integers(0, 20), came=numbers, is_open=st.booleans())
def test_what_is_left_of_a_gap_is_just_what_has_not_come(first, length, came, is_open):
    last = None if is_open else first + length

    left = without((first, last), came)

    far = 70
    listed = [number for one, end in left for number in range(one, (far if end is None else end) + 1)]
    assert listed == [n for n in range(first, (far if is_open else last) + 1) if n not in came]


def test_a_huge_jump_is_one_gap():
    assert missing(0, [2**53]) == [(1, 2**53 - 1)]


@pytest.mark.parametrize(
    ("after", "sent", "held", "known", "lost"),
    [(0, [1], [], 5, [(6, None)]), (5, [6], [], 5, []), (4, [5], [], 5, []), (4, [2], [], 5, []),
     (0, [1], [5], 5, []), (0, [1], [], None, [])],
)  # fmt: skip
def test_a_till_has_forgotten_when_it_has_not_counted_as_far_as_is_known(after, sent, held, known, lost):
    assert forgotten(after, sent, held, known) == lost
