"""The owner tunes a programme: its terms, its versions, what a change would do, and what it does."""

from api.ids import id_text

TERMS = {
    "stamps_needed": 10,
    "reward": "a free sandwich",
    "max_per_visit": 20,
    "welcome_stamps": 0,
    "cooldown_seconds": 0,
    "daily_limit": 0,
    "unit_cost": 250,
    "unit_price": 690,
    "stamps_expire_days": 0,
    "rewards_expire_days": 0,
    "stamp_for": "item",
    "spend_per_stamp": 0,
    "birthday_stamps": 0,
    "choices": [],
    "tiers": [],
}
COFFEE = {"key": 1, "at": 5, "reward": "a free coffee", "unit_cost": 60, "unit_price": 320}


def path(business, rest=""):
    return f"/programmes/{id_text(business.programme_id)}{rest}"


def change(business, policy="better", expected_version=1, **terms):
    """Bring new terms into force."""
    body = {"terms": TERMS | terms, "policy": policy, "expected_version": expected_version}
    return business.owner.post(path(business, "/versions"), body)


def preview(business, policy="better", **terms):
    answer = business.owner.post(path(business, "/previews"), {"terms": TERMS | terms, "policy": policy})
    assert answer.status_code == 200, answer.text
    return answer.json


def test_a_business_begins_with_one_programme(owner, make_card):
    make_card()

    (programme,) = owner.get("/programmes").json["items"]

    assert (programme["version"], programme["active"], programme["cards"]) == (1, True, 1)
    assert programme["terms"] == TERMS | {"unit_cost": 0, "unit_price": 0}


def test_a_coffee_card_stands_beside_the_sandwich_card(business, owner, till):
    made = owner.post("/programmes", {"name": "Coffee", "terms": {"stamps_needed": 5, "reward": "a free coffee"}})
    card = till.client.post("/cards", {"programme": made.json["id"]})

    assert made.status_code == 201
    assert (made.json["terms"]["max_per_visit"], made.json["cards"]) == (6, 0)
    assert (card.json["card"]["needed"], card.json["card"]["programme"]["name"]) == (5, "Coffee")
    assert [programme["name"] for programme in owner.get("/programmes").json["items"]] == ["Sandwich card", "Coffee"]


def test_a_programme_is_renamed_and_ended_and_taken_up_again(business, owner, till, make_card):
    card = make_card()

    renamed = owner.patch(path(business), {"name": "Lunch card"})
    ended = owner.patch(path(business), {"active": False})
    refused = till.send(till.stamp(card))
    reopened = owner.patch(path(business), {"active": True})
    counted = till.send(till.stamp(card))

    assert (renamed.json["name"], renamed.json["active"]) == ("Lunch card", True)
    assert (ended.json["name"], ended.json["active"]) == ("Lunch card", False)
    assert refused[0]["reason"] == "programme_ended"
    assert reopened.json["active"] is True
    assert counted[0]["status"] == "applied"


def test_every_version_is_kept_with_its_author_and_its_reason(business, owner):
    answer = owner.post(
        path(business, "/versions"),
        {"terms": TERMS | {"stamps_needed": 8}, "policy": "finish", "note": "Spring", "expected_version": 1},
    )
    versions = owner.get(path(business, "/versions")).json["items"]

    assert answer.status_code == 201
    assert answer.json == versions[0]
    assert [(version["version"], version["terms"]["stamps_needed"]) for version in versions] == [(2, 8), (1, 10)]
    assert (versions[0]["policy"], versions[0]["author"], versions[0]["note"]) == ("finish", "Ada", "Spring")


def test_two_owners_who_change_at_once_do_not_overwrite_each_other(business):
    first = change(business, stamps_needed=8)
    second = change(business, stamps_needed=12)

    assert first.status_code == 201
    assert (second.status_code, second.json["code"], second.json["version"]) == (409, "version_moved", 2)


