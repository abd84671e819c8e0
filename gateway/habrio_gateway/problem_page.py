"""What a browser is shown where nginx itself has to say no at a page: whole in itself, for its service may be away."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import Final

STYLE: Final = (
    "body{margin:15vh auto;max-width:28rem;padding:0 1.5rem;font:1rem/1.6 system-ui,sans-serif;color:#1f2933;"
    "background:#f6f5f1}h1{font-size:1.375rem;line-height:1.3}a{color:#0f5c4d}small{color:#5c6670}"
)
POLICY: Final = (
    "default-src 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    + "'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)
"""Nothing but its own style, which is known by its digest."""


def problem_page(sentence: str, request_id: str) -> str:
    """HTML on one line that says `sentence`; `request_id` is put in as it is."""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Habrio</title>'
        f"<style>{STYLE}</style><h1>{escape(sentence)}</h1>"
        f'<p><a href="/admin/">Back to the start</a></p><p><small>Request {request_id}</small></p></html>'
    )
