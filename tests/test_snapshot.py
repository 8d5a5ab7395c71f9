"""What a till knows of the cards when it is on its own: all of them once, then what has changed; nothing private."""

import base64
import hashlib
import json

import pytest
from routes import TERMS

from api import db
from api.ids import new_id, now_ms
from api.recent import Recent
from api.routes import snapshot as snapshot_routes
from api.routes.snapshot import initials
from rules import codes


def hash_of(code):
    return base64.urlsafe_b64encode(hashlib.sha256(codes.fold(code).encode()).digest()[:12]).decode()


class Tablet:
    """A till's snapshot as the kiosk keeps it."""

    def __init__(self, till):
        self.till, self.cards, self.since, self.answers = till, {}, None, []

    def ask(self):
        """Everything there is until the service says that there is no more; how many cards came."""
        came, more = 0, True
        while more:
            query = "" if self.since is None else f"?since={self.since}"
            answer = self.till.client.get(f"/till/snapshot{query}")
            assert answer.status_code == 200, answer.text
            data = answer.json
            if data["whole"]:
                self.cards.clear()
            for name, *rest, number in data["cards"]:
                self.cards[name] = (*rest, data["programmes"][number])
            self.answers.append(data)
            self.since, more = data["next"], data["more"]
            came += len(data["cards"])
        return came

    def of(self, card):
        return self.cards.get(hash_of(card.code))


@pytest.fixture
def tablet(till):
    return Tablet(till)


@pytest.fixture
def in_pages_of_two(monkeypatch):
    monkeypatch.setattr(snapshot_routes, "PAGE_CARDS", 2)


def test_the_first_snapshot_tells_how_each_card_stands(business, make_card, till, tablet):
    nearly, full, blank = make_card(stamps=9), make_card(stamps=10), make_card()
    nearly.customer.put(f"/cards/{nearly.code}/customer", {"name": "Łucja Maria Nowak"})

    tablet.ask()

    programme = tablet.answers[0]["programmes"][0]
    assert tablet.of(nearly) == (9, 10, 0, "ŁN", programme)
    assert tablet.of(full) == (0, 10, 1, "", programme)
    assert tablet.of(blank) == (0, 10, 0, "", programme)
    assert [answer["whole"] for answer in tablet.answers] == [True]


def test_the_hash_is_16_letters_and_the_code_typed_any_way_leads_to_it(make_card, tablet):
    card = make_card(stamps=2)

    tablet.ask()

    assert {len(name) for name in tablet.cards} == {16}
    assert hash_of(f" {card.code[:6].lower()}-{card.code[6:]} ") in tablet.cards


def test_nothing_private_is_in_it(business, make_card, tablet):
    card = make_card(stamps=9)
    person = {"name": "Kim Petersen", "email": "kim@example.com", "phone": "+48 600 700 800"}
    card.customer.put(f"/cards/{card.code}/customer", person)
    business.owner.post("/staff", {"name": "Ann", "pin": "7391"})

    tablet.ask()

    told = json.dumps(tablet.answers, ensure_ascii=False)
    assert [
        said for said in ("Kim", "Petersen", "example.com", "600", "7391", card.code, card.key) if said in told
    ] == []


def test_news_is_only_what_has_changed(make_card, till, tablet, monkeypatch):
    monkeypatch.setattr(snapshot_routes, "OVERLAP_MS", 0)
    cards = [make_card(stamps=n) for n in range(4)]
    tablet.ask()

    till.send(till.stamp(cards[2]))
    came = tablet.ask()

    assert came == 1
    assert tablet.of(cards[2])[0] == 3
    assert tablet.answers[-1]["whole"] is False


def test_a_new_card_and_a_new_name_are_news(business, make_card, tablet):
    old = make_card(stamps=1)
    tablet.ask()

    new = make_card(stamps=3)
    old.customer.put(f"/cards/{old.code}/customer", {"name": "kim"})
    tablet.ask()
    told = tablet.of(old)[3]
    old.customer.delete(f"/cards/{old.code}/customer")
    tablet.ask()

    assert tablet.of(new)[0] == 3
    assert (told, tablet.of(old)[3]) == ("K", "")


def test_a_replaced_code_has_nothing_on_it_any_more(business, make_card, tablet):
    lost = make_card(stamps=10)
    tablet.ask()
    before = tablet.of(lost)

    new = business.owner.post(f"/cards/{lost.code}/replacements", {}).json["card"]
    tablet.ask()

    assert before[2] == 1
    assert tablet.of(lost)[:3] == (0, 10, 0)
    assert tablet.cards[hash_of(new["code"])][2] == 1


