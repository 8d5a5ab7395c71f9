"""Campaigns give what they say: once a visit, while they run, within their budget, and not to those held out."""

from collections import Counter

import pytest
from conftest import Card, Client
from test_race import at_once, record

from api import db
from api.actions import campaigns as actions
from api.actions import cards as card_actions
from api.actions.callers import Caller
from api.actions.housekeeping import verify
from api.ids import id_text, moment_text, new_id, now_ms, read_id
from api.store import campaigns as store
from rules.assignment import held_out
from rules.campaigns import Campaign

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
EVERY_DAY = {"kind": "hours", "weekdays": [1, 2, 3, 4, 5, 6, 7], "stamps": 2, "hold_out": 0}


@pytest.fixture
def business(make_business):
    """Corner, where a free sandwich costs 2.50 and each of its ten stamps 25 cents."""
    return make_business(unit_cost=250)


@pytest.fixture
def start(business):
    """Start a campaign: start("Quiet Tuesday", kind="first", …)."""

    def start(name="Quiet Tuesday", **rules):
        answer = business.owner.post("/campaigns", EVERY_DAY | {"name": name} | rules)
        assert answer.status_code == 201, answer.text
        return answer.json

    return start


@pytest.fixture
def started_ago(business):
    """A campaign as it was started some time ago, which nobody can ask for."""

    def start(ago, **rules):
        rules = {"kind": "hours", "stamps": 2, "weekdays": tuple(range(1, 8)), "hold_out": 0} | rules
        then = now_ms() - ago
        row = db.write(
            lambda c: actions.make(
                c,
                business.id,
                name="Quiet Tuesday",
                rules=Campaign(**rules),
                budget=0,
                starts_at=None,
                ends_at=None,
                author="Ada",
                now=then,
            )
        )
        return id_text(row.id)

    return start


def made_ago(business, ago):
    """A card that was made so long ago."""
    caller, then = Caller(business.id, "service"), now_ms() - ago
    made = db.write(
        lambda c: card_actions.make(
            c, caller=caller, programme_id=business.programme_id, version=1, keys=business.keys, now=then
        )
    )
    id = made.card.row.id
    return Card(business, id, business.keys.card_code(business.id, id, 0), made.key)


@pytest.fixture
def asked(monkeypatch):
    """The statements that something runs: asked(lambda: …)."""
    seen = []
    run = db.Statement._run
    monkeypatch.setattr(db.Statement, "_run", lambda self, *args: seen.append(str(self._core)) or run(self, *args))

    def asked(do):
        seen.clear()
        do()
        return list(seen)

    return asked


def shown(business, campaign):
    """A campaign as its owner sees it now; campaign: what making it was answered, or its id."""
    id = campaign if isinstance(campaign, str) else campaign["id"]
    answer = business.owner.get(f"/campaigns/{id}")
    assert answer.status_code == 200, answer.text
    return answer.json


def lines(card):
    return card.business.owner.get(f"/cards/{card.code}/events").json["items"]


def verified(business):
    """The cards and what is noted of gifts fit the ledger."""
    with db.reading() as connection:
        assert verify(connection)[1] is None
        sums = connection.exec_driver_sql(
            "SELECT campaign_id, sum(cost), count(*) FROM campaign_gifts WHERE taken_back_at IS NULL GROUP BY 1"
        ).all()
        noted = {bytes(id): (int(cost), n) for id, cost, n in sums}
        for row in store.campaigns(connection, business.id):
            assert noted.get(row.id, (0, 0)) == (row.spent, row.gifts)


def test_a_stamp_while_a_campaign_runs_gets_its_extra_stamps(business, till, make_card, start):
    campaign, card = start(), make_card()

    (result,) = till.send(till.stamp(card))

    assert (card.face["stamps"], result["status"]) == (3, "applied")
    assert result["why"]["gifts"] == [{"code": "gift_stamps", "quantity": 2, "campaign": "Quiet Tuesday"}]
    bonus, stamp = lines(card)
    assert (bonus["kind"], bonus["stamps"], bonus["source"]) == ("bonus", 2, "campaign")
    assert (bonus["why"]["code"], bonus["why"]["campaign"]) == ("gift_stamps", "Quiet Tuesday")
    assert stamp["why"]["code"] == "stamped"
    now = shown(business, campaign)
    assert (now["gifts"], now["spent"], now["cards"], now["stamps_given"]) == (1, 50, 1, 2)
    verified(business)


