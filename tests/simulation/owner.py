"""What the owner does in the evening: undoes, adjusts, settles, pardons, and changes what is promised and allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.model import Promise
from tests.simulation import laws

if TYPE_CHECKING:
    from tests.simulation.street import Street


def the_owner_looks_at_the_tills(street: Street) -> None:
    """What is missing is said, and nothing else."""
    laws.check_gaps(street)


def the_owner_undoes(street: Street) -> None:
    card = street.dice.choice(street.cards)
    lines = street.owner("GET", f"/cards/{card.code}/events").body["items"]
    if lines:
        line = street.dice.choice(lines[:5])
        path, body = f"/cards/{card.code}/voids", {"ref": line["id"], "reason": "sorry"}
        may = not line["voided"] and line["kind"] not in ("void", "expire")
        answer = street.owner("POST", path, body)
        assert answer.status == (201 if may else 409), answer
        if may:
            street.house.add(answer.body["id"])


def the_owner_adjusts(street: Street) -> None:
    card = street.dice.choice(street.cards)
    body = {"stamps": street.dice.choice([-1, 1, 2]), "rewards": street.dice.choice([0, 0, 1, -1]), "reason": "sorry"}
    answer = street.owner("POST", f"/cards/{card.code}/adjustments", body)
    assert answer.status in (201, 409), answer
    if answer.status == 201:
        street.house.add(answer.body["id"])


def the_owner_settles(street: Street) -> None:
    """A kept claim is counted or left out; sometimes the button is pressed twice."""
    items = street.owner("GET", "/kept?limit=8").body["items"]
    if not items:
        return
    item = street.dice.choice(sorted(items, key=lambda item: (item["received_at"], item["id"], item["reason"])))
    if street.dice.random() < 0.6:
        path, body = "applications", {"content": item["content"], "card": street.dice.choice(street.cards).code}
    else:
        path, body = "dismissals", {"content": item["content"], "reason": "no"}
    answer = street.owner("POST", f"/kept/{item['id']}/{path}", body)
    assert answer.status in (201, 404, 409), answer
    if answer.status == 201:
        street.settled.add(item["id"])
        if path == "applications":
            street.house.add(answer.body["id"])
        if street.dice.random() < 0.3:
            assert street.owner("POST", f"/kept/{item['id']}/{path}", body).status == 409


def the_owner_reviews(street: Street) -> None:
    items = street.owner("GET", "/flags?limit=2").body["items"]
    if not items:
        return
    item = street.dice.choice(items)
    undo = street.dice.random() < 0.2
    body = {"verdict": "undone" if undo else "fine", "note": "as it was"}
    answer = street.owner("POST", f"/flags/{item['id']}/reviews", body)
    assert answer.status in (201, 409), answer
    if answer.status == 201 and undo:
        street.house.add(answer.body["event"])


def the_owner_pardons(street: Street) -> None:
    items = street.owner("GET", "/owed").body["items"]
    assert all(item["stamps_owed"] or item["rewards_owed"] for item in items), "a card is listed and owes nothing"
    if not items:
        return
    item = items[0]
    answer = street.owner("POST", f"/owed/{item['card']['code']}/pardons", {"reason": "our mistake"})
    assert answer.status == 201, answer
    street.house.add(answer.body["id"])
    after = answer.body["card"]
    assert (after["stamps_owed"], after["rewards_owed"]) == (0, 0), "a pardon leaves a debt"
    assert after["rewards_ready"] == 0 or not item["rewards_owed"], "a pardon gives more than was owed"


def the_owner_changes_the_programme(street: Street) -> None:
    promise = Promise(
        needed=street.dice.choice([3, 4, 5, 6, 8]),
        policy=street.dice.choice(["better", "better", "finish"]),
        most=6,
        cooldown=street.dice.choice([0, 0, 60]),
        daily=street.dice.choice([0, 0, 12]),
        welcome=street.dice.choice([0, 0, 1]),
    )
    terms = {
        "stamps_needed": promise.needed, "reward": "a free sandwich", "max_per_visit": promise.most,
        "welcome_stamps": promise.welcome, "cooldown_seconds": promise.cooldown, "daily_limit": promise.daily,
        "unit_cost": 0, "unit_price": 0, "stamps_expire_days": 0, "rewards_expire_days": 0,
    }  # fmt: skip
    body = {"terms": terms, "policy": promise.policy, "expected_version": len(street.promises)}
    answer = street.owner("POST", f"/programmes/{street.programme}/versions", body)
    assert answer.status == 201, answer
    street.promises.append(promise)


def the_owner_changes_what_tills_may_do(street: Street) -> None:
    street.never = street.dice.random() < 0.25
    body = {
        "offline_redeem": "never" if street.never else "limited",
        "offline_per_card": street.dice.choice([1, 1, 2]),
        "offline_per_till": street.dice.choice([1, 3, 5]),
        "offline_hours": street.dice.choice([1, 24, 48]),
    }
    assert street.owner("PATCH", "/business", body).status == 200
