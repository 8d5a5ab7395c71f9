"""Keys for other software: shown once, working until ended."""

from conftest import Client

from api.ids import id_text, moment_text, new_id, now_ms


def software(app, key):
    return Client(app, {}, bearer=key)


def a_stamp(card):
    return {"id": id_text(new_id()), "kind": "stamp", "card": card.code, "happened_at": moment_text(now_ms())}


def test_a_key_lets_other_software_stamp(app, owner, make_card):
    card = make_card()
    key = owner.post("/api-keys", {"name": "Cash register"}).json["key"]

    answer = software(app, key).post("/events", a_stamp(card))

    assert (answer.status_code, answer.json["status"]) == (200, "applied")
    assert owner.get(f"/cards/{card.code}/events").json["items"][0]["source"] == "software"


def test_a_key_is_shown_once(owner):
    made = owner.post("/api-keys", {"name": "Cash register"}).json

    listed = owner.get("/api-keys")

    assert [(item["id"], item["name"]) for item in listed.json["items"]] == [(made["id"], "Cash register")]
    assert made["key"] not in listed.text


def test_the_owner_sees_whether_a_key_is_in_use(app, owner, make_card):
    card = make_card()
    key = owner.post("/api-keys", {"name": "Display"}).json["key"]
    assert owner.get("/api-keys").json["items"][0]["last_used_at"] is None

    software(app, key).get(f"/cards/{card.code}/events")

    assert owner.get("/api-keys").json["items"][0]["last_used_at"] is not None


def test_an_ended_key_works_no_more(app, owner, make_card):
    card = make_card()
    made = owner.post("/api-keys", {"name": "Cash register"}).json

    ended = owner.delete(f"/api-keys/{made['id']}")

    assert ended.status_code == 204
    assert owner.get("/api-keys").json == {"items": []}
    answer = software(app, made["key"]).post("/events", a_stamp(card))
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert owner.delete(f"/api-keys/{made['id']}").status_code == 404


def test_a_key_works_in_its_own_business_alone(app, owner, stranger):
    theirs = stranger.card()
    key = owner.post("/api-keys", {"name": "Cash register"}).json["key"]

    answer = software(app, key).post("/events", a_stamp(theirs))

    assert (answer.status_code, answer.json["reason"]) == (409, "unknown_card")
    assert theirs.face["stamps"] == 0
    assert software(app, key.replace(key.split(".")[0], str(stranger.id), 1)).post("/cards").status_code == 401
