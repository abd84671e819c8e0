"""Idempotency keys of clients: the same key and body get the first answer again (API.md, "retries")."""

from habrio_shared.idempotency.claim import IdempotencyKey, claim, forget, key_of_request, purge, remember
from habrio_shared.idempotency.errors import KeyInUse, KeyReused, KeyTooLong, Replayed
from habrio_shared.idempotency.tables import metadata

__all__ = [
    "IdempotencyKey",
    "KeyInUse",
    "KeyReused",
    "KeyTooLong",
    "Replayed",
    "claim",
    "forget",
    "key_of_request",
    "metadata",
    "purge",
    "remember",
]
