"""Cohorts: who first came in a month, and the share that came again in each 30 days after, once those are over."""

import numpy as np
import pytest

from insight import figures
from insight.cohorts import triangle
from tests.insight.ledgers import DAY, START, ledger, stamp


def seen(day, *lines):
    return triangle(figures.view(ledger(*lines), START + day * DAY + DAY // 2), windows=3)


def test_a_window_counts_a_card_once_and_the_first_visit_not_at_all():
    found = seen(200, stamp(0, 0), stamp(0, 0), stamp(0, 1), stamp(0, 30), stamp(0, 31), stamp(1, 0), stamp(1, 90))

    assert found.months == ("2026-01",)
    assert found.cards.tolist() == [2]
    assert found.shares[0].tolist() == [0.5, 0.5, 0.5]


def test_a_window_that_is_not_over_for_all_of_a_month_is_left_open():
    lines = stamp(0, 0), stamp(1, 20), stamp(1, 21)

    almost, over = seen(50, *lines), seen(51, *lines)

    assert np.isnan(almost.shares[0]).all()
    assert over.shares[0, 0] == 0.5
    assert np.isnan(over.shares[0, 1:]).all()


def test_a_month_without_a_new_card_has_its_row():
    found = seen(120, stamp(0, 0), stamp(1, 70))

    assert found.months == ("2026-01", "2026-02", "2026-03")
    assert found.cards.tolist() == [1, 0, 1]
    assert np.isnan(found.shares[1]).all()
    assert found.shares[2, 0] == pytest.approx(0)


def test_no_visits_make_no_triangle():
    assert triangle(figures.view(ledger(cards=2), START)) is None