def test_a_change_sent_twice_under_one_key_is_made_once(business, owner):
    body = {"terms": TERMS | {"stamps_needed": 8}, "expected_version": 1}

    answers = [owner.post(path(business, "/versions"), body, headers={"Idempotency-Key": "k1"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json == answers[1].json
    assert len(owner.get(path(business, "/versions")).json["items"]) == 2


def test_terms_that_cannot_be_promised_say_which_field_and_why(business):
    for field, value, code in (
        ("stamps_needed", 1, "greater_than_equal"),
        ("stamps_needed", 51, "less_than_equal"),
        ("stamps_needed", "10", "int_type"),
        ("stamps_needed", None, "int_type"),
        ("max_per_visit", 0, "greater_than_equal"),
        ("unit_cost", 10**12, "less_than_equal"),
        ("welcome_stamps", 10, "bad_terms"),
        ("reward", " ", "string_too_short"),
        ("reward", "x" * 81, "string_too_long"),
    ):
        made = change(business, **{field: value})
        tried = business.owner.post(path(business, "/previews"), {"terms": TERMS | {field: value}})

        for refused in (made, tried):
            assert (refused.status_code, refused.json["code"]) == (422, "invalid")
            errors = [(error["pointer"], error["code"]) for error in refused.json["errors"]]
            assert errors == [(f"/terms/{field}", code)]
    assert len(business.owner.get(path(business, "/versions")).json["items"]) == 1


def test_terms_must_all_be_named_in_a_change(business, owner):
    terms = {name: value for name, value in TERMS.items() if name != "cooldown_seconds"}

    answer = owner.post(path(business, "/versions"), {"terms": terms, "expected_version": 1})

    assert [(error["pointer"], error["code"]) for error in answer.json["errors"]] == [
        ("/terms/cooldown_seconds", "missing")
    ]


def test_what_came_with_tiers_may_be_left_out_of_a_change_and_stays_as_it_is(business, owner):
    change(business, tiers=[COFFEE], choices=[{"name": "a free soup", "unit_cost": 190}], birthday_stamps=2)
    older = {name: TERMS[name] for name in list(TERMS)[:10]} | {"stamps_needed": 8}

    answer = owner.post(path(business, "/versions"), {"terms": older, "expected_version": 2})

    terms = answer.json["terms"]
    assert (answer.status_code, terms["stamps_needed"], terms["birthday_stamps"]) == (201, 8, 2)
    assert (terms["tiers"], terms["choices"]) == (
        [COFFEE | {"once": False, "choices": []}],
        [{"name": "a free soup", "unit_cost": 190, "unit_price": 0}],
    )


def test_a_tier_that_cannot_be_promised_says_where_and_why(business):
    for tier, pointer, code in (
        (COFFEE | {"at": 0}, "/terms/tiers/0/at", "greater_than_equal"),
        (COFFEE | {"at": 10}, "/terms/tiers/0/at", "bad_terms"),
        (COFFEE | {"key": 100}, "/terms/tiers/0/key", "less_than_equal"),
        (COFFEE | {"cost": 1}, "/terms/tiers/0/cost", "extra_forbidden"),
        (COFFEE | {"choices": [{"name": "a free coffee"}]}, "/terms/tiers/0/choices/0/name", "bad_terms"),
    ):
        refused = change(business, tiers=[tier])

        assert refused.status_code == 422
        assert [(error["pointer"], error["code"]) for error in refused.json["errors"]] == [(pointer, code)]


def test_a_tiers_key_never_comes_to_stand_for_another_reward(business):
    change(business, tiers=[COFFEE])
    change(business, expected_version=2)

    tea = change(business, expected_version=3, tiers=[COFFEE | {"reward": "a free tea"}])
    tried = business.owner.post(path(business, "/previews"), {"terms": TERMS | {"tiers": [COFFEE | {"once": True}]}})
    coffee = change(business, expected_version=3, tiers=[COFFEE | {"at": 3}])

    for refused in (tea, tried):
        assert (refused.status_code, refused.json["code"]) == (409, "tier_is_taken")
        assert (refused.json["pointer"], refused.json["value"]) == ("/terms/tiers/0/key", 1)
    assert coffee.status_code == 201


def test_cards_that_count_stamps_never_come_to_count_money(business, make_business):
    by_spend = make_business("By spend", stamp_for="spend", spend_per_stamp=500)

    answers = [
        change(business, stamp_for="spend", spend_per_stamp=500),
        change(by_spend),
        change(by_spend, stamp_for="spend", spend_per_stamp=700),
    ]

    assert [answer.json.get("code") for answer in answers] == ["stamp_for_is_fixed", "stamp_for_is_fixed", None]


def test_two_versions_are_compared_field_by_field(business, owner):
    change(business, stamps_needed=8, tiers=[COFFEE])
    owner.post(
        path(business, "/versions"),
        {"terms": TERMS | {"tiers": [COFFEE | {"at": 4}]}, "note": "Spring", "expected_version": 2},
    )

    last = owner.get(path(business, "/versions/compare"))
    both = owner.get(path(business, "/versions/compare?from=1&to=3"))
    unknown = owner.get(path(business, "/versions/compare?from=1&to=4"))

    assert (last.json["before"]["version"], last.json["after"]["version"], last.json["after"]["note"]) == (
        2,
        3,
        "Spring",
    )
    assert last.json["differences"] == [
        {"field": "stamps_needed", "before": 8, "after": 10},
        {"field": "tiers/1/at", "before": 5, "after": 4},
    ]
    assert both.json["before"]["author"] == "Ada"
    assert {"field": "tiers/1/reward", "before": None, "after": "a free coffee"} in both.json["differences"]
    assert (unknown.status_code, unknown.json["code"]) == (404, "not_found")


def test_the_preview_tells_what_a_new_tier_brings_at_once(business, make_card):
    for stamps in (2, 5, 9):
        make_card(stamps=stamps)

    seen = preview(business, tiers=[COFFEE])

    assert (seen["cards_touched"], seen["full_at_once"], seen["rewards_added"], seen["cost_at_once"]) == (3, 0, 2, 120)
    assert seen["tiers"] == [{"key": 1, "reward": "a free coffee", "rewards_added": 2}]


def test_a_preview_with_tiers_does_what_the_change_then_does(business, make_card):
    change(business, tiers=[COFFEE])
    cards = [make_card(stamps=stamps, version=2) for stamps in range(10)]
    before = sum(card.face["rewards_ready"] for card in cards)
    seen = preview(business, stamps_needed=4, tiers=[COFFEE | {"at": 2}])

    change(business, expected_version=2, stamps_needed=4, tiers=[COFFEE | {"at": 2}])

    assert sum(card.face["rewards_ready"] for card in cards) - before == seen["rewards_added"]


def test_the_preview_counts_cards_by_what_happens_to_them(business, make_card):
    for stamps in (0, 7, 8, 9, 9):
        make_card(stamps=stamps)

    seen = preview(business, stamps_needed=8)

    assert (seen["cards_touched"], seen["full_at_once"], seen["rewards_added"]) == (5, 3, 3)
    assert (seen["cost_at_once"], seen["currency"]) == (750, "EUR")
    assert seen["examples"] == [
        {"stamps": 9, "needed_before": 10, "needed_after": 8, "rewards_added": 1, "cards": 2},
        {"stamps": 8, "needed_before": 10, "needed_after": 8, "rewards_added": 1, "cards": 1},
        {"stamps": 7, "needed_before": 10, "needed_after": 8, "rewards_added": 0, "cards": 1},
        {"stamps": 0, "needed_before": 10, "needed_after": 8, "rewards_added": 0, "cards": 1},
    ]


def test_a_change_that_keeps_every_round_touches_no_card(business, make_card):
    make_card(stamps=9)

    seen = [preview(business, policy, stamps_needed=n) for policy, n in (("finish", 8), ("better", 12))]

    assert [(p["cards_touched"], p["cost_at_once"], p["examples"]) for p in seen] == [(0, 0, [])] * 2


def test_the_preview_knows_cards_that_have_not_entered_the_last_version_yet(business, make_card, till):
    waiting, met = make_card(stamps=9), make_card(stamps=5)
    change(business, stamps_needed=8)  # nine of ten became one reward and one stamp, though nobody has touched the card
    till.send(till.stamp(met))

    seen = preview(business, stamps_needed=6)

    assert (waiting.face["stamps"], waiting.face["rewards_ready"]) == (1, 1)
    assert seen["examples"] == [
        {"stamps": 6, "needed_before": 8, "needed_after": 6, "rewards_added": 1, "cards": 1},
        {"stamps": 1, "needed_before": 8, "needed_after": 6, "rewards_added": 0, "cards": 1},
    ]


def test_a_preview_does_what_the_change_then_does(business, make_card):
    cards = [make_card(stamps=stamps) for stamps in range(10)]
    seen = preview(business, stamps_needed=4)

    change(business, stamps_needed=4)

    assert sum(card.face["rewards_ready"] for card in cards) == seen["rewards_added"] == 6 + 2
    assert sum(card.face["rewards_ready"] > 0 for card in cards) == seen["full_at_once"]


def test_a_preview_writes_nothing(business, owner, make_card):
    card = make_card(stamps=9)

    preview(business, stamps_needed=4)

    assert (card.face["stamps"], card.face["needed"]) == (9, 10)
    assert len(owner.get(path(business, "/versions")).json["items"]) == 1


def test_the_stranger_finds_no_programme(business, stranger):
    tries = [
        stranger.owner.patch(path(business), {"name": "Mine"}),
        stranger.owner.get(path(business, "/versions")),
        stranger.owner.get(path(business, "/versions/compare")),
        stranger.owner.get(path(business, "/scheduled-versions")),
        stranger.owner.post(path(business, "/previews"), {"terms": TERMS}),
        stranger.owner.post(path(business, "/versions"), {"terms": TERMS, "expected_version": 1}),
    ]

    assert [(answer.status_code, answer.json["code"]) for answer in tries] == [(404, "not_found")] * 6
    assert business.owner.get("/programmes").json["items"][0]["name"] == "Sandwich card"
