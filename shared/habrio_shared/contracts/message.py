"""What a message between services is; the messages themselves stand in the modules beside this one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel

KIND = re.compile(r"[a-z]+(_[a-z]+)*(\.[a-z]+(_[a-z]+)*)+")

BodyT = TypeVar("BodyT", bound=BaseModel)
ReplyT = TypeVar("ReplyT", bound=BaseModel)


@dataclass(frozen=True)
class Message(Generic[BodyT, ReplyT]):
    """A kind of message: the service `sender` tells the service `target` a `body`, which answers a `reply`.

    `kind` is dotted lower case ("orders.place"): part of the URL by which it is delivered, never given another
    meaning. Bodies and replies only gain fields with defaults, for an older or a newer service may read them.
    """

    kind: str
    sender: str
    target: str
    body: type[BodyT]
    reply: type[ReplyT]

    def __post_init__(self) -> None:
        if not KIND.fullmatch(self.kind):
            raise ValueError(f"{self.kind!r} is not a dotted lower-case name")
        if self.sender == self.target:
            raise ValueError(f"{self.kind} has its sender for a target")
