"""What a till may do with no network: the owner's rules, a clock that was wrong meanwhile, and a till cut off."""

import pytest

from api.ids import id_text, moment_text, now_ms, read_moment

MINUTE = 60_000
RULES = {"redeem": "limited", "per_card": 1, "per_till": 3, "hours": 24}


def lines_of(card):
    return card.business.owner.get(f"/cards/{card.code}/events").json["items"]


def test_a_till_is_told_what_it_may_hand_out_on_its_own(business, till):
    assert till.client.get("/till").json["offline"] == RULES

    changed = business.owner.patch(
        "/business",
        {"offline_redeem": "never", "offline_per_card": 2, "offline_per_till": 10, "offline_hours": 48},
    )

    assert changed.json["offline_redeem"] == "never"
    assert till.client.get("/till").json["offline"] == {"redeem": "never", "per_card": 2, "per_till": 10, "hours": 48}


@pytest.mark.parametrize(
    ("field", "lowest", "highest"),
    [("offline_per_card", 1, 10), ("offline_per_till", 1, 50), ("offline_hours", 1, 168)],
)
def test_the_owners_numbers_have_their_limits(business, field, lowest, highest):
    codes = [business.owner.patch("/business", {field: n}).status_code for n in (lowest, highest)]
    beyond = [business.owner.patch("/business", {field: n}).json["code"] for n in (lowest - 1, highest + 1)]

    assert (codes, beyond) == ([200, 200], ["invalid", "invalid"])


def test_a_reward_handed_over_all_the_same_is_booked_and_shown_to_the_owner(business, till, make_card):
    business.owner.patch("/business", {"offline_redeem": "never"})
    card = make_card(stamps=10)

    (result,) = till.send(till.redeem(card, already_happened=True))

    assert (result["status"], result["reason"], result["card"]["rewards_ready"]) == ("flagged", "offline_never", 0)
    assert [line["flag"] for line in business.owner.get("/flags").json["items"]] == ["offline_never"]


def test_a_reward_asked_for_online_is_not_offline(business, till, make_card):
    business.owner.patch("/business", {"offline_redeem": "never"})

    (result,) = till.send(till.redeem(make_card(stamps=10)))

    assert result["status"] == "applied"


def test_a_reward_the_card_does_not_have_is_owed_whatever_the_rule(business, till, make_card):
    business.owner.patch("/business", {"offline_redeem": "never"})

    (result,) = till.send(till.redeem(make_card(), already_happened=True))

    assert (result["status"], result["reason"]) == ("flagged", "overdrawn")


@pytest.mark.parametrize("minutes", [-180, -6, 6, 180])
def test_a_wrong_clock_is_put_right_and_shown(business, till, make_card, minutes):
    card, now, off = make_card(), now_ms(), minutes * MINUTE
    earlier = now - 10 * MINUTE

    stamp = till.stamp(card, already_happened=True, happened_at=moment_text(earlier + off))
    (result,) = till.send(stamp, sent_at=moment_text(now + off))
    again = till.send(stamp)

    (line,) = lines_of(card)
    assert (result["status"], result["reason"], again[0]["status"]) == ("flagged", "clock_skew", "duplicate")
    assert abs(read_moment(line["happened_at"]) - earlier) < MINUTE
    assert abs(business.owner.get("/tills").json["items"][0]["clock_ahead_seconds"] - minutes * 60) < 60


@pytest.mark.parametrize(("sent", "happened"), [("1971-01-01", "9998-12-31"), ("9998-12-31", "1971-01-01")])
def test_a_clock_that_lies_by_centuries_breaks_nothing(till, make_card, sent, happened):
    card = make_card()

    (result,) = till.send(till.stamp(card, happened_at=f"{happened}T00:00:00.000Z"), sent_at=f"{sent}T00:00:00.000Z")

    assert (result["status"], result["reason"], card.face["stamps"]) == ("flagged", "clock_skew", 1)
    assert lines_of(card)[0]["happened_at"][:4] in ("9998", "1971")


@pytest.mark.parametrize("minutes", [-4, 0, 4])
def test_a_clock_that_is_nearly_right_is_taken_as_it_is(business, till, make_card, minutes):
    card, said = make_card(), moment_text(now_ms() + minutes * MINUTE)

    (result,) = till.send(till.stamp(card, happened_at=said), sent_at=said)

    assert (result["status"], lines_of(card)[0]["happened_at"]) == ("applied", said)
    assert business.owner.get("/tills").json["items"][0]["clock_ahead_seconds"] == 0


def test_a_single_moment_in_the_future_is_shown_though_the_clock_is_right(till, make_card):
    (result,) = till.send(till.stamp(make_card(), happened_at=moment_text(now_ms() + 6 * MINUTE)))

    assert (result["status"], result["reason"]) == ("flagged", "clock_skew")


def test_a_stamp_undone_by_a_wrong_clock_is_undone_and_shown(till, make_card):
    card = make_card()
    stamp = till.stamp(card)
    till.send(stamp)

    (result,) = till.send(till.void(stamp), sent_at=moment_text(now_ms() + 60 * MINUTE))

    assert (result["status"], result["reason"], card.face["stamps"]) == ("flagged", "clock_skew", 0)


def test_a_cooldown_is_reckoned_by_the_clock_put_right(make_business):
    business = make_business(cooldown_seconds=3600)
    till, card, now = business.till(), business.card(), now_ms()
    till.send(till.stamp(card))

    late = till.stamp(card, already_happened=True, happened_at=moment_text(now + 10 * MINUTE + 120 * MINUTE))
    (result,) = till.send(late, sent_at=moment_text(now + 120 * MINUTE))

    assert result["reason"] == "too_soon"


def test_what_was_set_aside_by_a_wrong_clock_keeps_its_right_time(business, till, make_card):
    card, now = make_card(), now_ms()
    unknown = till.stamp("0" * 17 + "1", already_happened=True, happened_at=moment_text(now + 60 * MINUTE))
    till.send(unknown, sent_at=moment_text(now + 60 * MINUTE))
    kept = business.owner.get("/kept").json["items"][0]

    business.owner.post(f"/kept/{kept['id']}/applications", {"content": kept["content"], "card": card.code})

    assert kept["claim"]["happened_at"] == unknown["happened_at"]
    assert abs(read_moment(lines_of(card)[0]["happened_at"]) - now) < MINUTE


def test_a_revoked_till_hands_over_what_it_saw_and_then_loses_its_cookies(business, till, make_card):
    card = make_card()
    business.owner.post(f"/tills/{id_text(till.id)}/revocations")

    (result,) = till.send(till.stamp(card, already_happened=True))
    answer = till.client.get("/till")

    assert (result["status"], result["reason"]) == ("kept", "revoked_till")
    assert (answer.status_code, answer.json["code"]) == (401, "sign_in_needed")
    taken = answer.headers.getlist("Set-Cookie")
    assert [cookie.split("=")[0] for cookie in taken] == ["__Host-till", "__Host-till-csrf"]
    assert all("Max-Age=0" in cookie for cookie in taken)
