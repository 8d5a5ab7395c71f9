"""Who may import whom: the picture of the house as a table, held against every module there is."""

import ast
import importlib
import sys
from pathlib import Path

import pytest

from api.db import Statement

ROOT = Path(__file__).parents[1]

# Module or folder: what of our own it may import. The longest name that fits a module is its row.
OURS = {
    "rules": "rules",
    "insight": "insight",
    # The ground: they know nothing of cards.
    "api.settings": "",
    "api.ids": "",
    "api.words": "",
    "api.shapes": "api.ids api.words",
    "api.keys": "rules.codes",
    "api.presence": "",
    "api.db": "api.db api.presence api.settings",
    "api.errors": "api.db api.shapes",
    # Tools: each does one thing for whoever needs it.
    "api.analyses": "",
    "api.columns_file": "api.db.Busy",
    "api.limits": "api.errors",
    "api.live": "api.recent",
    "api.metrics": "",
    "api.passwords": "",
    "api.pictures": "",
    "api.qr": "",
    "api.recent": "",
    "api.paper": "api.qr",
    "api.printing": "api.paper api.words",
    "api.written": "api.words",
    "api.monthly": "api.monthly api.paper api.words api.written insight",
    "api.safety": "",
    # The floors.
    "api.tables": "api.tables api.db",
    "api.store": "api.store api.tables api.db api.ids rules",
    "api.actions": "api.actions api.store api.errors api.ids api.keys rules",
    "api.auth": "api.actions.callers api.store api.keys rules.codes",
    "api.routes": (
        "api.routes api.auth api.actions api.store rules api.db api.errors api.ids api.keys api.limits api.live "
        "api.metrics api.monthly api.openapi api.passwords api.pictures api.printing api.qr api.settings api.shapes "
        "api.words api.written"
    ),
    "api.openapi": "api.auth api.errors api.routes.door",
    "api.outside": "api.actions api.store api.db api.ids api.keys api.settings",
    # Whoever starts things.
    "api.clockwork": "api.actions api.ids",
    "api.demo": "api.demo api.actions api.store api.db api.errors api.ids api.keys api.passwords insight rules",
    "api.upgrades": "",
    "api.backup": "api.actions api.store api.db api.ids api.keys api.presence api.upgrades",
    "api.commands": (
        "api.actions api.store api.backup api.db api.demo api.ids api.keys api.passwords api.settings api.upgrades"
    ),
    "api": "api",
}
# What goes beyond the picture, and why it may.
BEYOND = {
    "api.store.answers": ("api.errors api.keys api.shapes", "an answer is sealed and kept within its action"),
    "api.store.columns": ("api.columns_file insight.columns", "the ledger as columns is kept beside the database"),
    "api.actions.housekeeping": ("api.db", "it runs one transaction for each card, and is no action itself"),
    "api.actions.watch": ("api.db", "it runs one transaction for each business, and is no action itself"),
    "api.routes.campaign_effect": ("insight.experiments", "the visits it caused are reckoned as in an experiment"),
    "api.routes.experiment_figures": ("insight", "what an experiment has shown is reckoned from the columns"),
    "api.routes.goodwill_figures": ("insight", "how making good goes is reckoned from the cases"),
    "api.routes.insight": ("insight", "its questions are answered from the columns"),
    "api.routes.insight_faces": ("insight", "it tells figures in JSON"),
    "api.routes.reckoning": ("api.analyses api.columns_file insight.columns", "it reckons beside the service"),
    "api.routes.reports": ("insight", "a month's figures are reckoned from the columns"),
    "api.routes.webhooks": ("api.outside.webhooks.secret_text", "the owner is shown a secret as the receiver takes it"),
    "api.routes.what_if_faces": ("insight.replay", "it tells figures in JSON"),
}
# Module or folder: what of other people's it may import beside the standard library.
THEIRS = {
    "rules": "",
    "insight": "numpy",
    "api.ids": "pydantic_core",
    "api.analyses": "",
    "api.shapes": "orjson pydantic pydantic_core",
    "api.columns_file": "numpy",
    "api.keys": "cryptography",
    "api.db": "sqlalchemy flask.current_app flask_sqlalchemy psycopg pysqlite3",
    "api.errors": "flask.Flask flask.Response flask.current_app werkzeug",
    "api.limits": "limits",
    "api.live": "psycopg",
    "api.presence": "psycopg",
    "api.passwords": "argon2",
    "api.pictures": "PIL",
    "api.qr": "PIL qrcode",
    "api.paper": "fpdf",
    "api.written": "",
    "api.monthly": "numpy",
    "api.tables": "sqlalchemy",
    "api.store": "sqlalchemy",
    "api.store.columns": "sqlalchemy numpy",
    "api.actions": "sqlalchemy.Connection orjson",
    "api.auth": "sqlalchemy.Connection",
    "api.routes": "flask werkzeug pydantic pydantic_core orjson sqlalchemy.Connection",
    "api.routes.insight_faces": "flask werkzeug pydantic pydantic_core numpy",
    "api.routes.what_if_faces": "flask werkzeug pydantic pydantic_core numpy",
    "api.openapi": "flask.Flask pydantic",
    "api.outside": "flask.Flask",
    "api.clockwork": "flask.Flask",
    "api.demo": "sqlalchemy.Connection numpy",
    "api.upgrades": "alembic sqlalchemy.Connection sqlalchemy.Engine",
    "api.backup": "psycopg sqlalchemy",
    "api.commands": "click granian.cli flask.Flask flask.current_app",
    "api": "",
    "api.__init__": "flask.Flask flask.Request flask.Response flask.sessions werkzeug whitenoise",
}