def test_a_card_that_the_gift_fills_is_full_at_once(till, make_card, start):
    start()
    card = make_card(stamps=7)

    (result,) = till.send(till.stamp(card))

    assert (result["why"]["code"], result["card"]["rewards_ready"]) == ("reward_earned", 1)
    assert card.face["stamps"] == 0


def test_the_same_stamp_again_gets_nothing_more(business, till, make_card, start):
    campaign, card = start(), make_card()
    stamp = till.stamp(card)

    results = till.send(stamp) + till.send(stamp, stamp) + till.send(stamp | {"already_happened": True})

    assert [result["status"] for result in results] == ["applied", "duplicate", "duplicate", "duplicate"]
    assert card.face["stamps"] == 3
    assert shown(business, campaign)["gifts"] == 1


def test_every_campaign_that_runs_adds_its_own(business, till, make_card, start):
    start("Quiet Tuesday")
    start("Opening week", kind="first", weekdays=[], first_cards=5, stamps=1)
    card = make_card()

    till.send(till.stamp(card), till.stamp(card))

    assert card.face["stamps"] == 2 + 2 * 2 + 1
    assert Counter(line["why"].get("campaign") for line in lines(card)) == {
        None: 2, "Quiet Tuesday": 2, "Opening week": 1,
    }  # fmt: skip
    verified(business)


def test_nothing_is_given_for_a_redemption_nor_by_another_business(business, stranger, till, make_card, start):
    start()
    card, theirs, their_till = make_card(rewards=1), stranger.card(), stranger.till()

    till.send(till.redeem(card))
    their_till.send(their_till.stamp(theirs))

    assert (card.face["stamps"], theirs.face["stamps"]) == (0, 1)


def test_a_stamp_that_is_undone_takes_its_gift_along_and_its_price_can_be_given_again(business, till, make_card, start):
    campaign, card = start(), make_card()
    stamp = till.stamp(card)
    till.send(stamp)

    till.send(till.void(stamp))

    assert card.face["stamps"] == 0
    assert [line["kind"] for line in lines(card)] == ["void", "void", "bonus", "stamp"]
    now = shown(business, campaign)
    assert (now["gifts"], now["spent"], now["cards"], now["stamps_given"]) == (0, 0, 0, 0)
    verified(business)


def test_a_void_that_came_first_takes_both_back(business, till, make_card, start):
    campaign, card = start(), make_card()
    stamp = till.stamp(card)

    till.send(till.void(stamp))
    till.send(stamp)

    assert card.face["stamps"] == 0
    assert shown(business, campaign)["spent"] == 0
    verified(business)


def test_the_owner_may_take_back_the_gift_alone_and_the_stamp_stays(business, till, make_card, start):
    campaign, card = start(), make_card()
    stamp = till.stamp(card)
    till.send(stamp)
    bonus = lines(card)[0]["id"]

    answer = business.owner.post(f"/cards/{card.code}/voids", {"ref": bonus, "reason": "not meant for staff"})

    assert (answer.status_code, card.face["stamps"]) == (201, 1)
    assert shown(business, campaign)["spent"] == 0
    till.send(till.void(stamp))
    assert card.face["stamps"] == 0
    verified(business)


def test_what_was_handed_over_meanwhile_is_owed_and_shown_to_the_owner(business, till, make_card, start):
    start()
    card = make_card(stamps=8)
    stamp = till.stamp(card)
    till.send(stamp, till.redeem(card))

    till.send(till.void(stamp))

    assert (card.face["rewards_owed"], card.face["stamps"]) == (1, 8)
    assert [line["flag"] for line in business.owner.get("/flags").json["items"]] == ["overdrawn"]


def test_the_campaign_stops_by_itself_before_its_budget_is_overspent_and_says_so(business, till, make_card, start):
    campaign = start(budget=140)  # two gifts of 50

    cards = [make_card() for _ in range(4)]
    for card in cards:
        till.send(till.stamp(card))

    assert [card.face["stamps"] for card in cards] == [3, 3, 1, 1]
    now = shown(business, campaign)
    assert (now["state"], now["spent"], now["gifts"]) == ("used_up", 100, 2)
    assert [(each["reason"], each["until_at"]) for each in now["breaks"]] == [("used_up", None)]
    verified(business)


def test_a_slip_undone_at_once_does_not_cost_the_customer_the_last_gift(business, till, make_card, start):
    campaign, card = start(budget=50), make_card()
    slip = till.stamp(card, quantity=2)
    till.send(slip)
    assert shown(business, campaign)["state"] == "used_up"

    till.send(till.void(slip), till.stamp(card))

    assert card.face["stamps"] == 3
    assert shown(business, campaign)["state"] == "used_up"


