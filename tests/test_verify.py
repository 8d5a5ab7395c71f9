"""Checking every card against the ledger, and letting run out what is due."""

import pytest
from sqlalchemy import text

from api import db
from api.actions import housekeeping
from api.ids import id_text, now_ms
from rules.programme import Tier

DAY = 86_400_000


@pytest.fixture
def run(app):
    """Run one of the service's commands; its result, with what it printed."""
    return lambda *words: app.test_cli_runner().invoke(args=list(words))


def set_on_card(card, **values):
    """Spoil a card's cached figures behind the service's back."""
    columns = ", ".join(f"{name} = {value}" for name, value in values.items())
    sql = f"UPDATE cards SET {columns} WHERE business_id = :business AND id = :card"
    db.write(lambda connection: connection.execute(text(sql), {"business": card.business.id, "card": card.id}).close())


def test_when_every_card_is_right_it_says_how_many(run, till, make_card, stranger):
    card, theirs = make_card(stamps=12, rewards=1), stranger.till()
    stamp = till.stamp(card)
    till.send(stamp, till.redeem(card), till.void(stamp))
    theirs.send(theirs.stamp(stranger.card()))

    result = run("verify")

    assert result.exit_code == 0
    assert result.output.startswith("2 cards checked")


@pytest.mark.parametrize(
    "wrong",
    [
        {"total": 9},
        {"earned": 3},
        {"rewards": -1},
        {"round_start": 2},
        {"round_need": 8},
        {"anchor": 1},
        {"last_stamp_at": 5},
        {"last_event_id": "NULL"},
        {"unit": 500},
        {"tiers": "'[[1,0,5,0,0]]'"},
    ],
    ids=str,
)
def test_a_card_that_is_not_what_its_events_add_up_to_is_named(run, till, make_card, wrong):
    make_card(stamps=4)
    card = make_card(stamps=2)
    till.send(till.stamp(card))
    set_on_card(card, **wrong)

    result = run("verify")

    assert result.exit_code == 1
    assert id_text(card.id) in result.output


def test_tiers_and_money_are_recomputed_too(run, make_business):
    coffee = Tier(1, 2, "a free coffee")
    tiers, spend = (
        make_business("Tiers", tiers=(coffee,)),
        make_business("Spend", stamp_for="spend", spend_per_stamp=500),
    )
    card, paying = tiers.card(stamps=3), spend.card()
    till, other = tiers.till(), spend.till()
    till.send(till.redeem(card, tier=1))
    other.send(other.stamp(paying, amount=1299))
    assert run("verify").exit_code == 0

    set_on_card(card, tiers="'[[1,0,2,1,-1]]'")

    assert run("verify").exit_code == 1


def test_what_a_campaign_has_spent_is_reckoned_again_from_its_lines_in_the_ledger(run, make_business):
    business = make_business(unit_cost=250)
    every_day = {"kind": "hours", "weekdays": [1, 2, 3, 4, 5, 6, 7], "stamps": 2, "hold_out": 0}
    started = business.owner.post("/campaigns", every_day | {"name": "Quiet Tuesday"}).json
    card, till = business.card(), business.till()
    kept, undone = till.stamp(card), till.stamp(card)
    till.send(kept, undone, till.void(undone))
    right = run("verify")

    for wrong in ("spent = spent + 1", "gifts = gifts + 1"):
        db.write(lambda c, wrong=wrong: c.execute(text(f"UPDATE campaigns SET {wrong}")).close())
        result = run("verify")
        assert result.exit_code == 1
        assert f"campaign {started['id']} (Quiet Tuesday)" in result.output
        db.write(lambda c, wrong=wrong: c.execute(text(f"UPDATE campaigns SET {wrong.replace('+', '-')}")).close())

    assert right.exit_code == 0
    assert "1 campaigns checked" in right.output
    assert run("verify").exit_code == 0


def test_more_cards_than_a_page_are_all_checked(app, business):
    rows = [
        "INSERT INTO cards (id, code_hash, short_hash, business_id, programme_id, key_hash, first_version, version, "
        f"round_need, total, created_at, touched_at) SELECT {_blob(n)}, {_blob(n)}, {_blob(n)}, "
        f"business_id, programme_id, key_hash, 1, 1, 10, {1 if n == 1100 else 0}, 0, 0 FROM cards LIMIT 1"
        for n in range(1, 1101)
    ]
    business.card()
    db.write(lambda connection: [connection.execute(text(row)).close() for row in rows] and None)

    with db.reading() as connection:
        checked, wrong = housekeeping.verify(connection)

    assert wrong is not None
    assert (checked, wrong.card_id) == (1100, (1100).to_bytes(16, "big"))


def _blob(number):
    digits = number.to_bytes(16, "big").hex()
    return f"x'{digits}'" if db.database().engine.dialect.name == "sqlite" else f"'\\x{digits}'"


def test_what_is_due_runs_out_once_and_stands_in_the_history(app, run, make_business):
    business = make_business(stamps_needed=5, stamps_expire_days=30, rewards_expire_days=60)
    card, till = business.card(), business.till()
    till.send(till.stamp(card, quantity=7))
    stamped_at = now_ms()

    assert housekeeping.expire_due(now=stamped_at + 29 * DAY) == 0
    assert housekeeping.expire_due(now=stamped_at + 31 * DAY) == 1
    assert (card.face["stamps"], card.face["rewards_ready"]) == (0, 1)
    assert housekeeping.expire_due(now=stamped_at + 61 * DAY) == 1
    assert card.face["rewards_ready"] == 0
    assert housekeeping.expire_due(now=stamped_at + 400 * DAY) == 0

    lines = business.owner.get(f"/cards/{card.code}/events").json["items"]
    assert [line["why"]["code"] for line in lines[:2]] == ["expired_rewards", "expired_stamps"]
    assert run("verify").exit_code == 0


def test_a_visit_renews_everything_a_customer_holds(app, make_business):
    business = make_business(stamps_needed=5, stamps_expire_days=30)
    card, till = business.card(), business.till()
    till.send(till.stamp(card, happened_at="2026-01-01T12:00:00Z", already_happened=True))
    till.send(till.stamp(card))

    assert housekeeping.expire_due(now=now_ms() + 29 * DAY) == 0
    assert card.face["stamps"] == 2


def test_nothing_runs_out_where_the_owner_did_not_say_so(run, till, make_card):
    till.send(till.stamp(make_card()))

    result = run("expire")

    assert (result.exit_code, result.output) == (0, "0 cards changed.\n")


def test_undoing_a_stamp_whose_promise_has_run_out_is_shown_to_the_owner(app, make_business):
    business = make_business(stamps_needed=5, stamps_expire_days=30)
    card, till = business.card(), business.till()
    stamp = till.stamp(card, quantity=3)
    till.send(stamp)
    housekeeping.expire_due(now=now_ms() + 31 * DAY)

    result = till.send(till.void(stamp))[0]

    assert (result["status"], result["reason"]) == ("flagged", "overdrawn")
    assert result["card"]["stamps_owed"] == 3
