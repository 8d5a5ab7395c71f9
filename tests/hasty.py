"""Tenth whose passwords and PINs are hashed in a moment, and whose figures are waited for on a busy machine too.

At the real cost each hash takes a quarter of a processor's second. That is what `make run` serves with; of the tests,
test_running does. Figures that take a second longer are asked for again, which is for tests of that alone.
"""

from argon2 import PasswordHasher

from api import create_app, passwords
from api.routes import reckoning
from wsgi import serve

__all__ = ["create_app", "serve"]

passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
reckoning.PATIENCE_SECONDS = 8
