"""Payments that nobody finished: the platform's beat calls it."""

from __future__ import annotations

from celery import shared_task

from habrio_consumer.wallet.errors import PaymentDeclined, PaymentsNotConfigured
from habrio_consumer.wallet.finish import finish
from habrio_consumer.wallet.provider import provider
from habrio_consumer.wallet.queries import unfinished_payments


@shared_task(name="consumer.finish_payments")  # type: ignore[untyped-decorator]  # Celery ships no types
def finish_payments() -> int:
    """Ask the provider again about payments whose request died or got no answer; how many ended."""
    try:
        charging = provider()
    except PaymentsNotConfigured:
        return 0
    ended = 0
    for payment_id in unfinished_payments(charging.name):
        try:
            _, status = finish(payment_id, charging)
            ended += status == 200
        except PaymentDeclined:
            ended += 1
    return ended
