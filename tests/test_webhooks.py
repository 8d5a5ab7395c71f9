"""Other software is told of what happens on cards: signed, in time, and never at the cost of a stamp."""

import base64
import dataclasses
import hashlib
import hmac
import http.server
import json
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from api import db
from api.actions import webhooks as actions
from api.actions.webhooks import Taken, Tried
from api.ids import now_ms, read_id
from api.outside import webhooks as outside
from api.outside.webhooks import NotPublic, Sender, checked, is_public
from api.routes.webhooks import message
from api.store import webhooks as store

DAY_MS = 86_400_000


class Receiver(http.server.ThreadingHTTPServer):
    """The other side: notes what it is sent and answers as it is told."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got = []
        self.answers = []
        self.url = f"http://127.0.0.1:{self.server_port}/tenth?shop=1"
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def events(self):
        return [json.loads(body)["data"]["line"]["id"] for _, _, body in self.got]


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        status, headers = self.server.answers.pop(0) if self.server.answers else (204, {})
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def receiver():
    server = Receiver()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def sender(app):
    """The sender as it runs in a shop that lets webhooks into its own network; here each step is asked for."""
    app.extensions["tenth.settings"] = dataclasses.replace(app.extensions["tenth.settings"], webhooks_to_private=True)
    return Sender(app, message)


@pytest.fixture
def webhook(sender, owner, receiver):
    """A webhook of the owner's that leads to the receiver."""
    answer = owner.post("/webhooks", {"url": receiver.url})
    assert answer.status_code == 201, answer.text
    return answer.json


def send_all(sender):
    while sender.send_due():
        pass


def deliveries(owner, webhook):
    return owner.get(f"/webhooks/{webhook['id']}/deliveries").json["items"]


def shown(owner, webhook):
    return next(item for item in owner.get("/webhooks").json["items"] if item["id"] == webhook["id"])


def make_all_due(webhook, business):
    """As if the wait were over."""
    for table, column in (("notices", "next_try_at"), ("webhooks", "rest_until")):
        statement = f"UPDATE {table} SET {column} = 1 WHERE {column} IS NOT NULL"
        db.write(lambda connection, sql=statement: connection.exec_driver_sql(sql))


def test_a_stamp_is_told_with_its_line_and_the_card_after_it(sender, webhook, receiver, till, make_card):
    card = make_card(stamps=4)
    receiver.got.clear()
    stamp = till.stamp(card)
    till.send(stamp)
    till.send(till.stamp(card, quantity=2))

    send_all(sender)

    told = [json.loads(body) for _, _, body in receiver.got]
    first = next(each for each in told if each["data"]["line"]["id"] == stamp["id"])
    assert first["type"] == "stamp"
    assert first["timestamp"] == stamp["happened_at"]
    assert first["data"]["line"]["why"] | {"at": 0} == first["data"]["line"]["why"] | {
        "at": 0,
        "code": "stamped",
        "stamp": 5,
    }
    assert first["data"]["card"]["stamps"] == 5, "as it was then, though there are seven now"
    assert [each["data"]["card"]["stamps"] for each in told][-1] == 7
    assert receiver.got[0][0] == "/tenth?shop=1"


