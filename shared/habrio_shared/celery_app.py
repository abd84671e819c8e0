"""Celery for a service: its queue, its tasks in the application's context, and what else runs beside them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

from celery import Celery, Task
from celery.signals import before_task_publish, celeryd_init, worker_init, worker_process_shutdown, worker_shutting_down
from flask import Flask, g, has_app_context

from habrio_shared import nudge, outbox, request_ids, telemetry
from habrio_shared.metrics import worker
from habrio_shared.recurring import Recurring
from habrio_shared.settings import ServiceSettings

REQUEST_ID = "habrio_request_id"
"""In a task's headers: the id of the request that asked for it; what beat calls for gets one of its own."""


@before_task_publish.connect  # type: ignore[untyped-decorator]  # Celery ships no types
def _pass_on(headers: dict[str, Any], **_kwargs: Any) -> None:
    if has_app_context() and "request_id" in g:
        headers[REQUEST_ID] = g.request_id


@celeryd_init.connect  # type: ignore[untyped-decorator]  # Celery ships no types
def _show_no_banner(instance: Any, **_kwargs: Any) -> None:
    instance.quiet = True  # forty lines that are no log lines


def make_celery(
    app: Flask,
    *,
    task_modules: list[str],
    schedule: dict[str, tuple[str, timedelta]] | None = None,
    recurring: Mapping[str, Callable[[], int]] | None = None,
) -> Celery:
    """The service's Celery application: `celery -A celery_app worker` in its folder.

    Tasks run in `app`'s context, on the queue named after the service; `schedule` maps a name to (task, every) for
    beat. The worker of a service that has an outbox also runs its relay, in a thread that stops with it; and so it does
    the work that is `recurring`, by name: see `Recurring`.
    """
    settings: ServiceSettings = app.extensions["habrio_settings"]

    class ContextTask(Task):  # type: ignore[misc]  # Celery ships no types
        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            with nullcontext() if has_app_context() else app.app_context():
                g.setdefault("request_id", request_ids.request_id(self.request.get(REQUEST_ID)))
                return self.run(*args, **kwargs)

    celery = Celery(
        settings.service,
        broker=settings.broker_url,
        backend=settings.celery_result_backend or None,
        task_cls=ContextTask,
        include=task_modules,
    )
    celery.conf.update(
        task_default_queue=settings.service,
        task_ignore_result=True,
        task_acks_late=True,
        task_time_limit=300,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_send_task_events=False,
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "socket_connect_timeout": 1,
            "socket_timeout": 5,
            "visibility_timeout": 600,
        },
        task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_max": 0.2},
        beat_schedule={
            name: {
                "task": task,
                "schedule": every,
                "options": {"queue": task.partition(".")[0], "expires": every.total_seconds()},
            }
            for name, (task, every) in (schedule or {}).items()
        },
        beat_scheduler="celery.beat:Scheduler",
    )
    app.extensions["celery"] = celery
    worker_init.connect(_export_traces)
    worker_process_shutdown.connect(_export_the_last_traces)
    app.extensions[nudge.EXTENSION] = nudge.Nudges(app)
    if outbox.metadata in app.extensions["habrio_metadatas"]:
        _run_beside("outbox-relay", outbox.Relay(app).run)
    for name, work in (recurring or {}).items():
        _run_beside(name, Recurring(app, name, work).run)
    worker.set_up(app)
    return celery


def _export_traces(**_kwargs: Any) -> None:
    telemetry.start(telemetry.WORKER)


def _export_the_last_traces(**_kwargs: Any) -> None:
    telemetry.flush()  # a process of Celery's prefork pool ends without Python's own end


def _run_beside(name: str, run: Callable[[threading.Event], None]) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(stop,), name=name, daemon=True)

    # Not `worker_ready`, which waits for the broker: messages and timers need the database only.
    @worker_init.connect(weak=False)  # type: ignore[untyped-decorator]  # Celery ships no types
    def start(**_kwargs: Any) -> None:
        thread.start()

    @worker_shutting_down.connect(weak=False)  # type: ignore[untyped-decorator]  # Celery ships no types
    def finish(**_kwargs: Any) -> None:
        stop.set()
