"""How a stamp endpoint is usually written with Flask-SQLAlchemy: load the rows, change them, commit each request."""

import os
from datetime import UTC, datetime

from flask import Flask, jsonify, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event as sqlalchemy_event

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["NAIVE_DATABASE"]
db = SQLAlchemy(app)


class Card(db.Model):  # type: ignore[name-defined,misc]
    """A card with a counter."""

    id = db.Column(db.Integer, primary_key=True)
    code = db.Column(db.String, unique=True)
    stamps = db.Column(db.Integer, default=0)
    rewards = db.Column(db.Integer, default=0)


class Event(db.Model):  # type: ignore[name-defined,misc]
    """A stamp."""

    id = db.Column(db.String, primary_key=True)
    card_id = db.Column(db.ForeignKey("card.id"), index=True)
    quantity = db.Column(db.Integer)
    happened_at = db.Column(db.DateTime(timezone=True))


with app.app_context():
    if db.engine.dialect.name == "sqlite":

        @sqlalchemy_event.listens_for(db.engine, "connect")
        def _durable(raw: object, _record: object) -> None:
            raw.execute("PRAGMA busy_timeout=20000")  # type: ignore[attr-defined]
            raw.execute("PRAGMA journal_mode=WAL")  # type: ignore[attr-defined]
            raw.execute("PRAGMA synchronous=FULL")  # type: ignore[attr-defined]


def _count(claim: dict[str, object]) -> Card:
    card = Card.query.filter_by(code=claim["card"]).with_for_update().one()
    if db.session.get(Event, claim["id"]) is None:
        db.session.add(
            Event(id=claim["id"], card_id=card.id, quantity=claim["quantity"], happened_at=datetime.now(UTC))
        )
        card.stamps += claim["quantity"]
        if card.stamps >= 10:
            card.stamps -= 10
            card.rewards += 1
    db.session.commit()
    return card


@app.post("/sync")
def sync() -> object:
    """Count the events one by one."""
    cards = [_count(claim) for claim in request.get_json()["events"]]
    return jsonify(results=[{"stamps": card.stamps, "rewards": card.rewards} for card in cards])
