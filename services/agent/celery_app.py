"""The agent service's worker: `celery -A celery_app worker -B -l info` in this folder.

It has a beat of its own: the platform's knows nothing of a service that only some platforms have, and tasks for a queue
that nobody reads would stay in the broker.
"""

from __future__ import annotations

from datetime import timedelta

from habrio_agent.app import create_app
from habrio_shared.celery_app import make_celery

celery_app = make_celery(
    create_app(),
    task_modules=["habrio_agent.housekeeping.tasks"],
    schedule={"agent: housekeeping": ("agent.housekeeping", timedelta(hours=1))},
)
