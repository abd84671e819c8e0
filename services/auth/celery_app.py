"""The auth service's worker: `celery -A celery_app worker -l info` in this folder."""

from habrio_auth.app import create_app

celery = create_app().extensions["celery"]
