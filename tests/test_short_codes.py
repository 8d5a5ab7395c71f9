"""Typed and scanned card codes: the service reads them as the pages do, by the same table."""

import json
from pathlib import Path

import pytest

from rules import codes

VECTORS = json.loads((Path(__file__).parent / "vectors" / "short_codes.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("typed", "meant"), VECTORS["folded"])
def test_what_was_typed_is_read_as_what_was_meant(typed, meant):
    assert codes.fold(typed) == meant


@pytest.mark.parametrize("code", VECTORS["valid"])
def test_a_short_code_agrees_with_its_check_symbol(code):
    assert codes.check_holds(code)
    assert codes.with_check(code[:-1]) == code


@pytest.mark.parametrize(("typed", "fault"), VECTORS["wrong"])
def test_a_wrong_short_code_is_noticed(typed, fault):
    assert not codes.check_holds(codes.fold(typed)), fault


def test_every_single_wrong_symbol_and_every_swap_is_noticed():
    code = VECTORS["valid"][2]

    changed = {code[:i] + symbol + code[i + 1 :] for i in range(8) for symbol in codes.ALPHABET}
    swapped = {"".join(code[{i: j, j: i}.get(place, place)] for place in range(8)) for i in range(8) for j in range(i)}

    assert [wrong for wrong in (changed | swapped) - {code} if codes.check_holds(wrong)] == []
