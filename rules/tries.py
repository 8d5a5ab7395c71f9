"""How many wrong PINs or passwords are forgiven, and how long whoever guesses on has to wait."""

FORGIVEN = 5
FIRST_WAIT_SECONDS = 60
LONGEST_WAIT_SECONDS = 3600


def tries_left(wrong: int) -> int:
    """How many more may go wrong before the first wait."""
    return max(0, FORGIVEN - wrong)


def wait_seconds(wrong: int) -> int:
    """How long to wait after so many wrong in a row: a minute from the fifth on, doubling each time, up to an hour."""
    if wrong < FORGIVEN:
        return 0
    doublings = min(wrong - FORGIVEN, 10)  # far past the hour already; keeps the number small
    return min(FIRST_WAIT_SECONDS << doublings, LONGEST_WAIT_SECONDS)
