"""A customer leaves a name with a card, says yes or no to news, and is forgotten on request."""

from api import db

ANNA = {"name": "Anna Nowak", "phone": "+48 600 100 200", "email": "anna@example.com", "language": "pl"}


def put(client, card, **person):
    return client.put(f"/cards/{card.code}/customer", person)


def get(client, card):
    return client.get(f"/cards/{card.code}/customer")


def test_a_card_needs_no_name(make_card):
    card = make_card()

    answer = get(card.customer, card)

    assert (answer.status_code, answer.json["code"]) == (404, "no_customer")


def test_what_a_customer_leaves_is_there_for_them_and_for_the_owner(make_card, owner):
    card = make_card()

    left = put(card.customer, card, **ANNA, consents={"news": False})

    expected = ANNA | {"birthday": None, "consents": {"news": False}, "consent_history": []}
    assert (left.status_code, left.json) == (200, expected)
    assert get(card.customer, card).json == get(owner, card).json == expected


def test_what_is_left_out_is_gone(make_card):
    card = make_card()
    put(card.customer, card, **ANNA)

    put(card.customer, card, name="Anna", email=None)

    seen = get(card.customer, card).json
    assert [seen[field] for field in ("name", "phone", "email", "language")] == ["Anna", None, None, None]


def test_consent_is_kept_with_its_words_and_its_time(make_card):
    card = make_card()

    for news in (True, True, False):
        put(card.customer, card, **ANNA, consents={"news": news})

    seen = get(card.customer, card).json
    assert seen["consents"] == {"news": False}
    assert [line["granted"] for line in seen["consent_history"]] == [False, True]
    assert [line["kind"] for line in seen["consent_history"]] == ["news", "news"]
    wording = "Corner może mi czasem wysyłać wiadomości i oferty. Mogę to zmienić w każdej chwili."
    assert {line["wording"] for line in seen["consent_history"]} == {wording}


def test_consent_the_owner_notes_says_who_noted_it(make_card, owner):
    card = make_card()

    put(owner, card, name="Anna", consents={"news": True})

    (line,) = get(owner, card).json["consent_history"]
    assert line["wording"] == "Wants news and offers (Ada)"


def test_a_customer_who_is_forgotten_leaves_a_card_without_a_name(business, make_card, till):
    card = make_card(stamps=4)
    put(card.customer, card, **ANNA, consents={"news": True})
    history = card.customer.get(f"/cards/{card.code}/events").json

    forgotten = card.customer.delete(f"/cards/{card.code}/customer")

    assert forgotten.status_code == 204
    assert get(card.customer, card).json["code"] == "no_customer"
    assert card.face["stamps"] == 4
    assert card.customer.get(f"/cards/{card.code}/events").json == history
    assert till.send(till.stamp(card))[0]["status"] == "applied"
    assert business.owner.get("/cards?search=anna").json["items"] == []
    with db.reading() as connection:
        for table in ("customers", "consents"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0


def test_forgetting_nobody_is_no_trouble(make_card):
    card = make_card()

    assert card.customer.delete(f"/cards/{card.code}/customer").status_code == 204


def test_a_lost_card_keeps_its_customer(make_card, owner):
    card = make_card()
    put(card.customer, card, **ANNA)
    new = owner.post(f"/cards/{card.code}/replacements", {"reason": "lost"}).json["card"]["code"]

    assert owner.get(f"/cards/{new}/customer").json["name"] == "Anna Nowak"


def test_what_cannot_be_a_name_or_a_number_is_refused(make_card):
    card = make_card()

    for field, value in (
        ("name", "x" * 81),
        ("name", "An\x00na"),
        ("name", ""),
        ("phone", "call me"),
        ("phone", "+"),
        ("email", "anna"),
        ("email", "anna @example.com"),
        ("language", "xx"),
        ("consents", {"spam": True}),
        ("consents", True),
        ("birthday", "1990-01-01"),
    ):
        answer = put(card.customer, card, **{field: value})
        assert (answer.status_code, answer.json["code"]) == (422, "invalid"), (field, value)
        assert answer.json["errors"][0]["pointer"].startswith(f"/{field}")
    assert get(card.customer, card).status_code == 404


def test_nobody_else_learns_who_it_is(make_card, business, stranger, till, anyone):
    card, other = make_card(), make_card()
    put(card.customer, card, **ANNA)

    for client, status in ((other.customer, 401), (till.client, 401), (anyone, 401), (stranger.owner, 404)):
        for answer in (get(client, card), put(client, card, name="Eve"), client.delete(f"/cards/{card.code}/customer")):
            assert answer.status_code == status
    assert get(card.customer, card).json["name"] == "Anna Nowak"
    assert "Anna" not in anyone.get(f"/cards/{card.code}").text
    assert "Anna" not in till.client.get(f"/cards/{card.code}/events").text
