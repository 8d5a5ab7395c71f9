"""The owner looks at what could not be counted, and at what counted and looks odd."""

NO_CARD = "0" * 17 + "1"


def kept(business):
    answer = business.owner.get("/kept")
    assert answer.status_code == 200, answer.text
    return answer.json["items"]


def flags(business):
    answer = business.owner.get("/flags")
    assert answer.status_code == 200, answer.text
    return answer.json["items"]


def pages(business, path):
    """The ids of a list, page by page."""
    seen, link = [], path
    while link:
        answer = business.owner.get(link)
        seen.append([item["id"] for item in answer.json["items"]])
        link = answer.headers.get("Link", "").partition(">")[0].removeprefix("</api/v1")
    return seen


def test_what_could_not_be_counted_is_kept_word_for_word(business, till):
    claim = till.stamp(NO_CARD, already_happened=True)

    till.send(claim)

    (item,) = kept(business)
    assert (item["id"], item["till"], item["reason"], item["claim"]) == (claim["id"], "Till 1", "unknown_card", claim)


def test_what_nobody_can_read_is_kept_as_it_came(business, till):
    unreadable = [{"id": "?", "kind": "wave", "claim": {"raw": 1}, "raw": [None]}, ["stamp"], "stamp", None]

    till.send(*unreadable)

    items = kept(business)
    assert len(items) == len(unreadable)
    assert all(claim in [item["claim"] for item in items] for claim in unreadable)
    assert {item["reason"] for item in items} == {"bad_event"}


def test_a_question_that_was_refused_is_not_kept(business, till, make_card):
    till.send(till.redeem(make_card()))

    assert kept(business) == []


def test_a_flagged_line_says_which_card_and_why(business, till, make_card):
    card = make_card(stamps=3)
    stamp, redeem = till.stamp(card), till.redeem(card, already_happened=True)

    till.send(stamp, redeem)

    (line,) = flags(business)
    assert (line["id"], line["flag"], line["rewards"]) == (redeem["id"], "overdrawn", -1)
    assert line["card"] == {"code": card.code, "short_code": card.face["short_code"], "customer": None}
    (same,) = [one for one in business.owner.get(f"/cards/{card.code}/events").json["items"] if one["flag"]]
    assert {name: value for name, value in line.items() if name not in ("card", "late", "settlement")} == same


def test_the_latest_comes_first_and_every_one_comes_once(business, till, make_card):
    lost = [till.stamp(NO_CARD, already_happened=True) for _ in range(5)]
    odd = [till.redeem(make_card(), already_happened=True) for _ in range(5)]
    for claims in lost, odd:
        claims.sort(key=lambda claim: claim["id"])  # within one millisecond the id decides
        for claim in claims:
            till.send(claim)

    assert pages(business, "/kept?limit=2") == [[lost[i]["id"] for i in page] for page in ((4, 3), (2, 1), (0,))]
    assert pages(business, "/flags?limit=2") == [[odd[i]["id"] for i in page] for page in ((4, 3), (2, 1), (0,))]


def test_a_flag_that_came_late_is_in_this_week_s_count(business, till, make_card):
    """A till that was without a network for a month brings an old redemption: its id is as old as that."""
    long_ago = "01930a5e-7c4b-7d2a-9f3e-5b6c7d8e9f0a"
    claim = till.redeem(make_card(), already_happened=True)
    claim |= {"id": long_ago, "happened_at": "2024-11-07T12:00:00.000Z"}

    till.send(claim)

    assert [line["id"] for line in flags(business)] == [long_ago]
    assert business.owner.get("/today").json["flagged"] == 1


def test_the_stranger_sees_none_of_it(business, stranger, till, make_card):
    till.send(till.stamp(NO_CARD, already_happened=True), till.redeem(make_card(), already_happened=True))

    assert kept(stranger) == flags(stranger) == []
    assert len(kept(business)) == len(flags(business)) == 1
    assert till.client.get("/kept").status_code == till.client.get("/flags").status_code == 401
