"""One call of a tool, as a model asks for it: whatever it asks, the answer is text that is bounded."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from pydantic import ValidationError

from habrio_agent.clients.platform import NOT_NOW, Unread
from habrio_agent.tools import consumer, vendor
from habrio_agent.tools.rules import framed, refused
from habrio_agent.tools.tool import Read, Tool
from habrio_shared.identity.caller import Role

log = logging.getLogger(__name__)

RESULT_CHARACTERS_MAX = 6000

TOOLS: Final[Mapping[Role, tuple[Tool, ...]]] = {"consumer": consumer.TOOLS, "vendor": vendor.TOOLS}
"""A role that is not named has none: it may ask, and is answered from the conversation alone."""


def tools_of(role: Role) -> dict[str, Tool]:
    """The role's tools by name."""
    return {tool.name: tool for tool in TOOLS.get(role, ())}


def run(tools: Mapping[str, Tool], name: str, arguments: str, read: Read) -> str:
    """What `name`, one of `tools`, finds with these arguments (JSON, as the model wrote it); or why it finds nothing.

    SignedOut passes through: the person's own session is over.
    """
    tool = tools.get(name)
    if tool is None:
        return refused(f"There is no such tool. There are: {', '.join(tools) or 'none'}")
    try:
        wanted = tool.takes.model_validate_json(arguments.strip() or "{}")
    except ValidationError as error:
        problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
        return refused(f"{'.'.join(str(part) for part in problem['loc']) or 'arguments'}: {problem['msg']}")
    try:
        return framed(tool.run(read, wanted), RESULT_CHARACTERS_MAX)
    except Unread as error:
        log.info("tool %s: %s", name, error)
        return refused(str(error))
    except (LookupError, TypeError) as error:
        log.error("tool %s: the platform's answer is of another shape than it was built for: %r", name, error)
        return refused(NOT_NOW)
