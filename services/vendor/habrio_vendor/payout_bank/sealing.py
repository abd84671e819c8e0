"""Account numbers as this service keeps them: encrypted under the current app's DATA_KEY."""

from __future__ import annotations

from habrio_vendor.settings import current_settings


def seal(account_number: str) -> str:
    """The number encrypted, to be stored."""
    return current_settings().sealer.seal(account_number)


def unseal(account_sealed: str) -> str:
    """The number that was sealed; NotOurSeal if its key is not given any more."""
    return current_settings().sealer.unseal(account_sealed)
