"""The weeks of a shop as an owner would count them from a calendar."""

from datetime import UTC, datetime

import numpy as np

from insight.columns import Cards, Columns, Events
from insight.figures import view
from insight.weeks import weeks


def moment(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def a_shop(*stamps):
    """A shop in UTC whose cards were stamped at these moments: (card, moment)."""
    size = max(card for card, _ in stamps) + 1
    at = np.array([moment(text) for _, text in stamps])
    zeros = np.zeros(len(stamps))
    events = Events.plain(
        card=np.array([card for card, _ in stamps], dtype=np.int32), kind=zeros.astype(np.uint8),
        stamps=np.ones(len(stamps), dtype=np.int32), rewards=zeros.astype(np.int16), at=at,
        version=np.ones(len(stamps), dtype=np.int16), shop=zeros.astype(np.int16),
        voids=np.full(len(stamps), -1, dtype=np.int32),
    )  # fmt: skip
    none = np.zeros(size, dtype=np.int16)
    cards = Cards(none, none, np.ones(size, dtype=np.int16), np.full(size, at.min()))
    return Columns(cards, events, ())


def test_a_week_begins_on_monday_and_the_running_one_is_left_out():
    # 1 June 2026 is a Monday.
    shop = a_shop(
        (0, "2026-06-01T08:00"), (1, "2026-06-07T23:00"), (0, "2026-06-08T00:00"), (0, "2026-06-08T18:00"),
        (0, "2026-06-10T09:00"), (0, "2026-06-15T09:00"),
    )  # fmt: skip

    found = weeks(view(shop, moment("2026-06-16T12:00")))

    assert [str(day) for day in found.mondays.astype("datetime64[D]")] == ["2026-06-01", "2026-06-08"]
    assert found.visits.tolist() == [2, 2]
    assert found.cards.tolist() == [2, 1]
    assert found.new.tolist() == [2, 0]


def test_a_week_in_which_nobody_came_is_there_too():
    shop = a_shop((0, "2026-06-01T08:00"), (0, "2026-06-15T08:00"))

    found = weeks(view(shop, moment("2026-06-22T12:00")))

    assert found.visits.tolist() == [1, 0, 1]


def test_only_the_last_weeks_asked_for_are_shown():
    shop = a_shop((0, "2026-06-01T08:00"), (0, "2026-06-15T08:00"))

    found = weeks(view(shop, moment("2026-06-22T12:00")), most=1)

    assert (found.visits.tolist(), found.new.tolist()) == ([1], [0])


def test_before_the_first_week_is_over_there_is_nothing_to_say():
    assert weeks(view(a_shop((0, "2026-06-01T08:00")), moment("2026-06-03T12:00"))) is None
