"""The believable ledgers are what they claim to be: a fit finds the parameters, lunch is at noon, the books balance."""

from dataclasses import replace

import numpy as np
import pytest

from insight import buying, figures
from insight.believable import Story, believable
from insight.columns import BONUS, REDEEM, STAMP, VOID
from insight.hours import busy_hours
from insight.progress import steps
from insight.replay import what_if
from insight.rounds import holdings
from insight.visits import DAY_MS, local_hour, visits
from tests.insight.ledgers import promise

PLAIN = Story(cards=4000, days=364, pull=0, mistaken=0, week=(1,) * 7)


def tell(story=PLAIN, seed=1):
    return believable(story, np.random.default_rng(seed))


def end(story):
    return story.began.toordinal() - 719_163 + story.days  # days from 0001 to 1970


def test_the_same_seed_tells_the_same_story():
    first, again, other = tell(seed=1), tell(seed=1), tell(seed=2)

    assert first.events.at.tolist() == again.events.at.tolist()
    assert len(first.events) != len(other.events)


def test_a_fit_finds_the_parameters_the_customers_were_made_with():
    # Slow enough that hardly anyone comes twice on one day, which would be one visit.
    story = replace(PLAIN, cards=20_000, days=728, pace=(1.2, 40.0), leaving=(1.0, 6.0))

    _, known = buying.histories(visits(tell(story)), until=end(story))
    fitted = buying.fit(known, modified=False)

    assert fitted.r / fitted.alpha == pytest.approx(1.2 / 40, rel=0.08)
    assert fitted.r == pytest.approx(1.2, rel=0.08)
    assert fitted.a / (fitted.a + fitted.b) == pytest.approx(1 / 7, rel=0.05)


def test_lunch_is_where_it_was_put_and_nobody_comes_when_the_shop_is_shut():
    hours = tuple(9.0 if hour == 13 else 1.0 if 8 <= hour < 18 else 0.0 for hour in range(24))
    story = replace(PLAIN, hours=hours, week=(1, 1, 1, 1, 1, 1, 0), zone="America/New_York")

    told = tell(story)
    at = told.events.at[told.events.kind == STAMP]
    counts = np.bincount(local_hour(at, story.zone), minlength=168).reshape(7, 24)

    assert counts.sum(axis=0).argmax() == 13
    assert counts.sum(axis=0)[13] / counts.sum() == pytest.approx(0.5, abs=0.02)
    assert counts[:, :8].sum() == counts[:, 18:].sum() == 0
    assert counts[6].sum() == 0
    assert counts[:6].sum(axis=1) == pytest.approx(counts.sum() / 6, rel=0.1)


def test_busy_hours_find_the_lunch_of_a_cafe():
    story = Story(cards=3000)

    found = busy_hours(figures.view(tell(story), end(story) * DAY_MS))

    assert found.visits.sum(axis=0).argmax() == 12
    assert found.visits.sum(axis=1).argmin() == 6


def test_the_books_balance():
    story = replace(PLAIN, cards=1500, mistaken=0.05, promise=promise(needed=8, welcome=2))

    told = tell(story)
    held = holdings(told, end(story) * DAY_MS)
    kinds = np.bincount(told.events.kind, minlength=6)

    assert kinds[BONUS] == 1500
    assert kinds[VOID] == (told.events.voids >= 0).sum() > 100
    assert (told.events.stamps[told.events.voids[told.events.kind == VOID]] > 0).all()
    assert (held.kinds[0].earned + held.kinds[0].rewards >= 0).all()
    assert kinds[REDEEM] > 0.7 * held.kinds[0].earned.sum()
    assert what_if(told, 0).issued_today == held.kinds[0].earned.sum()
    assert (np.diff(told.events.at) >= 0).all()


def test_a_void_undoes_an_earlier_line_of_the_same_card():
    events = tell(replace(PLAIN, mistaken=0.05)).events
    voids = np.flatnonzero(events.kind == VOID)
    undone = events.voids[voids]

    assert (undone < voids).all()
    assert (events.card[undone] == events.card[voids]).all()
    assert (events.stamps[undone] == -events.stamps[voids]).all()


def test_a_reward_is_taken_on_a_later_visit_than_the_one_that_earned_it():
    told = tell(replace(PLAIN, redeems=1.0))
    moves = steps(told, 1 << 60)
    filled = np.append(0, np.diff(moves.filled)) * ~moves.is_first
    first_full = {}
    for card, at in zip(moves.card[filled > 0].tolist(), moves.at[filled > 0].tolist(), strict=True):
        first_full.setdefault(card, at)
    redeems = told.events.kind == REDEEM

    assert redeems.sum() > 100
    for card, at in zip(told.events.card[redeems].tolist(), told.events.at[redeems].tolist(), strict=True):
        assert at > first_full[card]


def test_the_pull_of_a_reward_shortens_the_gaps_before_it():
    story = replace(PLAIN, cards=20_000, stamps_each=1, leaving=(1.0, 60.0), pace=(5.0, 20.0))

    def gap_before_the_last(story):
        moves = steps(tell(story), 1 << 60)
        same = ~moves.is_first[1:]
        gaps = np.diff(moves.at)[same] / DAY_MS
        before = moves.stamps[:-1][same]
        return gaps[before == 9].mean() / gaps[before == 1].mean()

    without, with_pull = gap_before_the_last(story), gap_before_the_last(replace(story, pull=0.4))

    # Those who get as far as nine come more often; the pull comes on top of that.
    assert with_pull / without == pytest.approx(0.6, abs=0.06)


def test_cards_come_from_their_shops_and_stray_now_and_then():
    told = tell(replace(PLAIN, shops=(0.8, 0.2)))

    home = told.cards.shop[told.events.card]

    assert np.bincount(told.cards.shop).tolist() == pytest.approx([3200, 800], rel=0.06)
    assert (told.events.shop == home).mean() == pytest.approx(0.9 + 0.1 * 0.68, abs=0.02)
