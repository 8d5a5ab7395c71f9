"""The laws of the ledger, each by itself: append-only, once for ever, any order, one exact void, nothing crosses."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api import db
from api.actions import cards, events, housekeeping, programmes, standing
from api.actions.claims import Claim
from api.ids import id_text, new_id
from api.store import ledger
from rules.programme import Terms
from tests.model import Promise
from tests.world import KEYS, START, make_shop, make_till, open_database

ANY_TIME = settings(
    deadline=None, database=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def opened(database, tmp_path):
    """The database alone, with no service around it."""
    opened = open_database(database, str(tmp_path))
    yield opened
    opened.close()


@pytest.mark.parametrize("change", ["UPDATE events SET stamps = 9", "DELETE FROM events"])
def test_the_database_itself_refuses_to_change_the_ledger(app, till, make_card, change):
    card = make_card()
    till.send(till.stamp(card))

    with pytest.raises(DBAPIError, match="append-only"), db.database().engine.connect() as connection:
        connection.execute(text(change))

    assert card.face["stamps"] == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_ledger_cannot_be_emptied_at_once_either(app, till, make_card):
    till.send(till.stamp(make_card()))

    with pytest.raises(DBAPIError, match="append-only"), db.database().engine.connect() as connection:
        connection.execute(text("TRUNCATE events CASCADE"))


@pytest.mark.parametrize("kind", ["stamp", "redeem", "void"])
def test_the_same_claim_has_the_same_answer_for_ever_and_no_further_effect(till, make_card, kind):
    card = make_card(stamps=3, rewards=1)
    earlier = till.stamp(card)
    till.send(earlier)
    claim = till.void(earlier) if kind == "void" else till.claim(kind, card)

    first, again = till.send(claim, claim)
    later = till.send(till.stamp(card), claim)[1]

    assert (first["status"], again["status"], later["status"]) == ("applied", "duplicate", "duplicate")
    assert again["first"] == "applied"
    assert again["card"] == first["card"]


def test_a_question_asked_and_told_again_as_a_fact_counts_once(till, make_card):
    stamp = till.stamp(make_card())

    results = till.send(stamp, stamp | {"already_happened": True})

    assert [result["status"] for result in results] == ["applied", "duplicate"]


def test_what_was_refused_stays_refused_until_it_turns_out_to_have_happened(till, make_card):
    redeem = till.redeem(make_card(stamps=4))
    till.send(redeem)
    till.send(till.stamp(redeem["card"], quantity=6))

    asked, told, repeated = till.send(redeem, redeem | {"already_happened": True}, redeem)

    assert [asked["status"], told["status"], repeated["status"]] == ["refused", "applied", "duplicate"]


@pytest.mark.parametrize("other", [{"quantity": 2}, {"reason": "a friend"}, {"order_ref": "A1"}, {"kind": "redeem"}])
@pytest.mark.parametrize("status", ["applied", "refused", "kept"])
def test_another_claim_under_a_used_id_has_no_effect(make_business, other, status):
    business = make_business(max_per_visit=5)
    till, card = business.till(), business.card()
    claim = till.stamp(card, quantity=6 if status == "refused" else 1)
    if status == "kept":
        claim |= {"card": business.keys.card_code(business.id, new_id(), 0), "already_happened": True}
    first = till.send(claim)[0]
    before = card.face

    second = till.send(claim | {"card": card.code} | other)[0]

    assert first["status"] == status
    assert (second["status"], second["reason"]) == ("kept", "id_reuse")
    assert card.face == before
    assert till.send(claim)[0]["status"] == ("duplicate" if status == "applied" else status)


def test_what_nobody_could_read_may_be_said_again_rightly(till, make_card):
    stamp = till.stamp(make_card())

    unreadable, right = till.send(stamp | {"quantity": "two"}, stamp)

    assert (unreadable["reason"], right["status"]) == ("bad_event", "applied")


def test_a_void_undoes_exactly_what_its_event_did_and_once(till, make_card):
    card = make_card()
    three = till.stamp(card, quantity=3)
    till.send(three, till.stamp(card))

    first, second = till.send(till.void(three), till.void(three))

    assert (first["status"], second["status"], second["reason"]) == ("applied", "refused", "already_voided")
    assert card.face["stamps"] == 1


def test_a_void_that_arrives_first_waits_for_its_event(till, make_card):
    card = make_card(stamps=2)
    stamp = till.stamp(card)

    early = till.send(till.void(stamp))[0]
    till.send(stamp)

    assert (early["status"], early["reason"]) == ("kept", "unknown_ref")
    assert card.face["stamps"] == 2


def test_a_void_that_may_not_does_not_stand_in_the_way_of_one_that_may(business, make_card):
    card, mine, theirs = make_card(), business.till("Till 1"), business.till("Till 2")
    stamp = mine.stamp(card)

    theirs.send(theirs.void(stamp))
    mine.send(mine.void(stamp))
    mine.send(stamp)

    assert card.face["stamps"] == 0


def test_an_early_void_does_not_reach_over_to_another_card(till, make_card):
    card, other = make_card(), make_card()
    stamp = till.stamp(card)

    till.send(till.void(stamp) | {"card": other.code})
    till.send(stamp)

    assert card.face["stamps"] == 1


def test_an_undone_receipt_counts_again(till, make_card):
    card = make_card()
    stamp = till.stamp(card, order_ref="A-17")
    till.send(stamp)

    taken, _, free = till.send(till.stamp(card, order_ref="A-17"), till.void(stamp), till.stamp(card, order_ref="A-17"))

    assert (taken["reason"], taken["why"]["order_ref"]) == ("receipt_used", "A-17")
    assert free["status"] == "applied"


def test_a_receipt_is_one_business_s_own(till, make_card, stranger):
    till.send(till.stamp(make_card(), order_ref="A-17"))
    theirs = stranger.till()

    assert theirs.send(theirs.stamp(stranger.card(), order_ref="A-17"))[0]["status"] == "applied"


def test_nothing_crosses_from_one_business_to_another(till, make_card, stranger):
    card, theirs = make_card(stamps=2), stranger.till()
    stamp = till.stamp(card)
    till.send(stamp)

    results = theirs.send(
        theirs.stamp(card, already_happened=True),
        theirs.void(stamp),
        theirs.void(stamp) | {"card": stranger.card().code},
    )

    assert [result["reason"] for result in results] == ["unknown_card", "unknown_card", "unknown_ref"]
    assert [result["card"] for result in results[:2]] == [None, None]
    assert card.face["stamps"] == 3


def test_one_id_may_be_in_two_businesses_ledgers(till, make_card, stranger):
    card, their_card, theirs = make_card(), stranger.card(), stranger.till()
    stamp = till.stamp(card)

    till.send(stamp)
    result = theirs.send(theirs.stamp(their_card, id=stamp["id"]))[0]

    assert result["status"] == "applied"
    assert (card.face["stamps"], their_card.face["stamps"]) == (1, 1)


def test_events_of_a_revoked_till_are_kept_for_the_owner(app, business, till, make_card):
    card = make_card()
    known, late = till.stamp(card), till.stamp(card)
    till.send(known)
    assert business.owner.post(f"/tills/{id_text(till.id)}/revocations").status_code == 201

    again, kept = till.send(known, late)

    assert again["status"] == "duplicate"
    assert (kept["status"], kept["reason"]) == ("kept", "revoked_till")
    assert card.face["stamps"] == 1


def test_a_fact_is_never_refused(make_business):
    business = make_business(max_per_visit=2, cooldown_seconds=600, daily_limit=3, stamps_needed=5)
    till, card = business.till(), business.card()
    facts = [till.stamp(card, quantity=q, already_happened=True) for q in (1, 1, 3, 2)]
    facts.append(till.redeem(card, quantity=3, already_happened=True))

    results = till.send(*facts)

    assert [result["status"] for result in results] == ["applied", "flagged", "flagged", "flagged", "flagged"]
    assert [result["reason"] for result in results[1:]] == ["too_soon", "visit_limit", "too_soon", "overdrawn"]
    assert (card.face["stamps"], card.face["rewards_owed"]) == (2, 2)


@pytest.mark.parametrize(
    "content", [{"order_ref": "A\x0017"}, {"reason": "\x00"}, {"order_ref": "ż" * 100}, {"note": 1}]
)
def test_no_content_of_one_event_spoils_the_batch(till, make_card, content):
    card = make_card()

    odd, even = till.send(till.stamp(card, already_happened=True) | content, till.stamp(card))

    assert odd["status"] in ("applied", "kept")
    assert even["status"] == "applied"


# Any order.


@dataclass(frozen=True)
class Said:
    """One thing a till says, by number: which card, what, and which earlier one it undoes."""

    number: int
    kind: str
    card: int
    quantity: int
    till: int
    undoes: int | None = None


@st.composite
def days(draw):
    """What is said between one change of the programme and the next: facts, each by one of two tills."""
    parts, said = [], []
    for _ in range(draw(st.integers(1, 3))):
        part = []
        for _ in range(draw(st.integers(1, 6))):
            kind = draw(st.sampled_from(["stamp", "stamp", "redeem", "void"]))
            old = [s for s in said if s.kind != "void"]
            undone = draw(st.sampled_from(old)) if kind == "void" and old else None
            till = draw(st.integers(0, 1))
            card = undone.card if undone else draw(st.integers(0, 1))
            quantity = draw(st.integers(1, 7))
            new = Said(len(said), "void" if undone else kind.replace("void", "stamp"), card, quantity, till)
            said.append(replace(new, undoes=undone.number if undone else None))
            part.append(said[-1])
        parts.append(part)
    changes = draw(
        st.lists(st.tuples(st.integers(2, 9), st.sampled_from(["better", "finish"])), min_size=2, max_size=2)
    )
    return parts, changes


def _play(opened, parts, changes):
    """Say it all in this order, in these batches, with a change of the programme between parts; what the cards show."""
    shop = make_shop(opened, Promise(needed=5))
    tills = [make_till(opened, shop, name) for name in ("Till 1", "Till 2")]
    start = START
    made = [
        opened.write(
            lambda c: cards.make(c, caller=tills[0], programme_id=shop.programme, version=1, keys=KEYS, now=start)
        )
        for _ in range(2)
    ]
    codes = [KEYS.card_code(shop.id, new.card.row.id, 0) for new in made]

    def act(said):
        id, ref = (None if n is None else (1000 + n).to_bytes(16, "big") for n in (said.number, said.undoes))
        claim = Claim(
            id, said.kind, codes[said.card], said.quantity, start + said.number, True, None, None, ref, None, {}
        )
        return lambda c: events.record(c, claim, caller=tills[said.till], keys=KEYS, now=start + 1000)

    for number, batches in enumerate(parts):
        if number:
            needed, policy = changes[number - 1]
            terms = Terms(stamps_needed=needed, reward="a free sandwich")
            opened.write(
                lambda c, t=terms, p=policy, n=number: programmes.change(
                    c, shop.id, shop.programme, terms=t, policy=p, expected_version=n, author="", note="", now=start
                )
            )
        for batch in batches:
            opened.write_each([act(said) for said in batch])
    with opened.reading() as connection:
        rows = [ledger.card_by_id(connection, shop.id, new.card.row.id) for new in made]
        return [standing.card_state(connection, row).figures for row in rows]


@settings(ANY_TIME, max_examples=25)
@given(story=days(), data=st.data())
def test_the_same_events_in_any_order_with_any_repeats_in_any_batches_give_the_same_cards(opened, story, data):
    parts, changes = story
    straight = _play(opened, [[part] for part in parts], changes)

    tossed = []
    for number, part in enumerate(parts):
        late = [s for earlier in parts[:number] for s in earlier]
        repeats = data.draw(st.lists(st.sampled_from(late + part), max_size=4))
        order = data.draw(st.permutations(part + repeats))
        cut = data.draw(st.integers(0, len(order)))
        tossed.append([order[:cut], order[cut:]])

    assert _play(opened, tossed, changes) == straight
    with opened.reading() as connection:
        assert housekeeping.verify(connection)[1] is None
