"""Many at once: a hundred tills on one reward, twins of one claim, one receipt on many cards, two owners."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from api import db
from api.actions import cards, events, programmes, set_up
from api.actions.callers import Caller
from api.actions.claims import Claim
from api.errors import Problem
from api.ids import new_id, now_ms
from api.store import ledger
from rules.programme import Terms

TERMS = Terms(stamps_needed=8, reward="a free sandwich")


def at_once(app, *asks: Callable[[], Any]) -> list[Any]:
    """Ask all of this at the same moment, each in a thread of its own; one that finds the database busy asks again."""
    gate = threading.Barrier(len(asks))
    answers: list[Any] = [None] * len(asks)

    def run(place: int) -> None:
        with app.app_context():
            gate.wait()
            while answers[place] is None:
                try:
                    answers[place] = asks[place]()
                except db.Busy:
                    continue
                except Problem as problem:
                    answers[place] = problem.code

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(asks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def claimed(business, card, kind="stamp", *, till, **values):
    """The action of one question of this till."""
    told = {"id": new_id(), "order_ref": None, "ref": None, "already_happened": False} | values
    claim = Claim(kind=kind, card=card.code, quantity=1, happened_at=now_ms(), staff=None, reason=None, raw={}, **told)
    caller = Caller(business.id, "till", "Till", till.id, "Till", business.shop_id, "Market Street")
    return lambda connection: events.record(connection, claim, caller=caller, keys=business.keys, now=now_ms())


def record(business, card, kind="stamp", *, till, **values):
    """One question of this till, as what it takes to ask it; asking twice asks the same."""
    action = claimed(business, card, kind, till=till, **values)
    return lambda: db.write(action)


def statuses(results):
    return Counter(result.status for result in results)


def test_of_a_hundred_redemptions_at_once_on_one_reward_exactly_one_wins(app, business, make_card):
    card, tills = make_card(stamps=3, rewards=1), [business.till() for _ in range(4)]

    results = at_once(app, *(record(business, card, "redeem", till=tills[n % 4]) for n in range(100)))

    assert statuses(results) == {"applied": 1, "refused": 99}
    assert {result.reason for result in results if result.status == "refused"} == {"already_redeemed"}
    assert (card.face["rewards_ready"], card.face["rewards_owed"], card.face["stamps"]) == (0, 0, 3)


def test_of_a_hundred_twins_of_one_claim_one_counts(app, business, till, make_card):
    card, id = make_card(), new_id()
    twin = record(business, card, till=till, id=id)

    results = at_once(app, *[twin] * 100)

    assert statuses(results) == {"applied": 1, "duplicate": 99}
    assert card.face["stamps"] == 1


def test_one_id_at_once_on_many_cards_counts_on_one(app, business, till, make_card):
    made, id = [make_card() for _ in range(12)], new_id()

    results = at_once(app, *(record(business, card, till=till, id=id) for card in made))

    assert statuses(results) == {"applied": 1, "kept": 11}
    assert sum(card.face["stamps"] for card in made) == 1


def test_one_receipt_at_once_on_many_cards_counts_on_one(app, business, till, make_card):
    made = [make_card() for _ in range(12)]

    results = at_once(app, *(record(business, card, till=till, order_ref="A-17") for card in made))

    assert statuses(results) == {"applied": 1, "refused": 11}
    assert sum(card.face["stamps"] for card in made) == 1


def test_a_stamp_and_its_void_at_once_come_to_nothing_whichever_is_first(app, business, till, make_card):
    made, ids = [make_card() for _ in range(10)], [new_id() for _ in range(10)]
    asks = [record(business, card, till=till, id=id) for card, id in zip(made, ids, strict=True)]
    asks += [record(business, card, "void", till=till, ref=id) for card, id in zip(made, ids, strict=True)]

    at_once(app, *asks)

    assert [card.face["stamps"] for card in made] == [0] * 10


def test_voids_at_once_of_one_event_undo_it_once(app, business, till, make_card):
    card = make_card(stamps=4)
    id = new_id()
    record(business, card, till=till, id=id)()

    results = at_once(app, *(record(business, card, "void", till=till, ref=id) for _ in range(20)))

    assert statuses(results) == {"applied": 1, "refused": 19}
    assert card.face["stamps"] == 4


def test_stamps_at_once_on_one_card_all_count(app, business, till, make_card):
    card = make_card()

    results = at_once(app, *(record(business, card, till=till) for _ in range(64)))

    assert statuses(results) == {"applied": 64}
    assert (card.face["rewards_ready"], card.face["stamps"]) == (6, 4)


def test_of_two_changes_of_a_programme_at_once_one_is_told_that_it_moved(app, business):
    assert sorted(at_once(app, *[_change(business)] * 3), key=str) == [2, "version_moved", "version_moved"]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # on SQLite nobody waits for a row
def test_a_stamp_that_waited_counts_under_the_programme_its_card_has_entered_meanwhile(app, business, till, make_card):
    card, engine = make_card(stamps=1), db.database().engine
    first, second = (claimed(business, card, till=till) for _ in range(2))
    with engine.connect() as quick, engine.connect() as waiting, engine.connect() as watching:
        ledger.versions(waiting, business.id, business.programme_id, 1)  # it has read version 1, and no other
        transaction = quick.connection.driver_connection.transaction
        with transaction():
            cards.new_phone(quick, business_id=business.id, card_id=card.id, keys=business.keys)  # holds the card
            late = threading.Thread(target=lambda: _in_transaction(waiting, second))
            late.start()
            while not watching.execute(text("SELECT 1 FROM pg_locks WHERE NOT granted")).all():
                pass
            at_once(app, _change(business))
            first(quick)
        late.join()

    assert (card.face["stamps"], card.face["needed"]) == (3, 8)


def _in_transaction(connection, action):
    with connection.connection.driver_connection.transaction():
        action(connection)


def _change(business):
    """What it takes to change the programme's first version."""
    return lambda: db.write(
        lambda connection: programmes.change(
            connection, business.id, business.programme_id, terms=TERMS, policy="better",
            expected_version=1, author="Ada", note="", now=now_ms(),
        )
    )  # fmt: skip


