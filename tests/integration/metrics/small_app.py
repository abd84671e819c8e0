"""An application that says which process answers, and dies when it is told to."""

from __future__ import annotations

import os
import signal

from flask import Flask

from habrio_shared.metrics import web


def create_app() -> Flask:
    app = Flask("small")
    web.set_up(app)

    @app.get("/hello")
    def hello() -> str:
        return str(os.getpid())

    @app.get("/die/<int:pid>")
    def die(pid: int) -> str:
        if pid == os.getpid():
            os.kill(pid, signal.SIGKILL)
        return "somebody else"

    return app
