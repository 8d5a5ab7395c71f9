"""One way to write: an action is committed or leaves no trace, and nobody hears "done" before it is on disk."""

import threading
from contextlib import ExitStack, suppress

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from api import db
from api import settings as settings_module
from api.db import MOST_CONNECTIONS, Busy, Statement
from api.store import ledger, programmes
from rules.programme import Terms
from tests.model import Promise
from tests.world import START, make_shop, open_database

INSERT = "INSERT INTO businesses (id, name, currency, time_zone, language, created_at)"
NOTE = Statement(text(f"{INSERT} SELECT coalesce(max(id), 0) + 1, :word, '', '', '', 0 FROM businesses"))
SAME = Statement(text(f"{INSERT} VALUES (1, '', '', '', '', 0)"))
WORDS = Statement(text("SELECT name FROM businesses ORDER BY id"))
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ON_POSTGRES = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


class Broken(Exception):
    """What an action with a bug raises."""


@pytest.fixture
def opened(database, tmp_path):
    """The database alone, with no service around it."""
    opened = open_database(database, str(tmp_path))
    yield opened
    opened.close()


def note(word):
    """An action that writes this word; it answers with it."""

    def action(connection):
        NOTE.run(connection, word=word)
        return word

    return action


def note_and_break(word):
    """An action that writes this word and then turns out to be broken."""

    def action(connection):
        note(word)(connection)
        raise Broken(word)

    return action


def words(opened):
    """What is written, in the order it was."""
    with opened.reading() as connection:
        return [row[0] for row in WORDS.all(connection)]


def all_at_once(opened, *actions, when_ready=lambda: None):
    """Run actions in this order, on SQLite in one commit; returns each one's answer or what it raised.

    when_ready: called when all of them wait for their turn.
    """
    held, gate, answers = threading.Event(), threading.Event(), {}

    def hold(_connection):
        held.set()
        gate.wait()

    def run(place, action):
        try:
            answers[place] = opened.write(action)
        except BaseException as error:
            answers[place] = error

    threads = [threading.Thread(target=run, args=(place, each)) for place, each in enumerate([hold, *actions])]
    threads[0].start()
    held.wait()
    for number, thread in enumerate(threads[1:], start=1):
        thread.start()
        while opened.engine.dialect.name == "sqlite" and opened.waiting < number:
            pass  # until it stands in the queue
    when_ready()
    gate.set()
    for thread in threads:
        thread.join()
    return [answers[place] for place in range(1, len(threads))]


def test_an_action_that_raises_leaves_no_trace_and_its_neighbours_stay(opened):
    answers = all_at_once(opened, note("first"), note_and_break("second"), note("third"))

    assert (answers[0], answers[2]) == ("first", "third")
    assert isinstance(answers[1], Broken)
    assert sorted(words(opened)) == ["first", "third"]


def test_a_batch_is_written_in_order_and_answered_in_order(opened):
    assert opened.write_each([note(str(n)) for n in range(600)]) == [str(n) for n in range(600)]
    assert words(opened) == [str(n) for n in range(600)]


def test_a_broken_action_in_a_batch_leaves_what_was_before_it(opened):
    with pytest.raises(Broken):
        opened.write_each([note("first"), note_and_break("second")])

    assert words(opened) == ["first"]


def test_a_broken_rule_of_the_database_is_told_as_such(opened):
    def twice(connection):
        for _ in range(2):
            SAME.run(connection)

    with pytest.raises(IntegrityError):
        opened.write(twice)
    assert words(opened) == []


@ON_POSTGRES
def test_a_broken_statement_is_no_reason_to_try_again_later(opened):
    with pytest.raises(ProgrammingError):
        opened.write(lambda connection: Statement(text("SELECT nonsense")).all(connection))


def test_what_was_remembered_in_a_transaction_that_failed_is_forgotten(opened):
    shop = make_shop(opened, Promise(needed=5))

    def add_version(connection, needed):
        programmes.add_version(
            connection, shop.id, Terms(needed, "a free sandwich"), programme_id=shop.programme, number=2,
            policy="better", author="", note="", created_at=START,
        )  # fmt: skip
        return ledger.versions(connection, shop.id, shop.programme, 2)[2].terms.stamps_needed

    def add_and_break(connection):
        add_version(connection, 8)
        raise Broken

    with pytest.raises(Broken):
        opened.write(add_and_break)

    assert opened.write(lambda connection: add_version(connection, 12)) == 12


@ON_SQLITE
def test_when_the_commit_fails_everyone_in_it_is_told_and_nothing_is_written(opened):
    def fails_at_commit(connection):
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        connection.exec_driver_sql("INSERT INTO logos (business_id, webp, png, updated_at) VALUES (77, '', '', 0)")

    answers = all_at_once(opened, note("first"), fails_at_commit, note("third"))

    assert [type(answer) for answer in answers] == [Busy, Busy, Busy]
    assert words(opened) == []
    assert opened.write(note("later")) == "later"


