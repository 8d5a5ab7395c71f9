"""The owner settles what was set aside: nothing counts twice, nothing is lost, and each decision stays on record."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from test_programmes import COFFEE, change
from test_race import at_once

from api import db
from api.actions import set_aside as actions
from api.actions.callers import Caller
from api.ids import id_text, now_ms, read_id
from api.store import asides, set_aside

NO_CARD = "0" * 17 + "1"


def kept(business, settled="no"):
    return business.owner.get(f"/kept?settled={settled}").json["items"]


def flags(business, settled="no"):
    return business.owner.get(f"/flags?settled={settled}").json["items"]


def owed(business):
    return business.owner.get("/owed").json["items"]


def count(business, item, **body):
    return business.owner.post(f"/kept/{item['id']}/applications", {"content": item["content"]} | body)


def leave_out(business, item, reason="a slip"):
    return business.owner.post(f"/kept/{item['id']}/dismissals", {"content": item["content"], "reason": reason})


def review(business, line, verdict, **body):
    return business.owner.post(f"/flags/{line['id']}/reviews", {"verdict": verdict} | body)


def history(business, card):
    return business.owner.get(f"/cards/{card.code}/events").json["items"]


def today(business):
    answer = business.owner.get("/today").json
    return answer["kept"], answer["flagged"]


@pytest.fixture
def lost(business, till):
    """A stamp for a card nobody knows, as the owner sees it."""
    till.send(till.stamp(NO_CARD, quantity=2, already_happened=True, happened_at="2026-02-03T09:00:00.000Z"))
    return kept(business)[0]


def test_a_kept_stamp_counts_on_the_card_that_was_meant(business, till, make_card, lost):
    card = make_card(stamps=3)

    answer = count(business, lost, card=card.code, note="the scan was bad")

    assert (answer.status_code, answer.json["status"], answer.json["card"]["stamps"]) == (201, "applied", 5)
    line = history(business, card)[0]
    assert (line["id"], line["stamps"], line["happened_at"]) == (lost["id"], 2, "2026-02-03T09:00:00.000Z")
    assert (line["author"], line["reason"], line["till"]) == ("Ada", "Counted by hand: the scan was bad", "Till 1")
    assert kept(business) == []
    (settled,) = kept(business, "yes")
    told = settled["settlement"]
    assert (settled["id"], told["verdict"], told["note"]) == (lost["id"], "applied", "the scan was bad")
    assert (told["author"], told["event"]) == ("Ada", line["id"])


def test_a_till_that_sends_a_counted_claim_again_hears_that_it_counted(business, till, make_card, lost):
    card = make_card()
    count(business, lost, card=card.code)

    (again,) = till.send(lost["claim"])

    assert (again["status"], again["first"]) == ("duplicate", "applied")
    assert card.face["stamps"] == 2
    assert kept(business) == []


def test_a_till_that_sends_a_left_out_claim_again_hears_what_it_heard_before(business, till, lost):
    assert leave_out(business, lost, "nobody knows whose").status_code == 201

    (again,) = till.send(lost["claim"])

    assert (again["status"], again["reason"]) == ("kept", "unknown_card")
    assert kept(business) == []
    (settled,) = kept(business, "yes")
    assert (settled["settlement"]["verdict"], settled["settlement"]["note"]) == ("dismissed", "nobody knows whose")


def test_what_a_revoked_till_sent_counts_on_the_card_it_names(business, till, make_card):
    card = make_card()
    business.owner.post(f"/tills/{id_text(till.id)}/revocations")
    claim = till.stamp(card, already_happened=True)
    till.send(claim)
    (item,) = kept(business)
    assert (item["reason"], item["why"]["code"], item["shop"]) == ("revoked_till", "revoked_till", "Market Street")
    assert item["card"]["code"] == card.code

    count(business, item)

    assert card.face["stamps"] == 1
    assert [result["status"] for result in till.send(claim)] == ["duplicate"]


def test_a_claim_whose_id_is_taken_counts_under_an_id_of_its_own_and_once(business, till, make_card):
    card = make_card()
    first = till.stamp(card, already_happened=True)
    other = first | {"quantity": 3}
    till.send(first, other)
    (item,) = kept(business)

    answer = count(business, item)

    assert (answer.status_code, card.face["stamps"]) == (201, 4)
    assert answer.json["id"] != first["id"]
    assert [result["status"] for result in till.send(first, other)] == ["duplicate", "duplicate"]
    assert (card.face["stamps"], len(history(business, card)), kept(business)) == (4, 2, [])


def test_of_two_claims_under_one_id_the_one_that_is_named_is_settled(business, till):
    one = till.stamp(NO_CARD, already_happened=True)
    two = one | {"quantity": 5}
    till.send(one, two)
    by_quantity = {item["claim"].get("quantity", 1): item for item in kept(business)}

    leave_out(business, by_quantity[5])

    assert [item["content"] for item in kept(business)] == [by_quantity[1]["content"]]


@pytest.mark.parametrize("second", [count, leave_out])
@pytest.mark.parametrize("first", [count, leave_out])
def test_what_is_settled_is_settled(business, till, make_card, first, second):
    card = make_card()
    business.owner.post(f"/tills/{id_text(till.id)}/revocations")
    till.send(till.stamp(card, already_happened=True))
    (item,) = kept(business)
    first(business, item)
    before = card.face["stamps"]

    answer = second(business, item)

    assert (answer.status_code, answer.json["code"]) == (409, "already_settled")
    assert card.face["stamps"] == before
    assert len(kept(business, "yes")) == 1


def test_what_cannot_be_counted_is_refused_and_keeps_waiting(business, till, make_card, stranger, lost):
    till.send(["not an event"], till.void(till.stamp(make_card())))
    unreadable, void = (
        next(item for item in kept(business) if item["reason"] == reason) for reason in ("bad_event", "unknown_ref")
    )

    codes = [
        count(business, lost).json["code"],
        count(business, lost, card=NO_CARD).json["code"],
        count(business, lost, card=stranger.card().code).json["code"],
        count(business, unreadable, card=make_card().code).json["code"],
        count(business, void).json["code"],
        count(stranger, lost).json["code"],
        leave_out(stranger, lost).json["code"],
        count(business, lost | {"content": "0" * 16}).json["code"],
    ]

    assert codes == ["unknown_card"] * 3 + ["unreadable", "unknown_ref", "not_found", "not_found", "not_found"]
    assert len(kept(business)) == 3


def test_a_kept_void_undoes_its_event_once(business, till, make_card):
    card, other = make_card(stamps=2), business.till("Till 2")
    stamp = till.stamp(card, already_happened=True)
    voids = [other.void(stamp, already_happened=True), other.void(stamp, already_happened=True)]
    till.send(stamp)
    other.send(*voids)
    later, sooner = kept(business)

    assert count(business, sooner).status_code == 201
    answer = count(business, later)

    assert (answer.status_code, answer.json["code"]) == (409, "already_voided")
    assert card.face["stamps"] == 2


def test_a_void_that_was_left_out_does_not_undo_its_event_when_that_comes(business, till, make_card):
    card = make_card()
    stamp = till.stamp(card, already_happened=True)
    till.send(till.void(stamp, already_happened=True))
    leave_out(business, kept(business)[0])

    till.send(stamp)

    assert card.face["stamps"] == 1


def test_a_receipt_that_was_counted_elsewhere_stays_with_its_own_stamp(business, till, make_card):
    card = make_card()
    first = till.stamp(card, order_ref="R1", already_happened=True)
    till.send(first, till.stamp(card, order_ref="R1", already_happened=True))
    (item,) = kept(business)
    count(business, item, note="the till printed it twice")

    business.owner.post(f"/cards/{card.code}/voids", {"ref": item["id"], "reason": "no"})

    assert till.send(till.stamp(card, order_ref="R1"))[0]["reason"] == "receipt_used"
    assert card.face["stamps"] == 1


def test_a_receipt_counts_with_the_claim_that_is_counted_by_hand(business, till, make_card):
    card = make_card()
    till.send(till.stamp(NO_CARD, order_ref="R2", already_happened=True))

    count(business, kept(business)[0], card=card.code)

    assert till.send(till.stamp(card, order_ref="R2"))[0]["reason"] == "receipt_used"


def test_a_reward_counted_by_hand_that_was_not_there_is_owed_and_asks_for_no_second_look(business, till, make_card):
    card = make_card()
    business.owner.post(f"/tills/{id_text(till.id)}/revocations")
    till.send(till.redeem(card, already_happened=True))

    answer = count(business, kept(business)[0])

    assert (answer.json["status"], card.face["rewards_owed"]) == ("flagged", 1)
    assert flags(business) == []
    assert [item["card"]["code"] for item in owed(business)] == [card.code]


def test_two_owners_who_count_one_claim_at_once_count_it_once(app, business, make_card, lost):
    one, two = make_card(), make_card()

    def counting(card):
        return lambda: db.write(
            lambda connection: actions.apply(
                connection, id=read_id(lost["id"]), content=bytes.fromhex(lost["content"]), card_id=card.id,
                reason="by hand", note=None, caller=Caller(business.id, "owner", "Ada"), keys=business.keys,
                now=now_ms(),
            )
        )  # fmt: skip

    answers = at_once(app, *[counting(one), counting(two)] * 8)

    assert answers.count("already_settled") == 15
    assert one.face["stamps"] + two.face["stamps"] == 2


def test_a_till_that_sends_while_the_owner_counts_counts_once(app, business, till, make_card):
    card = make_card()
    business.owner.post(f"/tills/{id_text(till.id)}/revocations")
    claims = [till.stamp(card, already_happened=True) for _ in range(12)]
    till.send(*claims)
    items = kept(business)

    def owner_of(item):
        client = business.sign_in()
        path, body = f"/kept/{item['id']}/applications", {"content": item["content"]}
        return lambda: client.post(path, body).status_code

    answers = at_once(
        app, *(owner_of(item) for item in items), *[lambda: {r["status"] for r in till.send(*claims)}] * 4
    )

    assert answers[: len(items)] == [201] * len(items)
    assert set().union(*answers[len(items) :]) <= {"kept", "duplicate"}
    assert {result["status"] for result in till.send(*claims)} == {"duplicate"}
    assert len(history(business, card)) == 12


def test_a_void_is_left_out_or_counted_but_never_both(app, business, till, make_card):
    """Its event comes at the very moment at which the owner leaves it out."""
    cards = [make_card() for _ in range(8)]
    stamps = [till.stamp(card, already_happened=True) for card in cards]
    till.send(*(till.void(stamp, already_happened=True) for stamp in stamps))
    items = {item["claim"]["ref"]: item for item in kept(business)}
    owner = business.sign_in()

    def both(stamp):
        item = items[stamp["id"]]
        path, body = f"/kept/{item['id']}/dismissals", {"content": item["content"], "reason": "a slip"}
        return [lambda: owner_of(path, body), lambda: till.send(stamp)]

    def owner_of(path, body):
        return owner.post(path, body).status_code

    for card, stamp in zip(cards, stamps, strict=True):
        status, _ = at_once(app, *both(stamp))
        assert (status, card.face["stamps"]) in [(201, 1), (409, 0)]


def test_a_flag_that_is_fine_leaves_the_list_and_today_s_count(business, till, make_card, lost):
    card = make_card()
    till.send(till.redeem(card, already_happened=True))
    assert today(business) == (1, 1)
    (line,) = flags(business)

    answer = review(business, line, "fine", note="a regular")
    leave_out(business, lost)

    assert (answer.status_code, answer.json["verdict"], answer.json["event"]) == (201, "fine", None)
    assert (flags(business), today(business)) == ([], (0, 0))
    (settled,) = flags(business, "yes")
    assert (settled["settlement"]["note"], settled["card"]["code"]) == ("a regular", card.code)
    assert card.face["rewards_owed"] == 1
    assert review(business, line, "undone", note="no").json["code"] == "already_settled"


def test_a_flag_is_undone_exactly_and_once(business, till, make_card):
    card = make_card()
    till.send(till.redeem(card, already_happened=True))
    (line,) = flags(business)
    assert review(business, line, "undone").json["pointer"] == "/note"

    answer = review(business, line, "undone", note="pressed by mistake")

    assert (answer.status_code, card.face["rewards_owed"], flags(business)) == (201, 0, [])
    void = history(business, card)[0]
    assert (void["kind"], void["id"], void["reason"]) == ("void", answer.json["event"], "pressed by mistake")
    assert review(business, line, "fine").json["code"] == "already_settled"


def test_a_flag_that_was_undone_on_the_card_s_page_can_still_be_settled(business, till, make_card):
    card = make_card()
    till.send(till.redeem(card, already_happened=True))
    (line,) = flags(business)
    business.owner.post(f"/cards/{card.code}/voids", {"ref": line["id"], "reason": "no"})

    assert review(business, line, "undone", note="no").json["code"] == "already_voided"
    assert review(business, line, "fine").status_code == 201


def test_only_a_flagged_line_of_one_s_own_is_reviewed(business, stranger, till, make_card):
    stamp, redeem = till.stamp(make_card()), till.redeem(make_card(), already_happened=True)
    till.send(stamp, redeem)

    assert review(business, stamp, "fine").status_code == 404
    assert review(stranger, redeem, "fine").status_code == 404
    assert len(flags(business)) == 1


def test_what_a_card_owes_is_seen_until_stamps_settle_it_or_it_is_forgiven(business, till, make_card):
    settles, forgiven = make_card(stamps=9), make_card(stamps=9)
    till.send(*(till.redeem(card, already_happened=True) for card in (settles, forgiven)))
    assert {item["card"]["code"]: item["rewards_owed"] for item in owed(business)} == {
        settles.code: 1,
        forgiven.code: 1,
    }

    till.send(till.stamp(settles))
    answer = business.owner.post(f"/owed/{forgiven.code}/pardons", {"reason": "our mistake"})

    assert (answer.status_code, owed(business)) == (201, [])
    assert (forgiven.face["rewards_owed"], forgiven.face["rewards_ready"], forgiven.face["stamps"]) == (0, 0, 9)
    line = history(business, forgiven)[0]
    assert (line["kind"], line["rewards"], line["reason"]) == ("adjust", 1, "our mistake")


def test_owed_stamps_are_forgiven_too(business, till, make_card):
    card = make_card()
    stamp = till.stamp(card, quantity=3)
    till.send(stamp)
    business.owner.post(f"/cards/{card.code}/adjustments", {"stamps": -2, "reason": "no"})
    till.send(till.void(stamp, already_happened=True))
    assert [item["stamps_owed"] for item in owed(business)] == [2]

    business.owner.post(f"/owed/{card.code}/pardons", {"reason": "our mistake"})

    assert (card.face["stamps"], card.face["stamps_owed"], owed(business)) == (0, 0, [])


def test_a_debt_that_a_change_of_the_programme_has_settled_is_not_listed(business, till, make_card):
    settles, *owing = make_card(stamps=9), make_card(stamps=2), make_card(stamps=1)
    till.send(*(till.redeem(card, already_happened=True) for card in (settles, *owing)))

    change(business, stamps_needed=9)

    listed = [item["card"]["code"] for item in owed(business)]
    assert sorted(listed) == sorted(card.code for card in owing)
    assert business.owner.post(f"/owed/{settles.code}/pardons", {"reason": "no"}).json["code"] == "nothing_owed"
    first = business.owner.get("/owed?limit=1")
    assert [item["card"]["code"] for item in first.json["items"]] == listed[:1], "a page is as long as was asked"
    rest = business.owner.get(first.headers["Link"].partition(">")[0].removeprefix("</api/v1"))
    assert [item["card"]["code"] for item in rest.json["items"]] == listed[1:]
    assert "Link" not in rest.headers


def test_a_smaller_reward_that_is_owed_is_listed_and_forgiven(business, till, make_card):
    change(business, tiers=[COFFEE])
    card = make_card(stamps=2)
    till.send(till.redeem(card, tier=1, already_happened=True))
    assert [(item["card"]["code"], item["rewards_owed"]) for item in owed(business)] == [(card.code, 1)]

    answer = business.owner.post(f"/owed/{card.code}/pardons", {"reason": "our mistake"})

    assert (answer.status_code, card.face["rewards_owed"], owed(business)) == (201, 0, [])


def test_a_debt_forgiven_by_two_at_once_is_forgiven_once(app, business, till, make_card):
    card = make_card()
    till.send(till.redeem(card, already_happened=True))
    clients = [business.sign_in() for _ in range(4)]

    answers = at_once(
        app,
        *(
            lambda client=client: client.post(f"/owed/{card.code}/pardons", {"reason": "our mistake"}).status_code
            for client in clients
        ),
    )

    assert sorted(answers) == [201, 409, 409, 409]
    assert (card.face["rewards_owed"], card.face["rewards_ready"]) == (0, 0)


def test_the_owner_sees_whom_to_call(business, till, make_card):
    card = make_card()
    card.customer.put(f"/cards/{card.code}/customer", {"name": "Kim", "phone": "+48 600 100 200"})
    till.send(till.redeem(card, already_happened=True))

    kim = {"name": "Kim", "phone": "+48 600 100 200", "email": None}
    assert flags(business)[0]["card"]["customer"] == kim
    assert owed(business)[0]["card"]["customer"] == kim


def test_settled_ones_come_page_by_page(business, till):
    claims = [till.stamp(NO_CARD, already_happened=True) for _ in range(3)]
    for claim in claims:
        till.send(claim)
    for item in kept(business):
        leave_out(business, item)

    first = business.owner.get("/kept?settled=yes&limit=2")
    rest = business.owner.get(first.headers["Link"].partition(">")[0].removeprefix("</api/v1"))

    assert [item["id"] for item in first.json["items"] + rest.json["items"]] == [one["id"] for one in claims[::-1]]


@pytest.mark.parametrize("change", ["UPDATE settlements SET verdict = 'applied'", "DELETE FROM settlements"])
def test_the_database_itself_refuses_to_change_a_settlement(business, lost, change):
    leave_out(business, lost)

    with pytest.raises(DatabaseError, match="append-only"):
        db.write(lambda connection: connection.execute(text(change)))

    with db.reading() as connection:
        row = set_aside.settlement(connection, business.id, "kept", read_id(lost["id"]), bytes.fromhex(lost["content"]))
        assert row.verdict == "dismissed"
        assert asides.under(connection, business.id, read_id(lost["id"]))[0].status == "kept"
