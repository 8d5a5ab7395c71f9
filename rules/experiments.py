"""Experiments: the terms that are tried on some of the new cards, what stands in the way, and which cards those are."""

import dataclasses
from typing import Literal

from rules.assignment import held_out
from rules.programme import BadTerms, Terms

State = Literal["running", "stopped"]
# by_money: what such a card earns is not known from its stamps. not_offered: no new cards are made of the programme.
Obstacle = Literal["no_price", "by_money", "not_offered", "running"]
# Below a tenth of the cards the smaller arm grows so slowly that nobody lives to see a difference.
SHARE = (10, 90)


def obstacle(terms: Terms) -> Obstacle | None:
    """Why no experiment on such terms could tell which of them earn more; None if one could."""
    if terms.spend_per_stamp:
        return "by_money"
    return "no_price" if terms.unit_price <= terms.unit_cost else None


def treatment_terms(terms: Terms, *, stamps_needed: int, welcome_stamps: int) -> Terms:
    """The programme's terms with another goal, another head start, or both.

    Never less than the poster shows, whichever arm a card falls into: a round takes no more stamps, and the first one
    no more after the head start. Whoever wants to try a dearer promise makes it the programme's and tries the present
    one. Raises BadTerms.
    """
    if (stamps_needed, welcome_stamps) == (terms.stamps_needed, terms.welcome_stamps):
        raise BadTerms("stamps_needed", stamps_needed, "must not be the same terms again")
    if stamps_needed > terms.stamps_needed:
        raise BadTerms("stamps_needed", stamps_needed, f"must be at most the {terms.stamps_needed} on the poster")
    tried = dataclasses.replace(terms, stamps_needed=stamps_needed, welcome_stamps=welcome_stamps)
    to_go = terms.stamps_needed - terms.welcome_stamps
    if tried.stamps_needed - tried.welcome_stamps > to_go:
        raise BadTerms("welcome_stamps", welcome_stamps, f"must leave at most the {to_go} stamps to go on the poster")
    return tried


def is_treated(experiment_id: bytes, card_id: bytes, share: int) -> bool:
    """Does a new card get the other terms? share: how many per cent of them do."""
    return held_out(experiment_id, card_id, share)
