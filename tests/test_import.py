"""A file that a till wrote because its network never came back: the owner brings it in, and it counts once."""

from api.ids import id_text, moment_text, now_ms

NO_CARD = "0" * 17 + "1"


def bring_in(business, till, *events):
    answer = business.owner.post(
        f"/tills/{id_text(till.id)}/imported-events", {"sent_at": moment_text(now_ms()), "events": list(events)}
    )
    assert answer.status_code == 200, answer.text
    return [result["status"] for result in answer.json["results"]]


def test_saved_events_count_as_if_the_till_had_sent_them(business, till, make_card):
    card = make_card()
    stamp = till.stamp(card, 2, already_happened=True, sequence=1, happened_at="2026-03-04T09:00:00.000Z")

    assert bring_in(business, till, stamp) == ["applied"]

    line = business.owner.get(f"/cards/{card.code}/events").json["items"][0]
    assert (line["source"], line["till"], line["shop"]) == ("till", "Till 1", "Market Street")
    assert (line["stamps"], line["happened_at"], line["author"]) == (2, "2026-03-04T09:00:00.000Z", None)


def test_the_same_file_twice_or_sent_by_the_till_as_well_counts_once(business, till, make_card):
    card = make_card()
    stamps = [till.stamp(card, already_happened=True, sequence=n) for n in (1, 2, 3)]

    bring_in(business, till, *stamps)

    assert bring_in(business, till, *stamps) == ["duplicate"] * 3
    assert {result["status"] for result in till.send(*stamps)} == {"duplicate"}
    assert card.face["stamps"] == 3


def test_a_reward_handed_over_is_booked_and_one_only_asked_for_is_not(business, till, make_card):
    empty, asked_for = make_card(), make_card()

    done = bring_in(
        business, till, till.redeem(empty, already_happened=True), till.redeem(asked_for, already_happened=False)
    )

    assert done == ["flagged", "refused"]
    assert [item["rewards_owed"] for item in business.owner.get("/owed").json["items"]] == [1]


def test_what_has_no_card_waits_for_the_owner(business, till):
    assert bring_in(business, till, till.stamp(NO_CARD, already_happened=True), "nonsense") == ["kept", "kept"]


def test_a_revoked_tills_file_is_kept_for_the_owner(business, till, make_card):
    card = make_card()
    business.owner.post(f"/tills/{id_text(till.id)}/revocations")

    assert bring_in(business, till, till.stamp(card, already_happened=True)) == ["kept"]
    assert card.face["stamps"] == 0


def test_a_file_closes_the_gap_it_fills(business, till, make_card):
    card = make_card()
    till.send(till.stamp(card, sequence=4), after=1)

    bring_in(business, till, *(till.stamp(card, already_happened=True, sequence=n) for n in (2, 3)))

    assert business.owner.get("/tills").json["items"][0]["gaps"] == []
    assert card.face["stamps"] == 3


def test_a_till_whose_clock_was_wrong_is_put_right_in_its_file_too(business, till, make_card):
    card, now = make_card(), now_ms()
    hour = 3_600_000
    till.send(till.stamp(card, happened_at=moment_text(now + hour)), sent_at=moment_text(now + hour))

    stamp = till.stamp(card, already_happened=True, happened_at=moment_text(now + hour - 60_000))
    assert bring_in(business, till, stamp) == ["flagged"]

    line = business.owner.get(f"/cards/{card.code}/events").json["items"][0]
    assert line["happened_at"] < moment_text(now)


def test_the_stranger_cannot_bring_in_anything(business, stranger, till, make_card):
    card = make_card()

    answer = stranger.owner.post(
        f"/tills/{id_text(till.id)}/imported-events",
        {"sent_at": moment_text(now_ms()), "events": [till.stamp(card, already_happened=True)]},
    )

    assert (answer.status_code, card.face["stamps"]) == (404, 0)
