"""The phone sees the punch land: a stream of a card's face, woken by every change, from whichever process it came."""

import json
from contextlib import ExitStack

import psycopg
import pytest

from api import create_app
from api.live import CHANNEL
from tests.test_write import end_all_connections

ON_POSTGRES = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
# Threads of the service in these tests, less those that streams may not take.
MOST = 48


class Stream:
    """A phone that watches a card."""

    def __init__(self, client, card):
        self.client, self.path = client, f"/cards/{card.code}/live"
        self.connect()

    def connect(self):
        self.answer = self.client.get(self.path)
        self.parts = self.answer.iter_encoded()

    def face(self):
        """The next face that arrives; a ping first means that nothing woke the stream."""
        part = next(self.parts)
        if part.startswith(b"retry:"):
            part = next(self.parts)
        assert part.startswith(b"event: card\ndata: "), part
        return json.loads(part.split(b"data: ")[1])

    def until(self, stamps):
        """Faces as they arrive, up to the one with so many stamps; a phone whose stream ended comes back."""
        while True:
            try:
                if (face := self.face())["stamps"] == stamps:
                    return face
            except StopIteration:
                self.close()
                self.connect()

    def close(self):
        self.answer.close()


@pytest.fixture
def watch(anyone):
    """Watch a card; whatever is still open is closed in the end."""
    with ExitStack() as streams:

        def start(card, client=anyone):
            stream = Stream(client, card)
            streams.callback(stream.close)
            return stream

        yield start


def test_a_phone_sees_its_card_at_once_and_each_stamp_as_it_lands(till, make_card, watch):
    card = make_card(stamps=3)
    phone = watch(card)

    first = phone.face()["stamps"]
    till.send(till.stamp(card))
    second = phone.face()["stamps"]
    till.send(till.stamp(card, quantity=6))

    assert (first, second) == (3, 4)
    assert phone.face()["rewards_ready"] == 1


def test_what_the_owner_does_is_seen_too(owner, make_card, watch):
    card = make_card(stamps=3)
    phone = watch(card)
    phone.face()

    owner.post(f"/cards/{card.code}/adjustments", {"stamps": 2, "reason": "sorry"})
    assert phone.face()["stamps"] == 5

    owner.post(f"/cards/{card.code}/replacements", {"reason": "lost"})
    assert phone.face()["replaced"]


def test_a_phone_is_not_woken_for_another_card_or_for_nothing(app, till, make_card, watch):
    card, other = make_card(stamps=3), make_card()
    phone = watch(card)
    phone.face()
    stamp = till.stamp(card)
    till.send(stamp)
    phone.face()

    till.send(stamp, till.stamp(other), till.redeem(card))  # repeated, elsewhere, refused
    till.send(till.stamp(card))

    assert phone.face()["stamps"] == 5


def test_all_phones_of_a_card_are_woken(till, make_card, watch):
    card = make_card()
    phones = [watch(card) for _ in range(5)]
    for phone in phones:
        phone.face()

    till.send(till.stamp(card))

    assert [phone.face()["stamps"] for phone in phones] == [1] * 5


def test_when_every_stream_is_taken_a_phone_is_told_to_ask_instead(app, anyone, make_card, watch):
    card, live = make_card(), app.extensions["tenth.live"]
    with ExitStack() as others:
        for _ in range(MOST):
            others.enter_context(live.watch(b"another card"))

        refused = anyone.get(f"/cards/{card.code}/live")

        assert (refused.status_code, refused.json["code"]) == (503, "too_many_streams")
        assert int(refused.headers["Retry-After"]) > 0
    assert watch(card).face()["stamps"] == 0


@pytest.mark.parametrize("read", [0, 1, 2])
def test_a_phone_that_goes_away_frees_its_place(app, anyone, make_card, read):
    stream = Stream(anyone, make_card())
    for _ in range(read):
        next(stream.parts)

    stream.close()

    assert app.extensions["tenth.live"].count == 0


def test_asking_for_the_headers_alone_takes_no_place(app, anyone, make_card):
    card = make_card()

    anyone.ask("HEAD", f"/cards/{card.code}/live").close()

    assert app.extensions["tenth.live"].count == 0


def test_streams_end_with_the_service(app, make_card, watch):
    phone = watch(make_card())
    phone.face()

    app.extensions["tenth.live"].close()

    assert list(phone.parts) == []


@pytest.fixture
def second_app(app, database):
    """Another process of the same service, listening."""
    second = create_app(app.extensions["tenth.settings"])
    with psycopg.connect(database.replace("+psycopg", ""), autocommit=True) as connection:
        listening = "SELECT count(*) FROM pg_stat_activity WHERE query = %s"
        while connection.execute(listening, (f"LISTEN {CHANNEL}",)).fetchone() != (2,):
            pass
    yield second
    second.extensions["tenth.live"].close()
    second.extensions["tenth.database"].close()


@ON_POSTGRES
def test_a_stamp_taken_in_one_process_is_seen_through_another(second_app, till, make_card, watch, anyone):
    card = make_card()
    phone = watch(card, type(anyone)(second_app, {}))
    phone.face()

    till.send(till.stamp(card))

    assert phone.until(1)


@ON_POSTGRES
def test_what_happened_while_the_database_was_away_is_seen_when_it_is_back(
    second_app, till, make_card, watch, anyone, database
):
    card = make_card()
    phone = watch(card, type(anyone)(second_app, {}))
    phone.face()
    stamp = {"sent_at": "2026-11-21T12:00:00Z", "events": [till.stamp(card)]}

    end_all_connections(database)
    while till.client.post("/sync", stamp).status_code == 503:
        pass

    assert phone.until(1)
