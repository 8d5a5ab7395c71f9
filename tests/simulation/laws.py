"""What must hold on the street: what people were shown is what the ledger says; nothing is lost or counted twice."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from api.actions import housekeeping
from api.ids import id_text
from tests.model import Line, Model
from tests.simulation.kiosk import Said
from tests.world import rows

if TYPE_CHECKING:
    from tests.simulation.street import Card, Street

# A clock that is off by less is taken at its word.
CLOCK_MS = 5 * 60_000
_LINES = "SELECT id, card_id, kind, stamps, rewards, happened_at, received_at, version, ref, till_id, flag FROM events"


def check_card(street: Street, card: Card) -> None:
    """What a phone shows of this card now is what its lines come to by a naive count, and no promise was broken."""
    answer = street.service.ask("GET", f"/cards/{card.code}")
    assert answer.status == 200, answer
    face = answer.body
    lines = _read(street, f"{_LINES} WHERE card_id = :card", card=card.id)
    model = Model(street.promises, made_under={card.id: card.first_version}, lines={line.id: line for line in lines})
    standing = model.standing(card.id)
    for name in ("stamps", "needed", "next_needed", "rewards_ready", "stamps_owed", "rewards_owed"):
        assert face[name] == getattr(standing, name), f"{name} of a card: shown {face[name]}, counted {standing}"
    others = sum(line.kind != "stamp" for line in lines)
    left, ready = face["needed"] - face["stamps"], face["rewards_ready"] - face["rewards_owed"]
    if card.seen is not None and card.seen[0] == others:
        _, left_then, ready_then = card.seen
        assert ready > ready_then or (ready == ready_then and left <= left_then), "a promise was broken"
    card.seen = (others, left, ready)
    overdrawn = sum(-line.rewards - line.stamps if line.kind == "redeem" else 50 for line in lines if line.flag)
    assert face["rewards_owed"] <= overdrawn, "a card owes rewards and nobody was told"


def check_ledger(street: Street) -> dict[str, Line]:
    """Every line was made by somebody, once, and as they said; every card is what its lines add up to."""
    with street.service.database.reading() as connection:
        _, wrong = housekeeping.verify(connection)
    assert wrong is None, wrong
    lines = {id_text(line.id): line for line in _read(street, _LINES)}
    said = _said(street)
    codes = {card.code: id for id, card in street.known.items()}
    undone = Counter(line.ref for line in lines.values() if line.kind == "void")
    assert all(times == 1 for times in undone.values()), "one event was undone twice"
    for id, line in lines.items():
        assert id in said or id in street.house or line.kind == "bonus", f"{id}: a line that nobody made"
        if line.kind == "void":
            ref = lines[id_text(line.ref or b"")]
            exact = (-ref.stamps, -ref.rewards, ref.card)
            assert (line.stamps, line.rewards, line.card) == exact, f"{id}: a void is not exact"
        elif id in said:
            claim = said[id].claim
            amount = (claim["quantity"], 0) if claim["kind"] == "stamp" else (0, -claim["quantity"])
            assert (line.kind, line.stamps, line.rewards) == (claim["kind"], *amount), f"{id}: not as it was said"
            meant = codes.get(claim["card"], line.card)
            assert line.card == meant or id in street.settled, f"{id}: on another card"
            if street.straight.get(id):
                assert abs(line.at - said[id].at) <= CLOCK_MS, f"{id}: {line.at} is not when it happened, {said[id].at}"
    return lines


def deliver(street: Street) -> None:
    """The network is good at last, and whatever any till still has to say is said."""
    street.offline.clear()
    street.too_much.clear()
    while street.under_way:
        street.a_late_request_arrives()
    for till in [*street.gone, *street.tills]:
        for _ in range(200):
            street.beat(till)
            if not till.disk.outbox and (till.connected or not till.paired):
                break
        assert not till.disk.outbox, f"{till.name} could not get rid of {len(till.disk.outbox)} events"
    while street.under_way:
        street.a_late_request_arrives()


def check_books(street: Street) -> Counter[str]:
    """In the end: everything that was shown is in the ledger once, or kept for the owner. Counts what became of it."""
    lines = check_ledger(street)
    check_gaps(street)
    for card in street.cards:
        check_card(street, card)
    asides: dict[str, set[str]] = {}
    undone = {id_text(line.ref) for line in lines.values() if line.ref is not None}
    found = rows(street.service.database, "SELECT id, status, reason, till_id FROM asides ORDER BY received_at")
    for id, status, reason, till_id in map(_plain, found):
        asides.setdefault(id_text(id), set()).add(status)
        ref = _said(street)[id_text(id)].claim.get("ref") if reason == "unknown_ref" else None
        if status == "kept" and ref in lines and lines[ref].till == till_id:
            assert ref in undone or {ref, id_text(id)} & street.settled, f"{ref}: its void waits for ever"
    outcome: Counter[str] = Counter()
    for id, said in _said(street).items():
        became = _became(id, said, lines, asides)
        outcome[became] += 1
        _check_one(street, id, said, became)
        if became == "counted" and said.claim["kind"] == "redeem" and not said.handed:
            voids = {other: told for other, told in _said(street).items() if told.claim.get("ref") == id}
            settled = id in undone or id in street.settled or any(void in asides for void in voids)
            lost = any(void.lost or void.forgotten for void in voids.values())
            assert settled or lost, f"{id}: debited, and nobody got anything: {said}, {voids}"
    return outcome


def check_gaps(street: Street) -> None:
    """What a till has lost, its owner hears of; and of nothing else."""
    items = street.owner("GET", "/tills").body["items"]
    for till in street.tills:
        gaps = [gap for item in items if item["name"] == till.name for gap in item["gaps"]]
        for gap in gaps:
            numbers = range(gap["first"], (gap["last"] or 0) + 1)
            assert till.wipes or gap["last"], f"{till.name} has not lost its memory: {gap}"
            assert till.wipes or all(number in till.lost_numbers for number in numbers), f"nothing was lost: {gap}"
        for number in till.lost_numbers:
            if street.shown_lost.get((till.name, number)) == street.life and not till.wipes:
                found = any(gap["first"] <= number <= (gap["last"] or number) for gap in gaps)
                assert found, f"{till.name} has lost {number} and nobody was told"


def _became(id: str, said: Said, lines: dict[str, Line], asides: dict[str, set[str]]) -> str:
    if id in lines:
        return "counted"
    if asides.get(id, set()) & {"kept", "taken"}:
        return "kept"
    return "refused" if id in asides else "nowhere"


def _check_one(street: Street, id: str, said: Said, became: str) -> None:
    story = f"{id} ({said.claim['kind']}): shown {said.shown}, answered {said.answers}, and {became}"
    if said.shown == "no":
        # A void may wait for its event, and is said again after a restore.
        assert became != "counted" or id in street.settled or said.fact or said.claim["kind"] == "void", story
        return
    refused = any(status == "refused" for _, status in said.answers)
    if became == "refused":
        # Or asked once, and the till has forgotten it before it could say that it had happened.
        assert said.shown == "withdrawn" or said.lost or said.forgotten, story
    if became == "nowhere":
        # Neither the till nor a service restored since its answer has it.
        forgotten = said.forgotten and said.answers[-1][0] != street.epoch
        assert said.lost or forgotten or (said.shown == "withdrawn" and refused), story
    now = [status for epoch, status in said.answers if epoch == street.epoch]
    if {"applied", "flagged"} & {*now}:
        assert became == "counted", story


def _said(street: Street) -> dict[str, Said]:
    return {id: said for till in (*street.gone, *street.tills) for id, said in till.said.items()}


def _read(street: Street, sql: str, **values: Any) -> list[Line]:
    return [
        Line(id, card, kind, stamps, rewards, min(happened, received), version, ref, till, None, flag, None)
        for id, card, kind, stamps, rewards, happened, received, version, ref, till, flag in map(
            _plain, rows(street.service.database, sql, **values)
        )
    ]


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
