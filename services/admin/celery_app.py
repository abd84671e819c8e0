"""The admin service's worker: `celery -A celery_app worker -l info -P threads` in this folder.

It relays the acts that could not be carried out at once.
"""

from __future__ import annotations

from habrio_admin.app import create_app

admin = create_app()
celery_app = admin.extensions["celery"]
