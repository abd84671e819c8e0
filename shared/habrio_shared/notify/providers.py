"""Providers of SMS, WhatsApp and the like, through apprise, which is large: only the worker imports this module."""

from __future__ import annotations

import logging

from apprise import Apprise, AppriseAsset

ASSET = AppriseAsset(
    app_id="Habrio",
    async_mode=False,
    http_redirects=False,  # a provider that moved, or a log-in page, has not taken the message
    storage_mode="memory",
)

# What apprise says has phones, messages and, about a wrong address, credentials in clear. What is to be known of a
# failure, the callers say.
logging.getLogger("apprise").propagate = False
logging.getLogger("apprise").addHandler(logging.NullHandler())


def is_usable(url: str) -> bool:
    """Whether apprise has a plugin for this address that finds everything in it that it needs; sends nothing."""
    return Apprise.instantiate(url, asset=ASSET) is not None


def send(url: str, text: str, timeout_seconds: float) -> bool:
    """Whether the provider took `text` within the time. False may also mean that it did and did not say so.

    apprise does not tell a refusal from an outage: both are False.
    """
    provider = Apprise(asset=ASSET)
    return provider.add(url) and bool(provider.notify(text, timeout=timeout_seconds))