def modules():
    """Every module of the house: its name and its file."""
    files = [path for folder in ("rules", "insight", "api") for path in sorted((ROOT / folder).rglob("*.py"))]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in files}


def imported(path):
    """The full names a file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def row(table, module):
    """What the table says of a module: the row whose name fits it best."""
    fits = [name for name in table if module == name or module.startswith(f"{name}.")]
    return table[max(fits, key=len)].split()


def within(name, allowed):
    return any(name == each or name.startswith(f"{each}.") for each in allowed)


@pytest.mark.parametrize("module", modules())
def test_a_module_imports_only_what_its_floor_may(module):
    names = imported(modules()[module])
    ours = {name for name in names if name.split(".")[0] in ("rules", "insight", "api")}
    theirs = {name for name in names - ours if name.split(".")[0] not in sys.stdlib_module_names}
    extra, _ = BEYOND.get(module, ("", ""))

    assert {name for name in ours if not within(name, row(OURS, module) + extra.split())} == set()
    assert {name for name in theirs if not within(name, row(THEIRS, module))} == set()


@pytest.mark.parametrize("name", ["api/*.py", "api/*/"])
def test_every_part_of_the_service_has_its_row(name):
    parts = {path.stem for path in (ROOT / "api").glob(name.removeprefix("api/"))} - {"__init__", "__pycache__"}

    assert {part for part in parts if f"api.{part}" not in OURS} == set()


@pytest.mark.parametrize("module", [*OURS, *BEYOND, *THEIRS])
def test_every_row_is_about_something_there_is(module):
    path = ROOT.joinpath(*module.split("."))

    assert module == "insight" or path.is_dir() or path.with_suffix(".py").is_file()


@pytest.mark.parametrize("module", BEYOND)
def test_what_goes_beyond_the_picture_is_still_needed(module):
    extra, reason = BEYOND[module]

    assert reason
    assert all(any(within(name, [each]) for name in imported(modules()[module])) for each in extra.split())


def test_only_routes_see_the_request():
    seen = {module for module, path in modules().items() if "flask.request" in imported(path)}

    assert {module for module in seen if not module.startswith("api.routes.")} == set()


def test_only_settings_reads_the_environment():
    readers = {
        module
        for module, path in modules().items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv") and _name(node.value) == "os")
        or (isinstance(node, ast.alias) and node.name in ("environ", "getenv"))
    }

    assert readers == {"api.settings"}


def test_rules_actions_and_store_are_told_what_time_it_is():
    askers = {
        module
        for module, path in modules().items()
        if module.startswith(("rules.", "api.actions.", "api.store."))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _name(node.func) in ("now_ms", "time", "time_ns", "now", "today", "utcnow")
    }

    assert askers == set()


def test_routes_read_the_store_but_write_only_through_actions():
    writers = _writers()

    found = set()
    for module, path in modules().items():
        if module.startswith("api.routes."):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            stores = _stores(tree)
            used = {(_name(n.value), n.attr) for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
            found |= {f"{module}: {alias}.{name}" for alias, name in used if (stores.get(alias), name) in writers}

    assert found == set()


def test_only_create_app_joins_the_parts():
    joiners = {module for module, path in modules().items() if "api.create_app" in imported(path)}

    assert joiners == set()


def _name(node):
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _writers():
    """The functions of the store that write: those that use a statement which inserts, updates or deletes."""
    found = set()
    for name in (module for module in modules() if module.startswith("api.store.")):
        module = importlib.import_module(name)
        writing = {n for n, value in vars(module).items() if isinstance(value, Statement) and value._core.is_dml}
        functions = {n: value for n, value in vars(module).items() if getattr(value, "__module__", "") == name}
        for function, value in functions.items():
            if hasattr(value, "__code__") and writing & set(value.__code__.co_names):
                found.add((name, function))
    return found


def _stores(tree):
    """The modules of the store, by the names a file knows them by."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "api.store"]
    return {each.asname or each.name: f"api.store.{each.name}" for node in imports for each in node.names}
