"""/test_support: what tests and developers may see. Registered in development and testing only."""

from __future__ import annotations

from pydantic import BaseModel

from habrio_auth.settings import current_settings
from habrio_auth.test_support.codes import shown
from habrio_auth.users.rules import NotAPhone, e164
from habrio_shared.api import API_PREFIX, ApiBlueprint
from habrio_shared.errors import InternalError, NotFound
from habrio_shared.identity import public
from habrio_shared.schemas import Answer


class Code(BaseModel):
    otp: str


class CodeOut(Answer):
    data: Code


class Pong(BaseModel):
    ping: str = "pong"


class PongOut(Answer):
    data: Pong


class NoCode(NotFound):
    word = "no_otp"
    sentence = "No OTP was sent to this phone"


def blueprint(prefix: str) -> ApiBlueprint:
    """The routes below `prefix`/test_support."""
    bp = ApiBlueprint(f"test_support{prefix.replace('/', '_')}", prefix)

    @bp.get("/test_support/otp/<phone>", errors=(NoCode,))
    @public
    def otp(phone: str) -> CodeOut:
        """The newest one-time password of a phone."""
        try:
            code = shown(e164(phone, current_settings().default_region))
        except NotAPhone:
            code = None
        if code is None:
            raise NoCode
        return CodeOut(data=Code(otp=code))

    @bp.get("/test_support/ok")
    @public
    def ok() -> PongOut:
        """That the way in is open."""
        return PongOut(data=Pong())

    @bp.get("/test_support/boom", errors=(InternalError,))
    @public
    def boom() -> PongOut:
        """A fault that nobody foresaw, and how it is answered."""
        raise RuntimeError("boom, as asked for")

    return bp


BLUEPRINTS = [blueprint(API_PREFIX), blueprint("")]
