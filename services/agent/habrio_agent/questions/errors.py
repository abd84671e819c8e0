"""How a question fails."""

from __future__ import annotations

from habrio_shared.errors import BadGateway, HabrioError, TooManyRequests, Unauthorized, Unavailable


class ModelFailed(BadGateway):
    """The model's service is away, refuses us, or answers what is no answer; the log says which."""

    word = "model_failed"
    sentence = "The assistant's language model could not be asked, please try again later"


class ModelSlow(HabrioError):
    status = 504
    word = "model_slow"
    sentence = "The assistant's language model took too long to answer, please try again"


class SignedOut(Unauthorized):
    """The platform refused the person's own token while their question was being answered."""

    word = "session_ended"
    sentence = "This session has ended, please sign in again"


class StillAnswering(TooManyRequests):
    word = "still_answering"
    sentence = "The assistant is still answering your last question"


class TooBusy(Unavailable):
    word = "assistant_busy"
    sentence = "The assistant is answering as many questions as it can, please try again"
