"""How money is written on paper."""

import pytest

from api.written import money


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [
        (123456, "EUR", "EUR 1,234.56"),
        (123456, "JPY", "JPY 123,456"),
        (123456, "IDR", "IDR 123,456"),
        (123456, "KWD", "KWD 123.456"),
    ],
)
def test_money_has_as_many_digits_as_its_currency(minor, currency, written):
    assert money("en", minor, currency).replace("\xa0", " ") == written
