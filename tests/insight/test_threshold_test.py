"""A threshold test in one shop: what a plan starts from, and what the arms show from week to week."""

import numpy as np
import pytest

from insight.columns import REDEEM, STAMP, Cards, Columns, Events, Programme, Promise
from insight.experiments import FEWEST_PER_ARM
from insight.threshold_test import LOOK_BACK_MS, RECENT_WEEKS, WEEK_MS, baseline, so_far
from insight.visits import DAY_MS

START = 1_000 * WEEK_MS
PROGRAMMES = (
    Programme("Sandwich", (Promise(1, stamps_needed=10, unit_cost=250, unit_price=690, started_at=0),)),
    Programme("Sandwich", (Promise(1, stamps_needed=8, unit_cost=250, unit_price=690, started_at=0),)),
)


def shop(made_at, stamps, *, programme=None, given_out_by=None, redeemed=None):
    """Columns of cards that were stamped once, the day after they were made, and perhaps redeemed the day after."""
    n = len(made_at)
    made_at = np.asarray(made_at, dtype=np.int64)
    programme = np.zeros(n, dtype=np.int16) if programme is None else np.asarray(programme, dtype=np.int16)
    where = np.zeros(n, dtype=np.int16) if given_out_by is None else np.asarray(given_out_by, dtype=np.int16)
    taken = np.flatnonzero(np.zeros(n) if redeemed is None else redeemed)
    card = np.concatenate([np.arange(n), taken]).astype(np.int32)
    kind = np.concatenate([np.full(n, STAMP), np.full(len(taken), REDEEM)]).astype(np.uint8)
    events = Events.plain(
        card=card,
        kind=kind,
        stamps=np.concatenate([stamps, np.zeros(len(taken))]).astype(np.int32),
        rewards=np.where(kind == REDEEM, -1, 0).astype(np.int16),
        at=made_at[card] + np.where(kind == REDEEM, 2, 1) * DAY_MS,
        version=np.ones(len(card), dtype=np.int16),
        shop=np.zeros(len(card), dtype=np.int16),
        voids=np.full(len(card), -1, dtype=np.int32),
    )
    cards = Cards(programme, where, np.ones(n, dtype=np.int16), made_at)
    ids = [number.to_bytes(16, "big") for number in range(n)]
    return Columns(cards, events, PROGRAMMES, ("Market Street",), card_ids=ids)


def two_arms(weekly, weeks, *, lift, seed=1):
    """An experiment with so many new cards a week and arm, and what it drew: more stamps by `lift` when treated."""
    rng, n = np.random.default_rng(seed), 2 * weekly * weeks
    treated = np.arange(n) % 2 == 1
    made_at = START + np.sort(rng.integers(0, weeks * WEEK_MS, n))
    stamps = rng.poisson(np.where(treated, 5 * (1 + lift), 5))
    columns = shop(made_at, stamps, programme=treated)
    return columns, dict(zip(columns.card_ids, treated.tolist(), strict=True))


def show(columns, drawn, *, until, share=0.5, planned=400):
    return so_far(columns, drawn, share=share, planned_cards=planned, started_at=START, until=until)


def test_a_plan_starts_from_what_new_cards_brought_in_their_first_eight_weeks():
    made_at = START - np.arange(9, 9 + FEWEST_PER_ARM) * WEEK_MS // 3 - 8 * WEEK_MS
    stamps = np.where(np.arange(FEWEST_PER_ARM) % 2, 2, 6)
    columns = shop(made_at, stamps, redeemed=stamps == 6)

    found = baseline(columns, 0, START)

    brought = np.where(stamps == 6, 6 * 440 - 250, 2 * 440)
    assert found.n == FEWEST_PER_ARM
    assert found.mean == pytest.approx(brought.mean())
    assert found.cv == pytest.approx(brought.std(ddof=1) / brought.mean())


def test_the_spread_of_a_few_cards_is_not_believed():
    made_at = START - np.arange(1, FEWEST_PER_ARM) * DAY_MS - 9 * WEEK_MS

    found = baseline(shop(made_at, np.arange(1, FEWEST_PER_ARM)), 0, START)

    assert (found.n, found.cv) == (FEWEST_PER_ARM - 1, None)


