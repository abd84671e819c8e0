"""How a call about the profile can fail."""

from __future__ import annotations

from habrio_shared.errors import BadRequest, NotFound


class ProfileNotFound(NotFound):
    word = "profile_not_found"
    sentence = "Vendor profile not found"


class VendorNotFound(NotFound):
    """For administrators: nobody, or a vendor who has registered no business yet."""

    word = "vendor_not_found"
    sentence = "There is no such vendor"


class ProfileExists(BadRequest):
    word = "profile_exists"
    sentence = "Your vendor profile exists already"
