"""Events from a broken till or a forger: never a 500, none dropped, none counted as what it is not."""

import copy
import json

from pydantic import ValidationError

from api import db
from api.ids import id_text, moment_text, new_id, now_ms
from api.routes.events import ClaimIn
from rules import codes
from tests.world import rows

# Values that have no place, and some that have one elsewhere.
STRANGE = [
    None, True, 0, -1, 1, 2, 21, 2**31, 2**53, 2**63, -(2**63), 2**64, 1e308, 0.5, "", " ", "\x00", "x" * 5000, "🥪",
    "\u202e", "stamp", "redeem", "void", "STAMP", "adjust", "2026-02-30T10:00:00Z", "1970-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999Z", "2026-11-21T12:41:03+25:00", [], {}, [[]], {"id": 1}, [None] * 50,
    "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "' OR 1=1 --", "\\ud800", "NaN",
]  # fmt: skip
NAMES = [
    "id",
    "kind",
    "card",
    "quantity",
    "happened_at",
    "already_happened",
    "staff",
    "order_ref",
    "ref",
    "reason",
    "Id",
    "",
]
IN_A_BATCH = 50


def test_no_mutated_event_breaks_the_service_or_counts_as_what_it_is_not(
    app, database, till, make_card, dice, did, how_many
):
    # PostgreSQL takes four times as long, and what is read is the same.
    batches = how_many(10_000, 100_000) // IN_A_BATCH // (1 if database.startswith("sqlite") else 4)
    cards = [make_card(stamps=5, rewards=3) for _ in range(5)]
    known, statuses, sent = {card.code for card in cards}, {}, set()

    for _ in range(batches):
        right = [till.stamp(dice.choice(cards)) for _ in range(IN_A_BATCH)]
        events = [mutated(event, dice) for event in right]
        body = json.dumps({"sent_at": moment_text(now_ms()), "events": events}).encode()
        answer = post(till, body)
        assert answer.status_code == 200, answer.text[:500]
        results = answer.json["results"]
        assert len(results) == len(events)
        for event, result in zip(events, results, strict=True):
            statuses[result["status"]] = statuses.get(result["status"], 0) + 1
            sent.add(result["id"])
            if result["status"] in ("applied", "flagged"):
                read = ClaimIn.model_validate(event)
                assert codes.fold(read.card) in known, event
                assert id_text(read.id) == result["id"], event

    ledger = {id_text(bytes(id)) for (id,) in rows(db.database(), "SELECT id FROM events")}
    aside = {id_text(bytes(id)) for (id,) in rows(db.database(), "SELECT id FROM asides")}
    assert sent <= ledger | aside
    verified = app.test_cli_runner().invoke(args=["verify"])
    assert verified.exit_code == 0, verified.output
    did(f"{batches * IN_A_BATCH} mutated events: {statuses}, 0 dropped, 0 answered with 500; {verified.output.strip()}")


def test_no_broken_body_breaks_the_service(till, make_card, dice, did, how_many):
    bodies, card, statuses = how_many(2_000, 50_000), make_card(), {}

    for _ in range(bodies):
        body = bytearray(json.dumps({"sent_at": moment_text(now_ms()), "events": [till.stamp(card)]}).encode())
        for _ in range(dice.choice((1, 1, 2, 5))):
            place = dice.randrange(len(body))
            body[place : place + dice.choice((0, 1, 1, 20))] = dice.randbytes(dice.choice((0, 1, 1, 3)))
        status = post(till, bytes(body)).status_code
        statuses[status] = statuses.get(status, 0) + 1

    assert statuses.keys() <= {200, 400, 422}
    did(f"{bodies} bodies with broken bytes: {statuses}")


def test_no_mutated_event_is_read_as_another(dice, did, how_many):
    tries, read = how_many(1_000_000, 10_000_000), 0
    right = {
        "id": id_text(new_id()), "kind": "stamp", "card": "0123456789ABCDEFG1B", "quantity": 1,
        "happened_at": moment_text(now_ms()),
    }  # fmt: skip

    for _ in range(tries):
        event = mutated(right, dice)
        try:
            claim = ClaimIn.model_validate(event)
        except ValidationError:
            continue
        read += 1
        # Whatever was read was there to be read: no value is guessed, mended or taken from elsewhere.
        assert event["id"].lower() == id_text(claim.id)
        assert (event["kind"], event["card"].strip()) == (claim.kind, claim.card.strip())
        assert event.get("quantity", 1) == claim.quantity
        assert 1 <= claim.quantity <= 20
        assert event.keys() <= ClaimIn.model_fields.keys()

    did(f"{tries} mutated events, {read} of them still events, each read as it stands")


def post(till, body):
    """The service's answer to these bytes."""
    return till.client.ask("POST", "/sync", data=body, content_type="application/json")


def mutated(event, dice):
    """The event with one to three things done to it, or something else in its place."""
    event = copy.copy(event)
    for _ in range(dice.choice((1, 1, 2, 3))):
        name = dice.choice(NAMES)
        match dice.randrange(6):
            case 0 | 1:
                event[name] = dice.choice(STRANGE)
            case 2:
                event.pop(name, None)
            case 3 if isinstance(event.get(name), str) and event[name]:
                place = dice.randrange(len(event[name]))
                event[name] = event[name][:place] + chr(dice.randrange(1, 0xD800)) + event[name][place + 1 :]
            case 4 if isinstance(event.get(name), str):
                event[name] = event[name][: dice.randrange(len(event[name]) + 1)]
            case 5 if dice.random() < 0.05:
                return dice.choice(STRANGE)
    return event