def test_the_receiver_can_check_who_sent_it(sender, webhook, receiver, till, make_card):
    till.send(till.stamp(make_card()))

    send_all(sender)

    _, headers, body = receiver.got[-1]
    secret = base64.b64decode(webhook["secret"].removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    assert headers["webhook-id"] == json.loads(body)["data"]["line"]["id"]


def test_the_secret_is_shown_once_and_is_in_no_list(webhook, owner):
    assert webhook["secret"].startswith("whsec_")
    assert "secret" not in shown(owner, webhook)


def test_every_kind_of_event_has_its_notice(sender, receiver, webhook, make_business, app):
    business = make_business("Kinds", stamps_needed=2, welcome_stamps=1)
    hook = business.owner.post("/webhooks", {"url": receiver.url}).json
    till, card = business.till(), business.card()
    stamp = till.stamp(card)
    till.send(stamp, till.redeem(card))
    till.send(till.void(stamp))
    business.owner.post(f"/cards/{card.code}/adjustments", {"stamps": 3, "reason": "made good"})
    ref = business.owner.get(f"/cards/{card.code}/events").json["items"][0]["id"]
    business.owner.post(f"/cards/{card.code}/voids", {"ref": ref, "reason": "wrong card"})

    send_all(sender)

    ledger = {item["id"]: item["kind"] for item in business.owner.get(f"/cards/{card.code}/events").json["items"]}
    told = {json.loads(body)["data"]["line"]["id"]: json.loads(body)["type"] for _, _, body in receiver.got}
    assert told == ledger
    assert {*ledger.values()} == {"bonus", "stamp", "redeem", "void", "adjust"}
    assert {each["status"] for each in deliveries(business.owner, hook)} == {"delivered"}


def test_an_event_and_its_notices_are_written_together_or_not_at_all(webhook, owner, till, make_card, business):
    card = make_card(stamps=1)
    before = deliveries(owner, webhook)
    refuse = {
        "sqlite": ["CREATE TRIGGER broken BEFORE INSERT ON notices BEGIN SELECT RAISE(ABORT, 'the disk is bad'); END"],
        "postgresql": [
            "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the disk is bad'; END $$",
            "CREATE TRIGGER broken BEFORE INSERT ON notices FOR EACH ROW EXECUTE FUNCTION broken()",
        ],
    }[db.database().engine.dialect.name]
    mend = "DROP TRIGGER broken" + (" ON notices" if len(refuse) > 1 else "")
    for sql in refuse:
        db.write(lambda connection, sql=sql: connection.exec_driver_sql(sql))
    stamp = till.stamp(card)

    answer = till.client.post("/sync", {"sent_at": stamp["happened_at"], "events": [stamp]})

    assert answer.status_code >= 500
    assert card.face["stamps"] == 1
    assert deliveries(owner, webhook) == before
    db.write(lambda connection: connection.exec_driver_sql(mend))
    assert till.send(stamp)[0]["status"] == "applied"
    assert deliveries(owner, webhook)[0]["id"] == stamp["id"]


def test_only_the_kinds_it_asks_for_are_sent(sender, owner, receiver, till, make_card):
    owner.post("/webhooks", {"url": receiver.url, "kinds": ["redeem", "void"]})
    card = make_card(rewards=1)
    redeem = till.redeem(card)

    till.send(till.stamp(card), redeem)
    send_all(sender)

    assert receiver.events == [redeem["id"]]


def test_nothing_of_one_business_is_told_to_another(sender, webhook, receiver, stranger, make_card, till):
    stranger.till().send(stranger.till().stamp(stranger.card()))

    send_all(sender)

    assert receiver.got == []


def test_what_failed_is_tried_again_with_the_same_id(sender, webhook, receiver, owner, till, business, make_card):
    receiver.answers = [(500, {}), (302, {"Location": receiver.url})]
    till.send(till.stamp(make_card()))

    send_all(sender)
    first = deliveries(owner, webhook)[0]
    make_all_due(webhook, business)
    send_all(sender)
    make_all_due(webhook, business)
    send_all(sender)

    assert (first["status"], first["attempts"], first["answer_status"]) == ("waiting", 1, 500)
    assert len(receiver.got) == 3, "a redirect is not followed"
    assert len({headers["webhook-id"] for _, headers, _ in receiver.got}) == 1
    assert len({body for _, _, body in receiver.got}) == 1
    last = deliveries(owner, webhook)[0]
    assert (last["status"], last["attempts"], last["answer_status"], last["next_try_at"]) == ("delivered", 3, 204, None)
    assert shown(owner, webhook)["failing_since"] is None


def test_an_address_that_fails_rests_while_others_are_served(sender, webhook, receiver, owner, till, make_card):
    other = owner.post("/webhooks", {"url": "http://127.0.0.1:9/closed"}).json
    card = make_card()
    till.send(till.stamp(card), till.stamp(card))

    send_all(sender)

    assert len(receiver.got) == 2
    failed = deliveries(owner, other)
    assert sorted(each["attempts"] for each in failed) == [0, 1], "one failure is enough for now"
    assert {each["status"] for each in failed} == {"waiting"}
    assert "unreachable" in {each["error"] for each in failed}
    assert shown(owner, other)["failing_since"] is not None
    assert not sender.send_due()


def test_an_address_that_is_gone_is_turned_off_at_once(sender, webhook, receiver, owner, till, make_card):
    receiver.answers = [(410, {})]
    card = make_card()
    till.send(till.stamp(card))

    send_all(sender)
    till.send(till.stamp(card))

    assert (shown(owner, webhook)["active"], shown(owner, webhook)["off_reason"]) == (False, "gone")
    assert [each["status"] for each in deliveries(owner, webhook)] == ["failed"]


def test_an_address_at_which_nothing_arrives_for_five_days_is_turned_off_and_can_be_turned_on_again(
    sender, webhook, receiver, owner, till, business, make_card
):
    till.send(till.stamp(make_card()))
    start, webhook_id = now_ms() + 1000, read_id(webhook["id"])
    for day in range(6):
        now = start + day * DAY_MS
        with_notice = db.write(lambda c, now=now: actions.take(c, business.id, webhook_id, now=now))
        tried = [Tried(each.event_id, each.tries + 1, 500, None) for each in with_notice.notices[:1]] or [
            Tried(b"gone by now 1234", 1, 500, None)
        ]
        db.write(lambda c, t=with_notice, tried=tried, now=now: actions.settle(c, t, tried, now=now, jitter=1.0))
        assert shown(owner, webhook)["active"] is (day < 5)

    assert shown(owner, webhook)["off_reason"] == "failing"
    assert owner.post(f"/webhooks/{webhook['id']}/tests").status_code == 409
    again = owner.patch(f"/webhooks/{webhook['id']}", {"active": True}).json
    assert (again["active"], again["off_reason"], again["failing_since"]) == (True, None, None)


def test_a_notice_is_tried_for_three_days_and_then_given_up():
    at, moments = 0, []
    for tries in range(1, 20):
        following = actions.next_try(tries, now=at, jitter=1.0)
        if following is None:
            break
        moments.append(following - at)
        at = following

    assert moments == sorted(moments)
    assert 2.9 * DAY_MS < at < 3.1 * DAY_MS


def test_two_processes_never_send_to_one_address_at_once(webhook, till, business, make_card):
    till.send(till.stamp(make_card()))
    now, webhook_id = now_ms() + 1000, read_id(webhook["id"])

    first = db.write(lambda c: actions.take(c, business.id, webhook_id, now=now))
    second = db.write(lambda c: actions.take(c, business.id, webhook_id, now=now))
    later = db.write(lambda c: actions.take(c, business.id, webhook_id, now=now + actions.HOLD_MS))

    assert isinstance(first, Taken)
    assert second is None
    assert isinstance(later, Taken), "who held it may have died"


def test_a_test_message_arrives_and_is_listed(sender, webhook, receiver, owner):
    made = owner.post(f"/webhooks/{webhook['id']}/tests").json

    send_all(sender)

    assert json.loads(receiver.got[0][2])["type"] == "test"
    listed = deliveries(owner, webhook)[0]
    assert (listed["id"], listed["kind"], listed["status"]) == (made["id"], "test", "delivered")


def test_a_removed_webhook_is_told_nothing_more(sender, webhook, receiver, owner, till, make_card):
    till.send(till.stamp(make_card()))

    assert owner.delete(f"/webhooks/{webhook['id']}").status_code == 204
    send_all(sender)

    assert receiver.got == []
    assert owner.get("/webhooks").json["items"] == []
    assert owner.get(f"/webhooks/{webhook['id']}/deliveries").status_code == 404
    assert owner.delete(f"/webhooks/{webhook['id']}").status_code == 404


def test_the_list_of_what_was_sent_comes_a_page_at_a_time(webhook, owner, till, make_card):
    card = make_card()
    till.send(*(till.stamp(card) for _ in range(5)))
    address, seen = f"/webhooks/{webhook['id']}/deliveries?limit=2", []

    while address:
        answer = owner.get(address)
        seen += [item["id"] for item in answer.json["items"]]
        link = answer.headers.get("Link")
        address = link.split(">")[0].removeprefix("</api/v1") if link else None

    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen, reverse=True)


