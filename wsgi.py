"""What a WSGI server loads: `granian --interface wsgi --factory wsgi:serve`, as `flask run-service` does."""

import gc

from flask import Flask

from api import clockwork, create_app


def serve() -> Flask:
    """The service, with what it does by itself."""
    app = create_app()
    clockwork.start(app)
    gc.freeze()  # what is there now stays; looking through it again and again takes a twentieth of the time
    return app