def test_more_budget_sets_it_going_again_and_less_than_is_spent_is_refused(business, till, make_card, start):
    campaign = start(budget=50)
    till.send(till.stamp(make_card()))
    path = f"/campaigns/{campaign['id']}"

    too_little = business.owner.patch(path, {"budget": 49})
    more = business.owner.patch(path, {"budget": 100})
    card = make_card()
    till.send(till.stamp(card))

    assert (too_little.status_code, too_little.json["errors"][0]["pointer"]) == (422, "/budget")
    assert (more.json["state"], card.face["stamps"]) == ("running", 3)
    assert shown(business, campaign)["state"] == "used_up"


def test_fifty_tills_at_once_never_overspend_a_budget(app, business, start):
    campaign = start(budget=450)  # nine gifts of 50
    cards = [business.card() for _ in range(50)]
    tills = [business.till() for _ in range(5)]

    results = at_once(app, *(record(business, card, till=tills[n % 5]) for n, card in enumerate(cards)))

    assert {result.status for result in results} == {"applied"}
    assert Counter(card.face["stamps"] for card in cards) == {3: 9, 1: 41}
    now = shown(business, campaign)
    assert (now["spent"], now["gifts"], now["state"]) == (450, 9, "used_up")
    verified(business)


def test_of_fifty_that_come_at_once_the_first_seven_are_the_first_seven(app, business, start):
    campaign = start(kind="first", weekdays=[], first_cards=7, stamps=0, rewards=1)
    cards = [business.card() for _ in range(25)]
    till = business.till()

    at_once(app, *(record(business, card, till=till) for card in cards for _ in range(2)))

    assert Counter(card.face["rewards_ready"] for card in cards) == {1: 7, 0: 18}
    assert shown(business, campaign)["state"] == "used_up"
    verified(business)


def test_twins_of_one_stamp_at_once_get_one_gift(app, business, till, make_card, start):
    campaign, card = start(), make_card()

    at_once(app, *[record(business, card, till=till, id=new_id())] * 20)

    assert card.face["stamps"] == 3
    assert shown(business, campaign)["gifts"] == 1


def test_a_campaign_that_is_paused_or_has_ended_gives_nothing(business, till, make_card, start):
    campaign = start()
    path = f"/campaigns/{campaign['id']}"
    card = make_card()

    paused = business.owner.post(f"{path}/pauses")
    till.send(till.stamp(card))
    resumed = business.owner.delete(f"{path}/pauses/current")
    till.send(till.stamp(card))
    ended = business.owner.post(f"{path}/endings")
    till.send(till.stamp(card))

    assert (paused.json["state"], resumed.status_code, ended.json["state"]) == ("paused", 204, "ended")
    assert card.face["stamps"] == 1 + 3 + 1
    (break_,) = shown(business, campaign)["breaks"]
    assert (break_["reason"], break_["author"]) == ("paused", "Ada")
    assert break_["from_at"] <= break_["until_at"]
    assert shown(business, campaign)["ended_by"] == "Ada"
    again = (
        business.owner.post(f"{path}/endings"),
        business.owner.post(f"{path}/pauses"),
        business.owner.patch(path, {}),
    )
    assert [answer.status_code for answer in again] == [409, 409, 409]


def test_what_counts_is_when_the_visit_happened_however_late_it_is_told(business, till, make_card, started_ago):
    campaign = read_id(started_ago(10 * HOUR))
    db.write(lambda c: actions.pause(c, business.id, campaign, author="Ada", now=now_ms() - 6 * HOUR))
    db.write(lambda c: actions.resume(c, business.id, campaign, now=now_ms() - 4 * HOUR))
    db.write(lambda c: actions.end(c, business.id, campaign, author="Ada", now=now_ms() - 2 * HOUR))
    got = {}

    for hours in (11, 9, 5, 3, 1):
        card = make_card()
        till.send(till.stamp(card, happened_at=moment_text(now_ms() - hours * HOUR), already_happened=True))
        got[hours] = card.face["stamps"] - 1

    assert got == {11: 0, 9: 2, 5: 0, 3: 2, 1: 0}


def test_a_till_with_a_wrong_clock_is_put_right_first(business, till, make_card, started_ago):
    campaign = read_id(started_ago(3 * HOUR))
    db.write(lambda c: actions.end(c, business.id, campaign, author="Ada", now=now_ms() - HOUR))
    card, ahead = make_card(), 5 * HOUR
    visit = till.stamp(card, happened_at=moment_text(now_ms() - 2 * HOUR + ahead), already_happened=True)

    till.send(visit, sent_at=moment_text(now_ms() + ahead))

    assert card.face["stamps"] == 3


