"""How an act can fail."""

from __future__ import annotations

from habrio_shared.contracts.acts import ActRefusal
from habrio_shared.errors import BadRequest, Conflict, Forbidden, HabrioError, NotFound, Unavailable

KINDS: dict[int, type[HabrioError]] = {400: BadRequest, 403: Forbidden, 404: NotFound, 409: Conflict}


class ActUnfinished(Unavailable):
    """Nothing was done: two acts on one thing in another order than they were asked for would be neither's wish.

    `act_id` is the earlier act.
    """

    word = "act_unfinished"
    sentence = "An earlier act on this is still being carried out; please try again"

    def __init__(self, act_id: str) -> None:
        super().__init__()
        self.act_id = act_id


def refused(refusal: ActRefusal) -> HabrioError:
    """The owner's refusal as this service's answer."""
    error = KINDS.get(refusal.status, BadRequest)(refusal.message)
    error.word = refusal.word
    return error
