"""Whoever runs the service can see that it is alive, ready, and how it is doing."""

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from api import create_app, db
from api.routes import service
from api.settings import read


def counted(text, beginning):
    """The number behind a line of metrics."""
    return next(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(beginning))


def test_a_running_service_is_alive_and_ready(anyone):
    assert anyone.get("//healthz").json == {"status": "ok"}
    assert anyone.get("//readyz").json == {"status": "ok"}


def test_a_service_whose_database_is_not_migrated_is_alive_but_not_ready(tmp_path):
    app = create_app(read({"TENTH_DATA": str(tmp_path)}))
    client = app.test_client()

    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json["code"]) == (503, "not_ready")
    assert answer.headers["Retry-After"]
    with app.app_context():
        db.database().close()


def test_a_service_whose_database_is_at_another_migration_is_not_ready(anyone, app):
    db.write(lambda connection: connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'"))

    assert anyone.get("//readyz").json["code"] == "not_ready"


def test_the_number_of_the_last_migration_file_is_the_head():
    config = Config()
    config.set_main_option("script_location", str(service.MIGRATIONS.parent))

    assert service._newest_migration() == ScriptDirectory.from_config(config).get_current_head()


def test_a_service_whose_database_is_away_answers_busy_and_not_ready(tmp_path):
    away = read({"TENTH_DATA": str(tmp_path), "TENTH_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"})
    app = create_app(away)
    client = app.test_client()

    try:
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").json["code"] == "not_ready"
        answer = client.get("/api/v1/cards/AAAAAAAAAAAAAAAAA1")
        assert (answer.status_code, answer.json["code"]) == (503, "busy")
        assert answer.headers["Retry-After"] == "1"
    finally:
        app.extensions["tenth.live"].close()


def test_metrics_count_requests_by_route_and_events_by_what_became_of_them(anyone, till, make_card):
    card = make_card(stamps=4)
    stamp = till.stamp(card)
    till.send(stamp)
    till.send(stamp, till.redeem(card))

    text = anyone.get("//metrics").text

    assert counted(text, 'tenth_requests_total{method="POST",route="/api/v1/sync",status="200"}') == 2
    assert counted(text, 'tenth_events_total{status="applied"}') == 1
    assert counted(text, 'tenth_events_total{status="duplicate"}') == 1
    assert counted(text, 'tenth_events_total{status="refused"}') == 1
    assert counted(text, "tenth_request_seconds_count") >= 2
    assert counted(text, "tenth_events_kept") == 0
    assert counted(text, "tenth_live_streams") == 0
    assert card.code not in text


def test_metrics_show_what_waits_for_the_owner(anyone, till):
    till.send(till.claim("stamp", "AAAAAAAAAAAAAAAAA1", already_happened=True))

    assert counted(anyone.get("//metrics").text, "tenth_events_kept") == 1


def test_metrics_are_in_prometheus_text_format(anyone):
    answer = anyone.get("//metrics")

    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    for line in answer.text.splitlines():
        name = line.split()[2] if line.startswith("#") else line.split("{")[0].split(" ")[0]
        assert name.startswith("tenth_"), line
        assert line.startswith("#") or float(line.rsplit(" ", 1)[1]) >= 0


@pytest.mark.parametrize(
    ("address", "headers"),
    [("203.0.113.7", {}), ("127.0.0.1", {"X-Forwarded-For": "203.0.113.7"}), ("127.0.0.1", {"Forwarded": "for=x"})],
)
def test_metrics_are_for_this_machine_alone(app, address, headers):
    answer = app.test_client().get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})

    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


def test_metrics_can_be_opened(tmp_path, migrated_sqlite):
    (tmp_path / "tenth.db").write_bytes(migrated_sqlite.read_bytes())
    app = create_app(read({"TENTH_DATA": str(tmp_path), "TENTH_METRICS": "on"}))

    assert app.test_client().get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code == 200
    with app.app_context():
        db.database().close()


def test_a_card_may_be_asked_about_but_is_not_shown_to_every_verb(anyone, make_card):
    card = make_card()

    verbs = {verb: anyone.ask(verb, f"/cards/{card.code}").status_code for verb in ("GET", "HEAD", "OPTIONS", "PUT")}

    assert verbs == {"GET": 200, "HEAD": 200, "OPTIONS": 200, "PUT": 405}
    assert "events" not in anyone.ask("OPTIONS", "/sync", headers={"Content-Length": "0"}).text
