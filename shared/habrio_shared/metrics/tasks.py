"""Celery's tasks by name: how many began and how they ended, and for how long they ran."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from celery.signals import task_failure, task_postrun, task_prerun, task_retry, task_success

from habrio_shared.metrics.series import TASK_SECONDS, TASKS

_began_at: dict[str, float] = {}
"""By the id of the run; each has a thread of the worker, and takes its own entry away."""


@task_prerun.connect  # type: ignore[untyped-decorator]  # Celery ships no types
def _begin(sender: Any, task_id: str, **_kwargs: Any) -> None:
    _began_at[task_id] = perf_counter()
    TASKS.labels(sender.name, "started").inc()


@task_postrun.connect  # type: ignore[untyped-decorator]  # Celery ships no types
def _end(sender: Any, task_id: str, **_kwargs: Any) -> None:
    if (began_at := _began_at.pop(task_id, None)) is not None:
        TASK_SECONDS.labels(sender.name).observe(perf_counter() - began_at)


@task_success.connect  # type: ignore[untyped-decorator]  # Celery ships no types
def _succeed(sender: Any, **_kwargs: Any) -> None:
    TASKS.labels(sender.name, "succeeded").inc()


@task_failure.connect  # type: ignore[untyped-decorator]  # Celery ships no types
def _fail(sender: Any, **_kwargs: Any) -> None:
    TASKS.labels(sender.name, "failed").inc()


@task_retry.connect  # type: ignore[untyped-decorator]  # Celery ships no types
def _retry(sender: Any, **_kwargs: Any) -> None:
    TASKS.labels(sender.name, "retried").inc()
