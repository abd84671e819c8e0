"""The consumer service's worker: `celery -A celery_app worker -l info` in this folder.

Its beat is the platform's clock: it calls every service's daily housekeeping, each on the queue of its service.
"""

from __future__ import annotations

from datetime import timedelta

from habrio_consumer.app import create_app
from habrio_shared.celery_app import make_celery

celery_app = make_celery(
    create_app(),
    task_modules=["habrio_consumer.housekeeping.tasks"],
    schedule={
        f"{service}: housekeeping": (f"{service}.housekeeping", timedelta(days=1))
        for service in ("auth", "consumer", "vendor")
    },
)
