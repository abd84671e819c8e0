"""The vendor service's worker: `celery -A celery_app worker -l info -P threads` in this folder."""

from __future__ import annotations

from habrio_shared.celery_app import make_celery
from habrio_vendor.app import create_app
from habrio_vendor.orders.time_out import time_out_due

celery_app = make_celery(
    create_app(),
    task_modules=["habrio_vendor.housekeeping.tasks"],
    recurring={"order-timer": time_out_due},
)
