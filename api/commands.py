"""Commands for whoever runs the service: migrate, demo, run-service, set-up-link, new-password, verify, expire, backup,
restore."""

import sys
from pathlib import Path

import click
from flask import Flask, current_app

from api import backup, db, passwords
from api.actions import goodwill_sums, housekeeping, sessions, set_up
from api.ids import id_text, now_ms
from api.keys import new_secret
from api.settings import Settings
from api.store import businesses, copies
from api.upgrades import upgrade


def register(app: Flask) -> None:
    """Add the commands to `flask`."""
    for each in (migrate, fill_demo, run_service, set_up_link, new_password, verify, expire, save, restore):
        app.cli.add_command(each)


@click.command("migrate")
def migrate() -> None:
    """Bring the database to this version of Tenth."""
    upgrade(db.database().engine)


@click.command("demo")
def fill_demo() -> None:
    """Fill an empty database with a year of a believable café."""
    from api import demo  # what a shop never runs it need not load

    upgrade(db.database().engine)
    settings: Settings = current_app.extensions["tenth.settings"]
    try:
        made = demo.fill(keys=current_app.extensions["tenth.keys"], now=now_ms())
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"A year of Café Tenth: {made.cards} cards, {made.visits} visits.")
    click.echo(f"Sign in at {settings.public_url}/console/ as {made.email} with the password {made.password}")
    click.echo(f"Every PIN is {made.pin}.")


@click.command("run-service")
def run_service() -> None:
    """Bring the database to this version, serve, and print where."""
    upgrade(db.database().engine)
    settings: Settings = current_app.extensions["tenth.settings"]
    address = settings.public_url
    click.echo(f"Kiosk    {address}/kiosk/")
    click.echo(f"Console  {address}/console/")
    with db.reading() as connection:
        joins = businesses.join_codes(connection)
    for name, code in joins:
        click.echo(f"Join     {address}/join/{code}   ({name})")
    if not joins:
        click.echo(f"Join     {address}/join/…   (each shop gets its own at set-up)")
        click.echo(f"Set up   {address}/console/#setup={_new_link()}   (one use, 7 days)")
    sys.stdout.flush()
    current_app.extensions["tenth.live"].close()
    db.database().close()
    from granian.cli import cli as granian  # what the other commands need not load

    # Where processes fork, the one that serves begins with all that is loaded here: half the time of a start.
    granian(args=serve_options(settings), prog_name="granian")


def serve_options(settings: Settings, target: str = "wsgi:serve --factory") -> list[str]:
    """What granian is told: one process, its threads mostly waiting for the one writer or for live streams.

    No --backpressure: it counts connections, so phones that merely keep one open would shut the tills out.
    """
    options = (
        "--interface wsgi --workers 1 --no-ws --http 1 --runtime-threads 1 --backlog 1024 --workers-kill-timeout 10"
        " --log-level error"
        f" --host {settings.host} --port {settings.port} --blocking-threads {settings.threads}"
    )
    return [*options.split(), *target.split()]


def serve_command(settings: Settings, target: str = "wsgi:serve --factory") -> list[str]:
    """The same as a command of its own."""
    return [sys.executable, "-m", "granian", *serve_options(settings, target)]


@click.command("set-up-link")
def set_up_link() -> None:
    """Print a one-time link that makes a new business and its first owner."""
    settings: Settings = current_app.extensions["tenth.settings"]
    click.echo(f"{settings.public_url}/console/#setup={_new_link()}")


@click.command("new-password")
@click.argument("email")
def new_password(email: str) -> None:
    """Give the owner with this EMAIL a new password, print it, and end their other sign-ins."""
    password = new_secret()[:16]
    password_hash = passwords.hash_password(password)
    found = db.write(lambda c: sessions.new_password(c, email.strip().lower(), password_hash, now=now_ms()))
    if not found:
        raise click.ClickException(f"No owner has the e-mail {email}.")
    click.echo(f"New password for {email}: {password}")


@click.command("verify")
def verify() -> None:
    """Recompute every card, what campaigns have spent, and every case; fail with the first that differs."""
    with db.reading() as connection:
        checked, wrong = housekeeping.verify(connection)
        campaigns, mistaken = housekeeping.verify_campaigns(connection)
        copies.begin_reading(connection)  # of one moment: a case may have one more line by the time they are read
        try:
            cases, odd = goodwill_sums.verify(connection)
        finally:
            copies.end_reading(connection)
    if wrong is not None:
        raise click.ClickException(
            f"card {id_text(wrong.card_id)} of business {wrong.business_id} has {wrong.cached}, "
            f"its events make {wrong.replayed}"
        )
    if mistaken is not None:
        (kept, gifts), (spent, given) = mistaken.kept, mistaken.reckoned
        raise click.ClickException(
            f"campaign {id_text(mistaken.campaign_id)} ({mistaken.name}) of business {mistaken.business_id} has spent "
            f"{kept} on {gifts} gifts, its lines in the ledger make {spent} on {given}"
        )
    if odd is not None:
        raise click.ClickException(odd)
    click.echo(f"{checked} cards checked, every one is what its events add up to.")
    if campaigns:
        click.echo(f"{campaigns} campaigns checked, each has spent what its gifts cost.")
    if cases:
        click.echo(f"{cases} cases checked, with what was given for them.")


@click.command("expire")
def expire() -> None:
    """Let run out what is due; meant to run once a day."""
    click.echo(f"{housekeeping.expire_due(now=now_ms())} cards changed.")


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
def save(file: Path) -> None:
    """Write everything but the server key into a new FILE; Tenth may go on meanwhile."""
    try:
        made = backup.save(db.database(), file.absolute(), keys=current_app.extensions["tenth.keys"], now=now_ms())
    except (backup.Refused, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{file}: {made.rows} rows of {len(made.tables)} tables, as of {made.made_at}.")
    click.echo(f"Without the server key it knows no card. Keep that too, in another place: {_key_file()}")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(file: Path) -> None:
    """Put the backup in FILE in the place of the database, once all of it is checked; Tenth must be stopped."""
    current_app.extensions["tenth.live"].close()
    keys = current_app.extensions["tenth.keys"]
    try:
        manifest, kept = backup.restore(db.database(), file.absolute(), keys=keys, now=now_ms())
    except (backup.Refused, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Restored {manifest.rows} rows of {len(manifest.tables)} tables, as of {manifest.made_at}.")
    if kept is not None:
        click.echo(f"The database that was there is kept as {kept}")


def _key_file() -> Path:
    settings: Settings = current_app.extensions["tenth.settings"]
    return settings.data / "secret.key"


def _new_link() -> str:
    keys = current_app.extensions["tenth.keys"]
    return db.write(lambda connection: set_up.new_link(connection, keys=keys, now=now_ms()))
