"""The codes people type and scan: what a slip of the finger does to one, and what their numbers mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import codes

symbols = st.text(codes.ALPHABET, min_size=7, max_size=7)


@given(symbols, st.integers(0, 7), st.sampled_from(codes.ALPHABET))
def test_every_single_wrong_symbol_is_noticed(seven, place, symbol):
    code = codes.with_check(seven)
    typed = code[:place] + symbol + code[place + 1 :]

    assert codes.check_holds(typed) == (typed == code)


@given(symbols, st.integers(0, 7), st.integers(0, 7))
def test_every_swap_of_two_symbols_is_noticed(seven, one, other):
    code = codes.with_check(seven)
    swapped = list(code)
    swapped[one], swapped[other] = swapped[other], swapped[one]

    assert codes.check_holds("".join(swapped)) == ("".join(swapped) == code)


def test_the_alphabet_has_a_prime_number_of_symbols_and_none_that_is_read_as_another():
    assert len(set(codes.ALPHABET)) == 31
    assert not set(codes.ALPHABET) & set("ILOSU")


@given(symbols)
def test_a_code_survives_being_typed_by_a_person(seven):
    code = codes.with_check(seven)
    slips = str.maketrans("105V", "lOsu")

    assert codes.fold(f" {code[:4].lower()}-{code[4:].translate(slips)} ") == code


@given(st.integers(0, 31**6 - 1))
def test_a_business_is_read_back_from_its_symbols(number):
    assert codes.read_number(codes.spell_business(number)) == number


@given(st.integers(0, 31**20))
def test_a_spelled_number_has_the_length_asked_for(number):
    assert codes.read_number(codes.spell(number, 17)) == number % 31**17
    assert len(codes.spell(number, 17)) == 17


def test_a_long_code_holds_a_secret_and_a_business():
    secret = "0123456789ABCDEFG"

    assert codes.split_long(secret + codes.spell_business(42)) == (secret, 42)
    assert codes.split_long(f"{secret.lower()}-1b") == (secret, 42)


@pytest.mark.parametrize(
    "code",
    ["", "0123456789ABCDEFG", "0123456789ABCDEFG1234567", "0123456789ABCDEF!1", "0123456789ABCDEFG01B", "ÄÖ" * 9],
)
def test_what_cannot_be_a_card_code_is_none(code):
    assert codes.split_long(code) is None
