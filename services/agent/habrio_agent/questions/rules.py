"""What a usable answer is: bounds that hold whatever the model says."""

from __future__ import annotations

import unicodedata

ANSWER_CHARACTERS_MAX = 4000
SUGGESTION_CHARACTERS_MAX = 120
SUGGESTIONS_MIN, SUGGESTIONS_MAX = 2, 4


def clean(text: str, characters_max: int) -> str:
    """`text` without what no database or phone can show, stripped, and cut with an ellipsis when it is too long."""
    shown = "".join(
        character for character in text if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")
    ).strip()
    return shown if len(shown) <= characters_max else shown[: characters_max - 1].rstrip() + "…"


def usable(answer: str, suggestions: list[str]) -> tuple[str, list[str]] | None:
    """(answer, suggestions) within their bounds, each suggestion once; None when there is no answer or too few."""
    said = clean(answer, ANSWER_CHARACTERS_MAX)
    kept = [clean(suggestion, SUGGESTION_CHARACTERS_MAX) for suggestion in suggestions]
    different = list({suggestion.casefold(): suggestion for suggestion in kept if suggestion}.values())
    if not said or len(different) < SUGGESTIONS_MIN:
        return None
    return said, different[:SUGGESTIONS_MAX]
