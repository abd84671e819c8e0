"""The auth service's receipts for a vendor's onboarding and review: nothing follows from them here."""

from __future__ import annotations

from habrio_shared import outbox
from habrio_shared.contracts.kyc import VENDOR_REVIEWED
from habrio_shared.contracts.users import VENDOR_ONBOARDED

outbox.on_reply(VENDOR_ONBOARDED)(outbox.do_nothing)
outbox.on_reply(VENDOR_REVIEWED)(outbox.do_nothing)
