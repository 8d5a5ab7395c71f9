"""Chance that can be asked again: where a card falls in a draw, the same each time, so that nobody keeps a list."""

import hashlib


def place(draw: bytes, card_id: bytes) -> float:
    """Where a card falls in a draw, from 0 to just below 1: evenly, and in each draw independently of every other.

    draw: the id of what is drawn for. The first 53 bits of BLAKE2b (RFC 7693) over both, as many as a float holds.
    """
    digest = hashlib.blake2b(draw + card_id, digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 11) / (1 << 53)


def held_out(draw: bytes, card_id: bytes, percent: int) -> bool:
    """Is the card among the so many per cent that go without, so that there is something to compare with?"""
    return place(draw, card_id) < percent / 100
