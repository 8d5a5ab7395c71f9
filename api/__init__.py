"""The service: JSON in, SQL out, JSON back. create_app is the one place where its parts meet."""

import importlib
import pkgutil
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from api import commands, db, errors, keys, routes
from api import settings as settings_module
from api.analyses import Analyses
from api.auth import Tills
from api.limits import Limits
from api.live import Live
from api.metrics import Metrics
from api.outside.webhooks import Sender
from api.routes.express import express
from api.routes.reading import MOST_BYTES
from api.routes.webhooks import message
from api.safety import keep_safe
from api.settings import Settings

STATIC = Path(__file__).resolve().parents[1] / "static"
# Threads that live streams may not take: enough that stamps never wait for a watching phone.
KEPT_FROM_STREAMS = 16


def create_app(settings: Settings | None = None) -> Flask:
    """The service with these settings, or with those of the environment. Raises BadSetting."""
    settings = settings or settings_module.read()
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    app = Flask(__name__, static_folder=None)
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = db.engine_options(settings)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.url_map.strict_slashes = True

    db.db.init_app(app)
    # Flask-SQLAlchemy would tidy up a session after each request; we use its models and engine, never its session.
    app.teardown_appcontext_funcs.clear()
    with app.app_context():
        app.extensions["tenth.database"] = db.connect(db.db.engine)
    app.extensions["tenth.settings"] = settings
    app.extensions["tenth.keys"] = keys.load(settings.data)
    app.extensions["tenth.tills"] = Tills()
    app.extensions["tenth.limits"] = Limits(settings.rate_limits)
    app.extensions["tenth.metrics"] = Metrics()
    app.extensions["tenth.analyses"] = Analyses()
    app.extensions["tenth.sender"] = Sender(app, message)
    live = app.extensions["tenth.live"] = Live(settings.threads - KEPT_FROM_STREAMS)
    if not settings.on_sqlite:
        live.across_processes(settings.database_url.replace("+psycopg", ""))

    errors.register(app)
    for module in pkgutil.iter_modules(routes.__path__):
        blueprint = getattr(importlib.import_module(f"api.routes.{module.name}"), "bp", None)
        if blueprint is not None:
            app.register_blueprint(blueprint)
    commands.register(app)

    app.wsgi_app = express(app, app.wsgi_app)  # type: ignore[method-assign]
    app.wsgi_app = app.extensions["tenth.metrics"].watch(app.wsgi_app)  # type: ignore[method-assign]
    app.wsgi_app = WhiteNoise(app.wsgi_app, immutable_file_test=_is_hashed)  # type: ignore[method-assign]
    for folder in ("build", "icons"):
        if (STATIC / folder).is_dir():
            app.wsgi_app.add_files(str(STATIC / folder), prefix=f"/static/{folder}")  # type: ignore[attr-defined]
    app.wsgi_app = keep_safe(app.wsgi_app)  # type: ignore[method-assign]
    if settings.trust_proxy:
        hops = settings.trust_proxy
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _is_hashed(_path: str, url: str) -> bool:
    """Files whose name holds a hash of their content never change."""
    parts = url.rsplit("/", 1)[-1].split(".")
    return len(parts) > 2 and len(parts[-2]) >= 8
