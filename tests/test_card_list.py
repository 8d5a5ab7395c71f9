"""The owner finds a card: by what is printed on it, by what its customer said, or by looking through them all."""

import pytest
from test_programmes import change

from api.ids import id_text


def found(business, query="", **search):
    answer = business.owner.get("/cards" + query, query_string=search)
    assert answer.status_code == 200, answer.text
    return [card["code"] for card in answer.json["items"]]


def name(card, **person):
    answer = card.customer.put(f"/cards/{card.code}/customer", person)
    assert answer.status_code == 200, answer.text
    return card


def test_the_card_last_used_comes_first(business, till, make_card):
    first, second, third = (make_card() for _ in range(3))
    till.send(till.stamp(second))

    assert found(business) == [second.code, third.code, first.code]


def test_the_fullest_card_comes_first_when_asked(business, make_card):
    few, many, some = make_card(stamps=1), make_card(stamps=8), make_card(stamps=4)

    assert found(business, sort="stamps") == [many.code, some.code, few.code]


def test_cards_that_count_money_stand_among_the_others_by_how_far_they_are(business, make_card):
    terms = {"stamps_needed": 10, "reward": "a lunch", "stamp_for": "spend", "spend_per_stamp": 2000}
    lunch = business.owner.post("/programmes", {"name": "Lunch", "terms": terms}).json["id"]
    empty, few, many = make_card(), make_card(stamps=2), make_card(stamps=9)
    paid = business.owner.post("/cards", {"programme": lunch}).json["card"]["code"]
    business.owner.post(f"/cards/{paid}/adjustments", {"stamps": 5, "reason": "as it was"})

    assert found(business, sort="stamps") == [many.code, paid, few.code, empty.code]


def test_a_listed_card_is_its_face_and_its_customer_s_name(business, make_card):
    card, nobody = name(make_card(stamps=3), name="Anna Nowak"), make_card(stamps=2)

    listed = business.owner.get("/cards?sort=stamps").json["items"]

    assert listed == [card.face | {"customer": {"name": "Anna Nowak"}}, nobody.face | {"customer": None}]


def test_the_face_is_under_the_programme_s_current_version(business, make_card):
    make_card(stamps=9)
    change(business, stamps_needed=8)

    (listed,) = business.owner.get("/cards").json["items"]

    assert (listed["stamps"], listed["rewards_ready"]) == (1, 1)


def test_a_card_is_found_by_its_code_however_it_is_typed_or_scanned(business, make_card):
    make_card()
    card = make_card()
    short = card.face["short_code"]

    for typed in (
        short,
        short.lower().replace("-", " "),
        short.replace("0", "O").replace("1", "l"),
        card.code,
        card.code.lower(),
        f"HTTPS://CARDS.EXAMPLE.COM/C/{card.code}",
        f"https://cards.example.com/c/{card.code}#{card.key}",
        f"  {card.code} ",
    ):
        assert found(business, search=typed) == [card.code], typed


def test_a_replaced_code_finds_the_card_it_became(business, make_card):
    card = make_card()
    new = business.owner.post(f"/cards/{card.code}/replacements", {"reason": "lost"}).json["card"]["code"]

    assert found(business, search=card.code) == [new]


def test_a_card_is_found_by_what_its_customer_said(business, make_card):
    make_card()
    lukasz = name(make_card(), name="Łukasz Żółw", phone="+48 600-100-200", email="zolw@example.com")
    anna = name(make_card(), name="Anna 100% Żółta", phone="600 300 400", email="anna_z@example.com")

    assert found(business, search="łukasz") == [lukasz.code]
    assert found(business, search="ZOLW LUK") == [lukasz.code]
    assert found(business, search="600 100") == [lukasz.code]
    assert found(business, search="+48600100200") == [lukasz.code]
    assert found(business, search="żół") == [anna.code, lukasz.code]
    assert found(business, search="Anna_Z@example") == [anna.code]
    assert found(business, search="100%") == [anna.code]
    assert found(business, search="anna lukasz") == []
    assert found(business, search="annaXz") == []
    assert found(business, search="!") == []


def test_what_a_customer_said_before_finds_nothing_any_more(business, make_card):
    card = name(make_card(), name="Anna")
    name(card, name="Ewa")

    assert found(business, search="anna") == []
    assert found(business, search="ewa") == [card.code]


def test_one_programme_s_cards_can_be_looked_at_alone(business, make_card):
    coffee = business.owner.post("/programmes", {"name": "Coffee", "terms": {"stamps_needed": 5, "reward": "a coffee"}})
    sandwich, cup = make_card(), business.owner.post("/cards", {"programme": coffee.json["id"]}).json["card"]["code"]

    assert found(business, programme=coffee.json["id"]) == [cup]
    assert found(business, programme=id_text(business.programme_id)) == [sandwich.code]
    assert found(business, programme=coffee.json["id"], search=sandwich.code) == []


@pytest.mark.parametrize("sort", ["recent", "stamps"])
def test_page_by_page_every_card_comes_once(business, make_card, sort):
    cards = [make_card(stamps=n % 3) for n in range(7)]

    seen: list[str] = []
    sizes, link = [], f"/cards?limit=3&sort={sort}"
    while link:
        answer = business.owner.get(link)
        seen += [card["code"] for card in answer.json["items"]]
        sizes.append(len(answer.json["items"]))
        link = answer.headers.get("Link", "").partition(">")[0].removeprefix("</api/v1")

    assert sizes == [3, 3, 1]
    assert sorted(seen) == sorted(card.code for card in cards)
    assert seen == found(business, sort=sort)


def test_a_cursor_that_no_page_gave_is_refused(business):
    for cursor in ("", "x", "W10", "WzEsMl0", "////", "IiI", "é"):
        answer = business.owner.get("/cards", query_string={"cursor": cursor})
        assert (answer.status_code, answer.json["pointer"]) == (422, "?cursor"), cursor


def test_a_search_with_signs_no_one_types_is_refused(business):
    assert business.owner.get("/cards?search=%00").status_code == 422
    assert business.owner.get("/cards?limit=201").status_code == 422
    assert business.owner.get("/cards?limit=0").status_code == 422
    assert business.owner.get("/cards?sort=name").status_code == 422


def test_the_stranger_finds_nobody_s_cards(business, stranger, make_card):
    card = name(make_card(), name="Anna")

    assert found(stranger) == []
    for search in (card.code, card.face["short_code"], "anna"):
        assert found(stranger, search=search) == []
    assert found(stranger, programme=id_text(business.programme_id)) == []