def test_a_campaign_for_later_gives_nothing_yet_and_one_in_the_past_is_refused(business, owner, till, make_card, start):
    campaign = start(starts_at=moment_text(now_ms() + DAY), ends_at=moment_text(now_ms() + 2 * DAY))
    card = make_card()

    till.send(till.stamp(card))
    past = owner.post("/campaigns", EVERY_DAY | {"name": "Late", "starts_at": moment_text(now_ms() - DAY)})
    backwards = owner.post("/campaigns", EVERY_DAY | {"name": "Short", "ends_at": moment_text(now_ms() - DAY)})

    assert (card.face["stamps"], shown(business, campaign)["state"]) == (1, "planned")
    assert [answer.json["errors"][0]["pointer"] for answer in (past, backwards)] == ["/starts_at", "/ends_at"]


def test_the_item_of_the_month_when_the_claim_names_it(till, make_card, start):
    start("Bun of the month", kind="item", weekdays=[], item="Cinnamon bun", stamps=1, per="stamp")
    card = make_card()

    till.send(till.stamp(card, quantity=2, item="cinnamon bun"), till.stamp(card, item="Tea"), till.stamp(card))

    assert card.face["stamps"] == 4 + 1 + 1


def test_a_till_knows_what_is_or_will_be_the_item_of_the_month(business, till, start):
    bun = {"kind": "item", "weekdays": [], "stamps": 1}
    soon, later = moment_text(now_ms() + DAY), moment_text(now_ms() + 2 * DAY)
    runs = start("Bun of the month", item="Cinnamon bun", **bun)
    start("Next month", item="Cheese cake", starts_at=soon, ends_at=later, **bun)
    paused, over = (start(name, item=name, **bun) for name in ("Tea", "Jam"))
    start("Quiet Tuesday")
    business.owner.post(f"/campaigns/{paused['id']}/pauses")
    business.owner.post(f"/campaigns/{over['id']}/endings")

    assert till.client.get("/till").json["items"] == [
        {"item": "Cinnamon bun", "starts_at": runs["starts_at"], "ends_at": None},
        {"item": "Cheese cake", "starts_at": soon, "ends_at": later},
    ]


def test_a_card_that_stayed_away_sees_its_gift_and_gets_it_once(business, till, make_card, start):
    away, regular, new = make_card(), make_card(), make_card()
    for card, days in ((away, 40), (regular, 3)):
        till.send(till.stamp(card, happened_at=moment_text(now_ms() - days * DAY), already_happened=True))
    start("We miss you", kind="come_back", weekdays=[], quiet_days=30, stamps=0, rewards=1)
    anyone = Client(business.app, {})

    offers = {card.code: anyone.get(f"/cards/{card.code}/campaigns").json["items"] for card in (away, regular, new)}
    for card in (away, regular, new, away):
        till.send(till.stamp(card))

    assert [(each["name"], each["rewards"]) for each in offers[away.code]] == [("We miss you", 1)]
    assert "hold_out" not in offers[away.code][0]
    assert offers[regular.code] == offers[new.code] == []
    assert [card.face["rewards_ready"] for card in (away, regular, new)] == [1, 0, 0]
    assert anyone.get(f"/cards/{away.code}/campaigns").json["items"] == []


def test_cards_held_out_get_nothing_and_are_shown_nothing(business, till, make_card, start):
    campaign = start(hold_out=50)
    cards = [make_card() for _ in range(40)]
    id = read_id(campaign["id"])

    till.send(*(till.stamp(card) for card in cards))

    held = [card for card in cards if held_out(id, card.id, 50)]
    assert 5 < len(held) < 35
    assert all(card.face["stamps"] == (1 if card in held else 3) for card in cards)
    assert Client(business.app, {}).get(f"/cards/{held[0].code}/campaigns").json["items"] == []
    assert shown(business, campaign)["cards"] == 40 - len(held)


def test_a_kept_stamp_that_the_owner_counts_after_all_gets_its_gift(business, till, make_card, start):
    campaign, card = start(), make_card()
    till.send(till.stamp("0" * 17 + "1", already_happened=True))
    (kept,) = business.owner.get("/kept").json["items"]

    answer = business.owner.post(
        f"/kept/{kept['id']}/applications", {"content": kept["content"], "card": card.code, "note": "a torn code"}
    )

    assert (answer.status_code, card.face["stamps"]) == (201, 3)
    assert shown(business, campaign)["gifts"] == 1
    verified(business)


