"""The auth service's receipt for a vendor's onboarding: nothing follows from it here."""

from __future__ import annotations

from habrio_shared import outbox
from habrio_shared.contracts.users import VENDOR_ONBOARDED

outbox.on_reply(VENDOR_ONBOARDED)(outbox.do_nothing)
