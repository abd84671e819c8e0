"""Who calls, and what they may do: internal tokens, callers, access rules (DESIGN.md §4)."""

from habrio_shared.identity.access import internal_only, public, role_required, signed_in
from habrio_shared.identity.caller import Caller, current_caller

__all__ = ["Caller", "current_caller", "internal_only", "public", "role_required", "signed_in"]
