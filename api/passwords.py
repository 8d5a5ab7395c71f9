"""Passwords and PINs: kept as argon2id, checked a few at a time."""

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
# Each check takes 64 MiB while it runs: without a bound, a burst of sign-ins could take the machine's memory.
_turn = threading.BoundedSemaphore(4)


def hash_password(password: str) -> str:
    """A password or PIN as argon2id. Slow on purpose, so never called inside an action."""
    with _turn:
        return _hasher.hash(password)


def password_fits(stored: str, given: str) -> bool:
    """Does it fit? Takes as long for a wrong one as for a right one."""
    with _turn:
        try:
            return _hasher.verify(stored, given)
        except (VerificationError, InvalidHashError):
            return False


def check_for_nobody(given: str) -> None:
    """Take as long as `password_fits`, where there is nothing to compare with: the time of an answer tells nothing."""
    password_fits(_nobodys(), given)


@cache
def _nobodys() -> str:
    return hash_password("nobody has this password")