def test_a_webhook_into_somebodys_own_network_is_refused_unless_the_owner_of_the_machine_allows_it(
    app, owner, till, receiver, make_card
):
    sender = Sender(app, message)
    assert owner.post("/webhooks", {"url": receiver.url}).status_code == 422, "not over https"
    hook = owner.post("/webhooks", {"url": f"https://localhost:{receiver.server_port}/"}).json
    till.send(till.stamp(make_card()))

    send_all(sender)

    assert receiver.got == []
    assert deliveries(owner, hook)[0]["error"] == "not_public"


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
     "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:53aa:64c::1"],
)  # fmt: skip
def test_an_address_that_is_not_for_everybody_is_known_as_such(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::6810:84e5", "::ffff:93.184.215.14"])
def test_an_address_that_is_for_everybody_is_known_as_such(address):
    assert is_public(address)


def test_a_name_that_leads_inside_as_well_as_outside_is_refused():
    with pytest.raises(NotPublic):
        checked(["93.184.215.14", "10.0.0.1"], to_private=False)


def test_what_was_checked_is_what_is_connected_to(receiver):
    connection = outside._Checked("never.invalid", receiver.server_port, timeout=5)
    connection.addresses = ["127.0.0.1"]

    connection.request("POST", "/", b"{}")

    assert connection.getresponse().status == 204
    connection.close()


def test_a_receiver_that_cannot_prove_its_name_is_told_nothing(receiver, tmp_path):
    receiver.socket = self_signed(tmp_path).wrap_socket(receiver.socket, server_side=True)

    sent = outside.post(f"https://localhost:{receiver.server_port}/", b"{}", {}, to_private=True)

    assert sent == (None, "bad_certificate")
    assert receiver.got == []


def self_signed(folder):
    """A TLS context with a certificate that only its maker vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "both.pem").write_bytes(key.private_bytes(pem, *plain) + certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context


def test_an_answer_that_never_ends_is_cut_off(monkeypatch):
    monkeypatch.setattr(outside, "ALL_SECONDS", 0.3)
    with Dripping() as server:
        began = time.monotonic()
        status, error = outside.post(server.url, b"{}", {}, to_private=True)

    assert status is None
    assert error in ("unreachable", "no_answer")
    assert time.monotonic() - began < 3


class Dripping:
    """Sends one byte of a header now and then, for ever."""

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/"
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.drip, daemon=True)
        self.thread.start()
        return self

    def drip(self):
        conversation, _ = self.listener.accept()
        with conversation:
            conversation.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while not self.ending.wait(0.02):
                try:
                    conversation.sendall(b"x")
                except OSError:
                    return

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join()
        self.listener.close()


def test_the_sender_works_by_itself_and_stops_when_told(sender, webhook, receiver, owner, till, make_card, app):
    sender.start()
    till.send(till.stamp(make_card()))

    deadline = time.monotonic() + 20
    while not (receiver.got and deliveries(owner, webhook)[0]["status"] == "delivered"):
        assert time.monotonic() < deadline, "nothing arrived"
        time.sleep(0.02)
    sender.close()

    with db.reading() as connection:
        assert store.next_due(connection, now_ms()) is None