def test_new_cards_a_week_are_those_of_late_without_printed_sheets_and_other_programmes():
    late = START - np.arange(1, 7 * RECENT_WEEKS + 1) * DAY_MS + 1
    long_ago = [START - LOOK_BACK_MS]
    sheet, other = np.full(50, START - DAY_MS), np.full(50, START - 2 * DAY_MS)
    made_at = np.concatenate([late, long_ago, sheet, other])
    given_out = np.concatenate([np.zeros(len(late) + 1), np.full(50, -1), np.zeros(50)])
    programme = np.concatenate([np.zeros(len(late) + 51), np.ones(50)])

    found = baseline(shop(made_at, np.ones(len(made_at)), programme=programme, given_out_by=given_out), 0, START)

    assert found.weekly_cards == pytest.approx(7)


def test_cards_that_fell_into_an_earlier_experiment_were_new_cards_too():
    made_at = START - np.arange(1, 7 * RECENT_WEEKS + 1) * DAY_MS + 1
    columns = shop(made_at, np.ones(len(made_at)), programme=np.arange(len(made_at)) % 2)

    alone, together = baseline(columns, 0, START), baseline(columns, 0, START, treatments=[1])

    assert (alone.weekly_cards, together.weekly_cards) == pytest.approx((3.5, 7), abs=0.1)
    assert together.n == alone.n


def test_a_shop_of_two_weeks_is_not_said_to_have_a_sixth_of_its_new_cards():
    made_at = START - np.arange(1, 15) * DAY_MS

    found = baseline(shop(made_at, np.ones(14)), 0, START)

    assert found.weekly_cards == pytest.approx(7, rel=0.1)


def test_a_programme_without_a_card_has_a_plan_all_the_same():
    found = baseline(shop([START], [1]), 1, START)

    assert (found.n, found.cv, found.weekly_cards) == (0, None, 0)


def test_cards_count_once_their_eight_weeks_are_over():
    columns, drawn = two_arms(20, 10, lift=0.5)

    before, later = (show(columns, drawn, until=START + weeks * WEEK_MS) for weeks in (8, 30))

    assert (before.comparison.control.n, before.comparison.finding) == (0, "too_early")
    assert (before.control, later.control, later.comparison.control.n) == pytest.approx((160, 200, 200), abs=30)
    assert (later.comparison.finding, later.treatment) == ("better", 200)


def test_the_looks_tell_week_by_week_what_a_look_then_would_have_told():
    columns, drawn = two_arms(40, 10, lift=0.1)

    found = show(columns, drawn, until=START + 20 * WEEK_MS)

    assert len(found.looks) > 5
    for look in found.looks:
        then = show(columns, drawn, until=look.at).comparison
        assert (look.difference, look.low, look.high) == pytest.approx((then.difference, *then.always))
    assert found.looks[-1].at == START + 20 * WEEK_MS


def test_nothing_is_plotted_before_both_arms_have_cards_enough():
    columns, drawn = two_arms(10, 12, lift=0)

    found = show(columns, drawn, until=START + 30 * WEEK_MS)

    ready = [show(columns, drawn, until=look.at).comparison for look in found.looks]
    assert all(min(then.control.n, then.treatment.n) >= FEWEST_PER_ARM for then in ready)
    assert found.looks[0].at > START + 16 * WEEK_MS


def test_arms_that_chance_would_not_part_so_are_not_trusted():
    columns, drawn = two_arms(40, 10, lift=0.5)
    lost = {id: treated for number, (id, treated) in enumerate(drawn.items()) if not treated or number % 3}

    found = show(columns, lost, until=START + 30 * WEEK_MS)

    assert found.comparison.finding == "uneven"
    assert found.ratio.p < 0.001


def test_an_experiment_without_a_card_says_it_is_too_early():
    columns, _ = two_arms(5, 2, lift=0)

    found = show(columns, {}, until=START + WEEK_MS)

    assert (found.control, found.treatment, found.looks, found.comparison.finding) == (0, 0, (), "too_early")
