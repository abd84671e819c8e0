"""How a return stands, as its consumer sees it."""

from __future__ import annotations

from typing import Literal, get_args

from habrio_shared.contracts.orders import ReturnStatus as VendorReturnStatus

ReturnStatus = Literal["asked", "refused", "raised", "accepted", "rejected", "completed"]

STATUSES: tuple[ReturnStatus, ...] = get_args(ReturnStatus)
"""`asked`: the vendor has not said yet whether it may be; `refused`: it may not, and the return never was."""


def status_shown(status: ReturnStatus) -> VendorReturnStatus:
    """A return that is still being asked for is shown as raised; one that was refused is never shown."""
    if status == "refused":
        raise ValueError("a refused return never was")
    return "raised" if status == "asked" else status
