"""The consumer service's worker: `celery -A celery_app worker -l info` in this folder.

Its beat is the platform's clock: it calls every service's housekeeping, each on the queue of its service. Every hour,
for beat counts from its own start, and a stack that is restarted each morning is to be tidied as well. Payments that
nobody finished are finished each minute, payouts and uploads looked after twice a minute; new ones do not wait.
"""

from __future__ import annotations

from datetime import timedelta

from habrio_consumer.app import create_app
from habrio_shared.celery_app import make_celery

celery_app = make_celery(
    create_app(),
    task_modules=["habrio_consumer.housekeeping.tasks", "habrio_consumer.wallet.tasks"],
    schedule={
        "consumer: payments": ("consumer.finish_payments", timedelta(minutes=1)),
        "vendor: bulk uploads": ("vendor.bulk_uploads", timedelta(seconds=30)),
        "vendor: payouts": ("vendor.send_payouts", timedelta(seconds=30)),
        **{
            f"{service}: housekeeping": (f"{service}.housekeeping", timedelta(hours=1))
            for service in ("auth", "consumer", "vendor", "admin")
        },
        **{
            f"{service}: proof of the ledger": (f"{service}.prove_ledger", timedelta(hours=1))
            for service in ("consumer", "vendor", "admin")
        },
    },
)
