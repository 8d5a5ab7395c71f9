"""The running service is what its own description says, whoever asks: schemathesis with all its checks."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from routes import One

from api import settings as settings_module
from api.auth import OWNER_COOKIE, TILL_COOKIE
from api.commands import serve_command

ROOT = Path(__file__).resolve().parents[1]
# Examples made up for each endpoint, beside the several hundred that its limits and types call for.
EXAMPLES = 5


@pytest.fixture
def service(business, database, tmp_path):
    """The same business on a running server, with nothing that sends webhooks beside it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    mine = {
        "TENTH_DATA": str(tmp_path),
        "TENTH_DATABASE_URL": database,
        "TENTH_PORT": str(port),
        "TENTH_RATE_LIMITS": "1000000",
        "TENTH_WEBHOOKS_TO_PRIVATE": "on",
    }
    log = (tmp_path / "service.log").open("wb")
    command = serve_command(settings_module.read(mine), "tests.hasty:create_app --factory")
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | mine, stdout=log, stderr=log)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(15)
        log.close()


@pytest.mark.parametrize(
    ("role", "database"),
    [
        ("owner", "postgresql"),  # the stricter one, for whoever can write most
        ("till", "sqlite"),
        ("software", "postgresql"),
        ("customer", "sqlite"),
        ("anyone", "sqlite"),
    ],
    indirect=["database"],
)
def test_whoever_asks_gets_what_is_described(role, service, business, tmp_path):
    description = json.loads(wait_for(f"{service}/openapi.json"))
    config = tmp_path / "schemathesis.toml"
    config.write_text(configuration(One(business), role, description))

    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run", f"{service}/openapi.json"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT / "tests")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


# One of each for what a path names and no request removes; of the rest the run makes its own.
PATH_NAMES = (
    "campaign_id", "case_id", "code", "join_code", "month", "programme", "shop_id", "till_id", "slip_code", "staff_id",
    "token",
)  # fmt: skip
# After these whoever asks has no sign-in any more.
ENDS_THE_RUN = {"sign_out", "new_phone"}
# No schema can say that welcome stamps are fewer than the stamps needed, so right values may be refused together.
MORE_THAN_A_SCHEMA_SAYS = {
    "make_programme", "preview_version", "make_version", "make_campaign", "change_campaign", "put_right",
}  # fmt: skip
ACCEPTED = ["2xx", "3xx", "401", "403", "404", "409"]


def configuration(one, role, description):
    """What schemathesis is told: who asks, one of everything there is to ask for, and where it should not go."""
    return "\n".join(
        [
            "continue-on-failure = true",
            "max-stream-events = 1",
            "request-timeout = 10.0",
            'hooks = "schemathesis_hooks"',
            "warnings = false",
            "[cache]",
            "enabled = false",
            "[generation]",
            "deterministic = true",
            f"max-examples = {EXAMPLES}",
            "no-shrink = true",
            "with-security-parameters = false",
            *signed_in(one, role),
            "[parameters]",
            *(f'"path.{name}" = {json.dumps(getattr(one, name))}' for name in PATH_NAMES),
            *(operation(name, "enabled = false") for name in not_for(role, description)),
            *(
                operation(name, f"checks.positive_data_acceptance.expected-statuses = {[*ACCEPTED, '422']}")
                for name in MORE_THAN_A_SCHEMA_SAYS
            ),
            operation(
                "replace_card",  # a card of its own, which is gone (410) once it was replaced
                f"checks.positive_data_acceptance.expected-statuses = {[*ACCEPTED, '410']}\n"
                f'parameters = {{"path.code" = "{one.business.card().code}"}}',
            ),
        ]
    )


def not_for(role, description):
    """What this role need not try: the permissions table shows that it is turned away there."""
    for item in description["paths"].values():
        for each in item.values():
            ways = [set(way) - {"csrf"} for way in each["security"]]
            theirs = {role} in ways if role != "anyone" else set() in ways
            if not theirs or each["operationId"] in ENDS_THE_RUN:
                yield each["operationId"]


def operation(name, setting):
    return f"[[operations]]\ninclude-operation-id = {json.dumps(name)}\n{setting}"


def signed_in(one, role):
    """The role's secrets, under the names the description gives them."""
    if role in ("software", "customer"):
        secret = one.card.key if role == "customer" else one.software.headers["Authorization"].split()[1]
        return [f"[auth.openapi.{role}]", f"bearer = {json.dumps(secret)}"]
    if role == "anyone":
        return []
    client = one.business.owner if role == "owner" else one.business.till().client
    cookie = client.http.get_cookie(OWNER_COOKIE if role == "owner" else TILL_COOKIE)
    return [
        f"[auth.openapi.{role}]",
        f"api_key = {json.dumps(cookie.value)}",
        "[auth.openapi.csrf]",
        f"api_key = {json.dumps(client.headers['X-CSRF-Token'])}",
    ]


def wait_for(url):
    """What is there, once the service has started."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:
                return answer.read()
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the service did not start")
