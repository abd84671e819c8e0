"""Delivering one-time passwords, outside the request."""

from __future__ import annotations

import sys

from celery import shared_task

from habrio_auth.otps.handover import DELIVER_TASK
from habrio_auth.settings import current_settings


@shared_task(name=DELIVER_TASK)  # type: ignore[untyped-decorator]  # Celery ships no types
def deliver_otp(phone: str, code: str) -> None:
    """Bring `code` to `phone` through the channel of NOTIFY_URL."""
    if current_settings().notify_url == "console":
        # Not the log: it masks phones, and this is for the developer's eyes.
        sys.stdout.write(f"OTP for {phone}: {code}\n")
        sys.stdout.flush()