def test_many_cards_come_in_pages_each_once(make_card, tablet, in_pages_of_two):
    cards = [make_card(stamps=n) for n in range(5)]

    tablet.ask()

    assert [(len(answer["cards"]), answer["more"], answer["whole"]) for answer in tablet.answers] == [
        (2, True, True), (2, True, False), (1, False, False),
    ]  # fmt: skip
    assert [tablet.of(card)[0] for card in cards] == [0, 1, 2, 3, 4]


def test_what_changes_between_two_pages_is_not_missed(make_card, till, tablet, in_pages_of_two):
    cards = [make_card() for _ in range(3)]
    first = till.client.get("/till/snapshot").json
    till.send(till.stamp(cards[0]))

    tablet.since = first["next"]
    tablet.ask()
    tablet.ask()

    assert tablet.of(cards[0])[0] == 1


def test_after_a_restart_of_the_service_news_is_found_by_going_through_the_cards(app, make_card, till, tablet):
    card = make_card()
    tablet.ask()
    till.send(till.stamp(card))

    app.extensions["tenth.live"].recent.anew(now_ms())
    tablet.ask()

    assert tablet.of(card)[0] == 1
    assert tablet.answers[-1]["whole"] is False


def test_more_news_than_is_looked_up_one_by_one_comes_as_well(make_card, till, tablet, monkeypatch):
    monkeypatch.setattr(snapshot_routes, "MOST_CHANGED", 1)
    cards = [make_card() for _ in range(3)]
    tablet.ask()
    till.send(*[till.stamp(card) for card in cards])

    tablet.ask()

    assert [tablet.of(card)[0] for card in cards] == [1, 1, 1]


def test_a_new_promise_begins_the_snapshot_anew_under_it(business, make_card, tablet):
    card = make_card(stamps=8)
    tablet.ask()
    before = tablet.of(card)

    change = {"terms": TERMS, "policy": "better", "note": "cheaper", "expected_version": 1}
    answer = business.owner.post(f"/programmes/{tablet.answers[0]['programmes'][0]}/versions", change)
    tablet.ask()

    assert answer.status_code == 201, answer.text
    assert (before[:3], tablet.of(card)[:3]) == ((8, 10, 0), (0, 8, 1))
    assert tablet.answers[-1]["whole"] is True


@pytest.mark.parametrize("cursor", ["x", "bm9uZQ", "WzFd", "W251bGwsMSwyLDMsNF0"])
def test_a_cursor_nobody_gave_begins_anew(make_card, till, cursor):
    make_card()

    answer = till.client.get("/till/snapshot", query_string={"since": cursor})

    assert (answer.status_code, answer.json["whole"]) == (200, True)


def test_cards_nobody_has_used_for_long_are_left_out(business, make_card, till, tablet):
    old, new = make_card(), make_card()
    db.write(lambda c: c.exec_driver_sql("UPDATE cards SET touched_at = 1").close())
    till.send(till.stamp(new))

    tablet.ask()

    assert (tablet.of(old), tablet.of(new)[0]) == (None, 1)


def test_another_business_sees_none_of_it(business, stranger, make_card):
    card, theirs = make_card(stamps=4), stranger.card(stamps=5)
    tablet = Tablet(stranger.till())
    tablet.ask()
    business.till().send(business.till().stamp(card))

    tablet.ask()

    assert tablet.of(card) is None
    assert tablet.of(theirs)[0] == 5


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Łucja Nowak", "ŁN"), ("kim", "K"), ("", ""), ("  ", ""), ("Ada King Lovelace", "AL"), ("Bo Bo", "B")],
)
def test_initials_are_of_the_first_and_the_last_name(name, letters):
    assert initials(name) == letters


def test_recent_changes_are_known_back_to_where_they_were_first_heard():
    recent = Recent(now=100, most=3)
    a, b, c, d = (new_id() for _ in range(4))
    for at, card in ((110, a), (120, b), (130, a), (140, c)):
        recent.changed(card, at)

    assert recent.after(100, 9) == [c, a, b]
    assert recent.after(121, 9) == [c, a]
    assert recent.after(99, 9) is None, "before it listened"
    assert recent.after(100, 2) is None, "more than asked for"

    recent.changed(d, 150)

    assert recent.after(120, 9) is None, "b had to go"
    assert recent.after(121, 9) == [d, c, a]
    recent.anew(160)
    assert (recent.after(159, 9), recent.after(160, 9)) == (None, [])
