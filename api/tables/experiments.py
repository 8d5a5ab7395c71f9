"""Experiments on new cards, and the cards in them."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from api.db import db
from api.tables.columns import belongs_to, flag, id_, moment, number, text


class Experiment(db.Model):
    """A programme's terms (control) against other ones (treatment), which are a programme made for the experiment.

    share: how many per cent of new cards get the treatment. planned_cards: how many, of both arms, the plan asked for.
    stopped_at: no card falls into it any more. cut_at: from then on the arms differ in more than was drawn, since one
    of the programmes was changed or ended.
    """

    __tablename__ = "experiments"
    business_id = number(primary_key=True, autoincrement=False)
    id = id_(primary_key=True)
    programme_id = id_()
    control_version = number()
    treatment_id = id_()
    share = number()
    planned_cards = number()
    author = text()
    started_at = moment()
    stopped_at = moment(nullable=True)
    stopped_by = text(nullable=True)
    cut_at = moment(nullable=True)
    __table_args__ = (
        belongs_to("programmes", "programme_id"),
        belongs_to("programmes", "treatment_id"),
        UniqueConstraint("business_id", "treatment_id"),
        CheckConstraint("share BETWEEN 10 AND 90", name="share"),
        # One at a time, and what a new card of the programme looks up.
        Index(
            "uq_experiments_running",
            "business_id",
            "programme_id",
            unique=True,
            sqlite_where=db.text("stopped_at IS NULL"),
            postgresql_where=db.text("stopped_at IS NULL"),
        ),
    )


class ExperimentCard(db.Model):
    """A card that fell into an experiment when it was made."""

    __tablename__ = "experiment_cards"
    business_id = number(primary_key=True, autoincrement=False)
    experiment_id = id_(primary_key=True)
    card_id = id_(primary_key=True)
    treated = flag()
    __table_args__ = (belongs_to("experiments", "experiment_id"), belongs_to("cards", "card_id"))
