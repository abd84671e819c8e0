"""The vendor service's worker: `celery -A celery_app worker -l info -P threads` in this folder."""

from __future__ import annotations

from habrio_shared import notify
from habrio_vendor.app import create_app

vendor = create_app()
notify.check(vendor.extensions["habrio_settings"])
celery_app = vendor.extensions["celery"]