@ON_SQLITE
def test_when_the_disk_is_full_everyone_is_told_and_reading_goes_on(opened):
    opened.write(note("before"))

    def set_pages(connection, most):
        connection.exec_driver_sql(f"PRAGMA max_page_count={most}")

    opened.write(lambda connection: set_pages(connection, 1))  # no page more than there are
    full = all_at_once(opened, note("x" * 200_000), note("y" * 200_000))
    seen = words(opened)
    opened.write(lambda connection: set_pages(connection, 1_000_000))

    assert [type(answer) for answer in full] == [Busy, Busy]
    assert seen == ["before"]
    assert opened.write(note("after")) == "after"


@pytest.fixture
def failing(database, tmp_path):
    """A database whose driver fails the statements put into `failing.verbs`, as a dying disk would."""
    settings = settings_module.read({"TENTH_DATA": str(tmp_path), "TENTH_DATABASE_URL": database})
    options = db.engine_options(settings)
    module = options["module"]

    class Driver(module.Connection):
        verbs: tuple[str, ...] = ()

        def execute(self, sql, *values):
            if sql in Driver.verbs:
                raise module.OperationalError("disk I/O error")
            return super().execute(sql, *values)

    opened = db.connect(create_engine(settings.database_url, connect_args={"factory": Driver}, **options))
    opened.driver = Driver
    yield opened
    Driver.verbs = ()
    opened.close()


@ON_SQLITE
@pytest.mark.parametrize("verbs", [("COMMIT",), ("COMMIT", "ROLLBACK"), ("BEGIN IMMEDIATE",)], ids=" and ".join)
def test_a_dying_disk_is_never_answered_as_done(failing, verbs):
    def die():
        failing.driver.verbs = verbs

    answers = all_at_once(failing, note("first"), note("second"), when_ready=die)
    failing.driver.verbs = ()

    assert [type(answer) for answer in answers] == [Busy, Busy]
    assert words(failing) == []
    assert failing.write(note("later")) == "later"
    assert words(failing) == ["later"]


@ON_SQLITE
def test_an_action_that_ends_its_thread_does_not_end_the_writing(opened):
    def end(connection):
        note("lost")(connection)
        raise SystemExit

    answers = all_at_once(opened, note("neighbour"), end)

    assert "lost" not in words(opened)
    assert ("neighbour" in words(opened)) == (answers[0] == "neighbour")
    assert opened.write(note("later")) == "later"


def test_a_database_that_cannot_be_opened_is_busy_until_it_can(tmp_path):
    folder = tmp_path / "not there yet"
    opened = open_database(f"sqlite:///{folder / 'tenth.db'}", str(tmp_path))

    with pytest.raises(Busy):
        opened.write(lambda connection: None)
    with pytest.raises(Busy), opened.reading():
        pass
    folder.mkdir()

    assert opened.write(lambda connection: "written") == "written"
    opened.close()


def end_all_connections(address):
    """What a restart of the server does to everyone connected."""
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as other:
        everyone = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        other.execute(f"SELECT pg_terminate_backend(pid, 5000) {everyone}")


@ON_POSTGRES
def test_a_database_that_went_away_is_busy_and_then_reads_and_writes_again(opened, database):
    opened.write(note("before"))
    end_all_connections(database)

    with pytest.raises(Busy):
        opened.write(note("lost"))
    answer = opened.write(note("after"))
    end_all_connections(database)
    with pytest.raises(Busy):
        words(opened)

    assert answer == "after"
    assert words(opened) == ["before", "after"]


@ON_POSTGRES
def test_a_connection_lost_before_the_commit_is_never_answered_as_done(opened, database):
    def lose(connection):
        note("lost")(connection)
        end_all_connections(database)

    with pytest.raises(Busy):
        opened.write(lose)

    assert words(opened) == []


@ON_POSTGRES
def test_what_the_server_can_only_undo_is_never_answered_as_done(opened):
    def carry_on(connection):
        note("lost")(connection)
        with suppress(ProgrammingError):
            Statement(text("SELECT nonsense")).all(connection)

    with pytest.raises(Busy):
        opened.write(carry_on)

    assert words(opened) == []


@ON_POSTGRES
def test_when_every_connection_is_taken_the_database_is_busy(opened):
    with ExitStack() as held:
        for _ in range(MOST_CONNECTIONS):
            held.enter_context(opened.reading())

        with pytest.raises(Busy):
            opened.write(note("late"))
        with pytest.raises(Busy), opened.reading():
            pass


def test_a_reader_sees_what_was_answered_as_done(opened):
    for number in range(20):
        opened.write(note(str(number)))
        assert words(opened)[-1] == str(number)
