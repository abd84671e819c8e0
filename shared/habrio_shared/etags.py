"""Answers that a client need not fetch twice: a weak ETag, and 304 for who has it already (RFC 9110, If-None-Match)."""

from __future__ import annotations

import hashlib

from flask import Response, request

from habrio_shared.identity.caller import Caller

DIGEST_BYTES = 16


def conditional(response: Response, caller: Caller) -> Response:
    """The answer with its ETag, or 304 without a body if the request names that.

    The tag is made of what is sent, to people of which role and place, and from which address, so that it changes with
    whatever can be seen and with nothing else; what it saves is the way to the phone, not the queries. It names nobody,
    for nginx may show the answer to others of the same place (ADR 0027). It is weak because nginx compresses.
    Only the client's own store may keep the answer, and asks before each use.
    """
    digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
    whom = (part.encode() for part in (caller.role, caller.city, caller.society))
    for part in (*whom, request.path.encode(), request.query_string, response.get_data()):
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    response.set_etag(digest.hexdigest(), weak=True)
    response.cache_control.private = True
    response.cache_control.no_cache = True
    response.vary.add("Authorization")
    response.make_conditional(request)
    return response
