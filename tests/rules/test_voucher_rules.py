"""A voucher is good once, on its card, to the end of its last day."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.programme import BadTerms
from rules.vouchers import Voucher, expires_at

WARSAW = ZoneInfo("Europe/Warsaw")
END = 2_000
STATES = ("ready", "used", "expired", "withdrawn")
MOMENTS = st.none() | st.integers(0, 3_000)


def sandwich(**values):
    return Voucher(**{"kind": "item", "what": "a tuna sandwich", "percent": 0, "amount": 0, "cost": 250} | values,
                   **({} if "expires_at" in values else {"expires_at": END}))  # fmt: skip


def moment(local):
    return int(datetime.fromisoformat(local).replace(tzinfo=WARSAW).timestamp() * 1000)


def test_it_is_ready_to_the_last_millisecond_and_then_it_has_run_out():
    assert sandwich().state(END - 1) == "ready"
    assert sandwich().state(END) == "expired"
    assert sandwich().objection(END - 1, is_for_this_card=True) is None
    assert sandwich().objection(END, is_for_this_card=True) == "voucher_expired"


def test_a_used_one_does_not_run_out_and_a_withdrawn_one_is_withdrawn_whatever_else():
    assert sandwich(used_at=5).state(END + 1) == "used"
    assert sandwich(used_at=5).objection(END + 1, is_for_this_card=True) == "voucher_used"
    assert sandwich(withdrawn_at=5).state(END + 1) == "withdrawn"
    assert sandwich(withdrawn_at=5).objection(1, is_for_this_card=True) == "voucher_withdrawn"


def test_on_another_card_nothing_else_is_told_about_it():
    assert sandwich(used_at=5).objection(1, is_for_this_card=False) == "voucher_not_for_this_card"


@given(st.integers(0, 3_000), MOMENTS, MOMENTS)
def test_it_may_be_used_exactly_while_it_is_ready_and_weighs_on_the_budget_while_ready_or_used(now, withdrawn, used):
    voucher = sandwich(withdrawn_at=withdrawn, used_at=used)

    assert voucher.state(now) in STATES
    assert (voucher.objection(now, is_for_this_card=True) is None) == (voucher.state(now) == "ready")
    assert voucher.costs_at(now) == (250 if voucher.state(now) in ("ready", "used") else 0)


def test_its_last_day_lasts_to_midnight_on_the_shops_wall_also_when_the_clocks_change():
    assert expires_at(moment("2026-11-22T10:30"), 30, WARSAW) == moment("2026-12-23T00:00")
    assert expires_at(moment("2026-10-24T23:59"), 1, WARSAW) == moment("2026-10-26T00:00"), "that day has 25 hours"
    assert expires_at(moment("2026-12-31T12:00"), 1, WARSAW) == moment("2027-01-02T00:00")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"what": " "}, "what"),
        ({"what": "x" * 81}, "what"),
        ({"percent": 10}, "percent"),
        ({"amount": 1}, "amount"),
        ({"cost": -1}, "cost"),
        ({"kind": "percent", "percent": 0}, "percent"),
        ({"kind": "percent", "percent": 101}, "percent"),
        ({"kind": "amount", "percent": 5, "amount": 5}, "percent"),
        ({"kind": "amount", "amount": 0}, "amount"),
    ],
    ids=str,
)
def test_what_makes_no_sense_together_is_refused_by_field(values, field):
    with pytest.raises(BadTerms) as refused:
        sandwich(**values)

    assert refused.value.field == field
