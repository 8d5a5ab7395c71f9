"""The codes people and scanners read: their alphabet, their check symbol, and how a typed one is forgiven.

31 symbols, a prime, so the weighted check symbol (the scheme of ISBN-10, modulus 31) finds every single wrong symbol
and every swap of two symbols. I, L, O, S and U are left out: they are read as 1, 1, 0, 5 and V.
"""

from functools import lru_cache
from operator import mul

ALPHABET = "0123456789ABCDEFGHJKMNPQRTVWXYZ"
_SYMBOLS = frozenset(ALPHABET)
VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
# Two symbols at a time, for long numbers are divided slowly.
_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
READ_AS = str.maketrans("ILOSU", "1105V")
SHORT_LENGTH = 8
# 17 symbols of 31 are 84 bits.
SECRET_LENGTH = 17


@lru_cache(maxsize=50_000)
def fold(typed: str) -> str:
    """What was typed, as symbols: upper case, without spaces and dashes, look-alikes read as what they mean."""
    return typed.strip().upper().replace(" ", "").replace("-", "").translate(READ_AS)


def spell(number: int, length: int) -> str:
    """The last `length` base-31 digits of a number >= 0."""
    pairs = []
    for _ in range(-(-length // 2)):
        number, pair = divmod(number, 31 * 31)
        pairs.append(_PAIRS[pair])
    return "".join(reversed(pairs))[-length:]


def spell_business(number: int) -> str:
    """A business's number in as few symbols as it takes."""
    length = 1
    while 31**length <= number:
        length += 1
    return spell(number, length)


def read_number(symbols: str) -> int:
    """The number that `spell` wrote. Raises KeyError for a symbol outside the alphabet."""
    number = 0
    for symbol in symbols:
        number = number * 31 + VALUE[symbol]
    return number


def with_check(symbols: str) -> str:
    """Seven symbols and the check symbol that makes the weighted sum a multiple of 31."""
    last = len(symbols) + 1
    return symbols + ALPHABET[-_weighted(symbols) * pow(last, -1, 31) % 31]


def check_holds(code: str) -> bool:
    """Is this a short code whose check symbol fits?"""
    if len(code) != SHORT_LENGTH or any(symbol not in VALUE for symbol in code):
        return False
    return _weighted(code) % 31 == 0


def _weighted(symbols: str) -> int:
    """The first symbol's value, twice the second's, three times the third's, and so on, added up."""
    return sum(map(mul, range(1, len(symbols) + 1), map(VALUE.__getitem__, symbols)))


@lru_cache(maxsize=50_000)
def split_long(code: str) -> tuple[str, int] | None:
    """A card code's secret part and business number; None if it cannot be one."""
    folded = fold(code)
    if folded[SECRET_LENGTH : SECRET_LENGTH + 1] == "0":  # no number is spelled so: a card has one code
        return None
    if not SECRET_LENGTH < len(folded) <= SECRET_LENGTH + 6 or not _SYMBOLS.issuperset(folded):
        return None
    return folded[:SECRET_LENGTH], read_number(folded[SECRET_LENGTH:])
