"""A whole story is played while everything is logged; then no secret of anyone is in the log or in the database."""

import logging

import pytest
from conftest import Client, Till

from api import db
from api.actions import set_up
from api.ids import id_text, new_id, now_ms

PASSWORD = "correct horse battery"
ALMOST = "correct horse batterx"
PIN, WRONG_PIN, NEW_PIN = "73910264", "73910265", "58203917"
WISH = {
    "owner": {"name": "Ada", "email": "ada@example.com", "password": PASSWORD}, "business": "Corner",
    "shop": "Market Street", "currency": "EUR", "time_zone": "Europe/Warsaw", "language": "en", "stamps_needed": 3,
    "reward": "a free sandwich",
}  # fmt: skip


@pytest.fixture
def log(caplog):
    """Everything that is logged, from before the service starts."""
    caplog.set_level(logging.DEBUG)
    return caplog


def test_no_secret_is_in_the_log_or_in_the_database(log, app):
    secrets = _play(app)

    kept = b"".join(_everything_kept(app))
    assert "sessions" in log.text, "what broke is in the log"
    assert {name: secret for name, secret in secrets.items() if secret in log.text} == {}
    assert b"ada@example.com" in kept, "the database was read"
    assert {name: secret for name, secret in secrets.items() if secret.encode() in kept} == {}


def _play(app):
    """From set-up to a revoked till, with mistakes. Returns what nobody in it would want to read elsewhere, by name."""
    secret = {"password": PASSWORD, "password mistyped": ALMOST, "PIN": PIN, "wrong PIN": WRONG_PIN, "new PIN": NEW_PIN}
    keys = app.extensions["tenth.keys"]
    owner, till = Client(app, {}), Till(Client(app, {}), b"")

    secret["set-up link"] = token = db.write(lambda c: set_up.new_link(c, keys=keys, now=now_ms()))
    owner.get(f"/setup/{token}")
    shop = owner.post("/setup", WISH | {"token": token}).json["shops"][0]
    secret["session"] = _cookie(owner, "__Host-owner")
    owner.post("/sessions", {"email": "ada@example.com", "password": ALMOST})
    owner.ask("POST", "/sessions", data=f'{{"password": "{PASSWORD}"', content_type="application/json")
    owner.post("/sessions", {"email": "ada@example.com", "password": PASSWORD, PASSWORD: 1})
    owner.post("/sessions", {"email": "ada@example.com", "password": PASSWORD})
    secret["second session"] = _cookie(owner, "__Host-owner")

    pairing = owner.post(f"/shops/{shop['id']}/pairing-codes", {"till_name": "Till 1"}, headers=_once()).json["code"]
    secret |= {"pairing code": pairing, "pairing code without dashes": pairing.replace("-", "")[:8]}
    till.client.post("/pairings", {"code": pairing})
    secret["till"] = _cookie(till.client, "__Host-till")
    person = owner.post("/staff", {"name": "Bo", "pin": PIN}, headers=_once()).json
    for pin in (WRONG_PIN, PIN):
        till.client.post("/till/sign-ons", {"staff": person["id"], "pin": pin})
    owner.patch(f"/staff/{person['id']}", {"pin": NEW_PIN})

    secret["API key"] = api_key = owner.post("/api-keys", {"name": "Register"}, headers=_once()).json["key"]
    hook = owner.post("/webhooks", {"url": "https://hooks.example.com/tenth"}, headers=_once()).json
    secret["webhook secret"] = hook["secret"].removeprefix("whsec_")

    made = Client(app, {}).post("/cards", {"shop": shop["join_code"]}, headers=_once()).json
    secret |= _secrets_of(made, "card")
    code = made["card"]["code"]
    customer = Client(app, {}, bearer=made["key"])
    customer.put(f"/cards/{code}/customer", {"name": "Kim", "consents": {"news": True}})
    till.client.get(f"/till/cards/{made['card']['short_code']}")
    stamp = till.stamp(code, quantity=3, staff=person["id"])
    till.send(stamp, stamp, stamp | {"quantity": 1}, {"id": "nonsense", "card": code})
    till.send(till.redeem(code), till.redeem(code), till.redeem(code, already_happened=True), till.void(stamp))
    till.send(till.claim("void", code, ref=person["id"]), till.stamp(code[:-1] + "9", already_happened=True))
    software = Client(app, {}, bearer=api_key)
    software.post("/events", till.stamp(code))
    software.post("/events", till.redeem(code, quantity=20))
    secret["new private link"] = customer.post(f"/cards/{code}/key", headers=_once()).json["key"]
    replaced = till.client.post(f"/cards/{code}/replacements", headers=_once()).json
    secret |= _secrets_of(replaced, "new card")
    till.send(till.stamp(code), till.stamp(replaced["card"]["code"]))

    owner.post(f"/tills/{owner.get('/tills').json['items'][0]['id']}/revocations")
    till.send(till.stamp(replaced["card"]["code"], already_happened=True))
    owner.get("/kept")
    owner.get(f"/cards/{replaced['card']['code']}/events")
    _go_wrong(app, owner, PASSWORD)
    return secret


def _once():
    """A header that makes sending again harmless; the answer, secrets and all, is then kept."""
    return {"Idempotency-Key": id_text(new_id())}


def _secrets_of(made, name):
    short = made["card"]["short_code"]
    return {
        f"{name} code": made["card"]["code"][:17],
        f"{name} short code": short,
        f"{name} short code without dash": short.replace("-", ""),
        f"{name} private link": made["key"],
    }


def _cookie(client, name):
    """A client's cookie; what it sends from now on carries the proof that goes with it."""
    client.headers["X-CSRF-Token"] = client.http.get_cookie(f"{name}-csrf").value
    return client.http.get_cookie(name).value


def _go_wrong(app, owner, password):
    """Something breaks in the middle of a sign-in."""
    with db.database().engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sessions RENAME TO elsewhere")
    broken = owner.post("/sessions", {"email": "ada@example.com", "password": password})
    with db.database().engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO sessions")
    assert broken.status_code >= 500


def _everything_kept(app):
    """The database's bytes: the very files of SQLite, every value of every table of PostgreSQL."""
    settings = app.extensions["tenth.settings"]
    if settings.on_sqlite:
        yield from (path.read_bytes() for path in sorted(settings.data.glob("tenth.db*")))
        return
    with db.reading() as connection:
        for table in db.db.metadata.sorted_tables:
            for row in connection.execute(table.select()):
                yield from (bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row)
