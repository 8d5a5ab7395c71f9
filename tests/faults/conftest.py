"""How much is tried, by which dice, and where a trial says what it did."""

import itertools
import os
import random
from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg
import pytest

from tests.faults.nursery import Nursery

LONG = os.environ.get("FAULTS") == "long"
STEADY_SEED = 71
_numbers = itertools.count(1)


@pytest.fixture
def how_many() -> Callable[[int, int], int]:
    """How often to try: how_many(short, long), the second with `make faults`."""
    return lambda short, long: long if LONG else short


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Brings forth services in a moment, for trials that need many."""
    with closing(Nursery()) as nursery:
        yield nursery


@pytest.fixture
def dice(did: Callable[[str], None]) -> random.Random:
    """The dice of a trial, thrown from a seed that is printed; FAULTS_SEED throws them again."""
    return _thrown(random.SystemRandom().randrange(10**9), did)


@pytest.fixture
def steady_dice(did: Callable[[str], None]) -> random.Random:
    """Dice for what the same seed makes the same: new ones with `make faults` alone, so that a test that fails now and
    passed before fails for what was changed."""
    return _thrown(random.SystemRandom().randrange(10**9) if LONG else STEADY_SEED, did)


def _thrown(seed: int, did: Callable[[str], None]) -> random.Random:
    seed = int(os.environ.get("FAULTS_SEED") or seed)
    did(f"FAULTS_SEED={seed}")
    return random.Random(seed)


@pytest.fixture
def did(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Say what a trial did; it is printed at the end of the run, also when all went well."""
    return lambda sentence: record_property("did", f"{request.node.name}: {sentence}")


@pytest.fixture
def not_run() -> Callable[[str], None]:
    """Name what this machine lacks: `make test` lists the trial as skipped, `make faults` as failed."""
    return lambda missing: (pytest.fail if LONG else pytest.skip)(f"not run: {missing}")


@pytest.fixture
def empty_postgres(postgres: str) -> Iterator[str]:
    """The address of a new, empty PostgreSQL database."""
    name = f"tenth_faults_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    head, _, query = postgres.partition("?")
    yield f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
