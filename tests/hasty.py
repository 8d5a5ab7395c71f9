"""Tenth whose passwords and PINs are hashed in a moment: at the real cost each takes a quarter of a processor's second.

That cost is what `make run` serves with; of the tests, test_running does.
"""

from argon2 import PasswordHasher

from api import create_app, passwords
from wsgi import serve

__all__ = ["create_app", "serve"]

passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
