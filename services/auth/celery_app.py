"""The auth service's worker: `celery -A celery_app worker -l info` in this folder."""

from habrio_auth.app import create_app
from habrio_shared import notify

auth = create_app()
notify.check(auth.extensions["habrio_settings"])
celery = auth.extensions["celery"]