def test_webhooks_hear_of_the_gift_as_of_any_line(business, till, make_card, start):
    business.owner.post("/webhooks", {"url": "https://hooks.example.com/tenth"})
    start()
    stamp = till.stamp(make_card())

    till.send(stamp)

    (hook,) = business.owner.get("/webhooks").json["items"]
    sent = business.owner.get(f"/webhooks/{hook['id']}/deliveries").json["items"]
    assert Counter(each["kind"] for each in sent) == {"stamp": 1, "bonus": 1}


def test_gifts_of_campaigns_are_no_welcome_in_the_owners_digest(business, till, make_card, start):
    start()
    till.send(till.stamp(make_card()))

    assert business.owner.get("/digest").json["welcome"]["n"] == 0


def test_too_early_or_too_few_to_say_what_it_caused(business, make_card, till, start, started_ago):
    effect = {}
    for name, id in (
        ("now", start()["id"]),
        ("none", start(hold_out=0)["id"]),
        ("few", started_ago(9 * DAY, hold_out=10)),
    ):
        effect[name] = business.owner.get(f"/campaigns/{id}/effect").json

    assert effect["none"]["finding"] == "none_held_out"
    assert effect["few"]["finding"] == "too_early"
    assert effect["few"]["difference"] is None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_visits_caused_are_those_of_the_cards_it_was_for_less_those_held_out(business, till, started_ago):
    cards = [made_ago(business, 20 * DAY) for _ in range(400)]
    id = started_ago(10 * DAY, hold_out=50)
    business.card()  # it came after the start, and counts on no side
    stamps = []
    for n, card in enumerate(cards):
        visits = 1 + n % 2 if held_out(read_id(id), card.id, 50) else 3 + n % 2
        for day in range(visits):
            at = now_ms() - (1 + day) * DAY
            stamps.append(till.stamp(card, id=id_text(new_id(at)), happened_at=moment_text(at), already_happened=True))
    till.send(*stamps[:1000])
    till.send(*stamps[1000:])
    till.send(till.void(stamps[0]))

    effect = business.owner.get(f"/campaigns/{id}/effect").json

    assert effect["could_get"]["cards"] + effect["held_out"]["cards"] == 400
    assert effect["could_get"]["visits"] + effect["held_out"]["visits"] == len(stamps) - 1
    assert (effect["finding"], effect["is_over"]) == ("better", False)
    assert effect["low"] < effect["difference"] < effect["high"]
    assert effect["difference"] == pytest.approx(2, abs=0.3)


def test_the_stranger_sees_and_changes_none_of_it(business, stranger, start):
    campaign = start()
    path = f"/campaigns/{campaign['id']}"

    answers = [
        stranger.owner.get(path),
        stranger.owner.get(f"{path}/effect"),
        stranger.owner.patch(path, {"name": "Ours"}),
        stranger.owner.post(f"{path}/pauses"),
        stranger.owner.delete(f"{path}/pauses/current"),
        stranger.owner.post(f"{path}/endings"),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert stranger.owner.get("/campaigns").json["items"] == []
    assert shown(business, campaign)["state"] == "running"


def test_a_stamp_asks_the_database_nothing_more_unless_a_campaign_runs(business, till, make_card, started_ago, asked):
    card = make_card()
    till.send(till.stamp(card))
    till.send(till.stamp(card))  # the till is known by now

    plain = asked(lambda: till.send(till.stamp(card)))
    ended = read_id(started_ago(2 * DAY))
    db.write(lambda c: actions.end(c, business.id, ended, author="Ada", now=now_ms() - DAY))
    after_one = asked(lambda: till.send(till.stamp(card)))
    started_ago(HOUR)
    while_one_runs = asked(lambda: till.send(till.stamp(card)))

    assert after_one == plain
    assert len(while_one_runs) > len(plain)


def test_a_card_that_counts_money_gets_whole_stamps_and_gives_back_exactly_those(make_business):
    business = make_business(unit_cost=250, stamp_for="spend", spend_per_stamp=500)
    till, card = business.till(), business.card()
    campaign = business.owner.post("/campaigns", EVERY_DAY | {"name": "Quiet Tuesday"}).json
    visit = till.stamp(card, amount=1200)

    till.send(visit)
    given = card.face
    till.send(till.void(visit))

    assert (given["stamps"], given["remainder"]) == (2 + 2, 200)
    assert (card.face["stamps"], card.face["remainder"], card.face["stamps_owed"]) == (0, 0, 0)
    assert shown(business, campaign)["spent"] == 0
    verified(business)
