"""Codes that were misread, mistyped or made up: none of them is taken for the code of a card."""

from rules import codes

CARDS = 1000
BUSINESS = 42
# What a finger, a scanner or a forger might put in: our symbols, their look-alikes, blanks, and what has no place here.
STRANGE = [
    *codes.ALPHABET,
    *codes.ALPHABET.lower(),
    *"ILOSUilosu -",
    *"ıſßÅé０Ａ１٣🥪\x00\n\t\ud800%/.'_",
    "\u00a0",
    "\u200b",
]


def test_no_mutated_code_is_taken_for_a_card(dice, did, how_many):
    tries = how_many(1_000_000, 10_000_000) // 2
    secrets = [codes.spell(dice.getrandbits(90), codes.SECRET_LENGTH) for _ in range(CARDS)]
    long = [secret + codes.spell_business(BUSINESS) for secret in secrets]
    short = [codes.with_check(codes.spell(dice.getrandbits(40), codes.SHORT_LENGTH - 1)) for _ in range(CARDS)]
    by_secret = dict(zip([(secret, BUSINESS) for secret in secrets], long, strict=True))
    by_short = dict(zip(short, short, strict=True))
    as_meant = {"long": 0, "short": 0}

    for number in range(tries):
        mutant = mutated(long[number % CARDS], dice)
        card = by_secret.get(codes.split_long(mutant))
        as_meant["long"] += card is not None
        assert card in (None, codes.fold(mutant)), mutant

        mutant = mutated(short[number % CARDS], dice)
        folded = codes.fold(mutant)
        card = by_short.get(folded) if codes.check_holds(folded) else None
        as_meant["short"] += card is not None
        assert card in (None, folded), mutant

    did(f"{2 * tries} mutants, 0 taken for a card; {as_meant} read as the very code they were made from")
    assert all(as_meant.values()), "some mutants are only another way to write the code"


def mutated(code, dice):
    """The code with one to three things done to it."""
    symbols = list(code)
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        place = dice.randrange(len(symbols) + 1)
        match dice.randrange(6):
            case 0 | 1:
                symbols[place : place + 1] = [dice.choice(STRANGE)]
            case 2:
                symbols.insert(place, dice.choice(STRANGE))
            case 3:
                del symbols[place : place + dice.choice((1, 1, 1, 5))]
            case 4:
                symbols[place : place + 2] = reversed(symbols[place : place + 2])
            case 5:
                symbols[place : place + 1] = [symbol.swapcase() for symbol in symbols[place : place + 1]]
    return "".join(symbols)