def test_of_two_set_ups_with_one_link_at_once_one_is_told_that_it_was_used(app):
    keys = app.extensions["tenth.keys"]
    secret = db.write(lambda connection: set_up.new_link(connection, keys=keys, now=now_ms()))
    wish = set_up.NewBusiness(
        owner="Ada", email="ada@example.com", password_hash="", name="Corner", shop="Market Street", currency="EUR",
        time_zone="Europe/Warsaw", language="en", terms=TERMS, programme="Sandwich card",
    )  # fmt: skip

    def use():
        return db.write(lambda connection: set_up.use_link(connection, secret, wish, keys=keys, now=now_ms()))

    answers = at_once(app, use, use, use)

    assert sorted(isinstance(answer, set_up.Made) for answer in answers) == [False, False, True]
    assert [answer for answer in answers if isinstance(answer, str)] == ["set_up_link_used"] * 2


def test_of_two_replacements_of_one_lost_card_at_once_one_is_told_that_it_was_replaced(app, business, make_card):
    card = make_card(stamps=3)
    with db.reading() as connection:
        row = ledger.card_by_id(connection, business.id, card.id)

    def replace():
        owner = Caller(business.id, "owner", "Ada")
        return db.write(
            lambda connection: cards.replace(
                connection, card=row, caller=owner, reason="lost", keys=business.keys, now=now_ms()
            )
        )

    answers = at_once(app, replace, replace, replace)

    made = [answer for answer in answers if isinstance(answer, cards.NewCard)]
    assert [answer for answer in answers if isinstance(answer, str)] == ["card_replaced"] * 2
    assert [new.card.row.code_number for new in made] == [1]
