"""Short messages to phones, by SMS, WhatsApp and the like: the channel of NOTIFY_URL (ADR 0008)."""

from habrio_shared.notify.attempts import ATTEMPTS_MAX, try_again, wait_before_next
from habrio_shared.notify.send import NotTaken, check, send
from habrio_shared.notify.settings import NotifySettings

__all__ = ["ATTEMPTS_MAX", "NotTaken", "NotifySettings", "check", "send", "try_again", "wait_before_next"]
