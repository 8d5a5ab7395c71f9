"""What a till has numbered and nobody has received: numbers grow by one, so what is missing shows in the next batch."""

from collections.abc import Iterable

# From the first to the last number that is missing; no last: everything after it.
Gap = tuple[int, int | None]


def missing(after: int, numbers: Iterable[int], withheld: Iterable[int] = ()) -> list[Gap]:
    """The numbers above `after` and below the batch's highest that neither are in it nor wait at the till."""
    sent = set(numbers)
    highest = max(sent, default=0)
    there = sorted(number for number in sent.union(withheld) if after < number <= highest)
    found: list[Gap] = []
    next_due = after + 1
    for number in there:
        if number > next_due:
            found.append((next_due, number - 1))
        next_due = number + 1
    return found


def forgotten(after: int, numbers: Iterable[int], withheld: Iterable[int], known: int | None) -> list[Gap]:
    """A till that begins to count anew, short of what we know: its memory was lost, and what it saw last with it.

    One that has had an answer remembers: when it tries again what it had left behind, that is short of it too.
    """
    if known is None or after > 0 or max((0, *numbers, *withheld)) >= known:
        return []
    return [(known + 1, None)]


def without(gap: Gap, numbers: Iterable[int]) -> list[Gap]:
    """What is left of a gap when these numbers have come after all."""
    first, last = gap
    left: list[Gap] = []
    for number in sorted(set(numbers)):
        if number < first or (last is not None and number > last):
            continue
        if number > first:
            left.append((first, number - 1))
        first = number + 1
    return left if last is not None and first > last else [*left, (first, last)]
