"""When stamps and rewards run out: only where the owner said so, and counted from the last visit."""

import pytest

from rules.card import Figures
from rules.expiry import DAY_MS, Expiry, expiry
from rules.programme import Terms

LAST = 1_800_000_000_000


def runs_out(*, stamps=3, rewards=1, last=LAST, **days):
    figures = Figures(1, 10, total=stamps, earned=rewards, last_stamp_at=last)
    return expiry(figures, Terms(stamps_needed=10, reward="a free coffee", **days))


def test_nothing_runs_out_unless_the_owner_said_so():
    assert runs_out() == Expiry(None, None)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({"stamps_expire_days": 30}, Expiry(LAST + 30 * DAY_MS, None)),
        ({"rewards_expire_days": 60}, Expiry(None, LAST + 60 * DAY_MS)),
        ({"stamps_expire_days": 30, "rewards_expire_days": 60}, Expiry(LAST + 30 * DAY_MS, LAST + 60 * DAY_MS)),
    ],
)
def test_stamps_and_rewards_each_run_out_so_many_days_after_the_last_stamp(days, expected):
    assert runs_out(**days) == expected


def test_what_is_not_there_does_not_run_out():
    assert runs_out(stamps=0, rewards=0, stamps_expire_days=30, rewards_expire_days=30) == Expiry(None, None)


def test_a_card_that_was_never_stamped_keeps_its_welcome():
    assert runs_out(last=None, stamps_expire_days=30) == Expiry(None, None)
