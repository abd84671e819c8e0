"""A task's log lines are found by the id of the request that asked for it."""

from __future__ import annotations

from typing import Any

import pytest
from celery import shared_task
from flask import Flask, g

from habrio_shared import celery_app
from habrio_shared.request_ids import REQUEST_ID
from habrio_shared.settings import ServiceSettings


class Settings(ServiceSettings):
    service = "consumer"


@shared_task(name="tested.who_asked")  # type: ignore[untyped-decorator]  # Celery ships no types
def who_asked() -> str:
    return str(g.request_id)


@pytest.fixture
def task() -> Any:
    app = Flask("consumer")
    settings = Settings.model_validate({"database_url": "sqlite://", "redis_url": "memory://"})
    app.extensions.update(habrio_settings=settings, habrio_metadatas=[])
    return celery_app.make_celery(app, task_modules=[]).tasks["tested.who_asked"]


def test_a_task_bears_the_id_of_the_request_that_asked_for_it(task: Any) -> None:
    headers: dict[str, Any] = {}
    with Flask("web").app_context():
        g.request_id = "asked-7"
        celery_app._pass_on(headers=headers)
    task.push_request(**headers)
    try:
        assert task() == "asked-7"
    finally:
        task.pop_request()


def test_one_that_no_request_asked_for_gets_an_id_of_its_own_each_time(task: Any) -> None:
    headers: dict[str, Any] = {}
    celery_app._pass_on(headers=headers)
    assert headers == {}
    assert REQUEST_ID.fullmatch(task()) and task() != task()
