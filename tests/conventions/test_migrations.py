"""A migration only adds: the release before it goes on running on what it makes (ADR 0025)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MIGRATIONS = sorted(ROOT.glob("services/*/migrations/versions/*.py"))
CONTRACT = "Contract:"
"""A docstring with this word says since which release nothing uses what the migration takes away."""


def calls(function: ast.FunctionDef) -> list[ast.Call]:
    return [node for node in ast.walk(function) if isinstance(node, ast.Call)]


def name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def options(call: ast.Call) -> dict[str, str]:
    return {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords if keyword.arg}


def is_harm(call: ast.Call) -> bool:
    """Whether the code of the release before, which writes rows without the new columns, cannot live with it."""
    given = options(call)
    match name(call):
        case "drop_column" | "drop_table" | "rename_table":
            return True
        case "alter_column":
            renames, demands = "new_column_name" in given, given.get("nullable") == "False"
            return renames or demands or given.get("server_default") == "None"
        case "add_column":
            [column] = [options(argument) for argument in call.args if isinstance(argument, ast.Call)]
            return column.get("nullable") == "False" and "server_default" not in column
        case _:
            return False


def harm(upgrade: ast.FunctionDef) -> list[str]:
    return [ast.unparse(call) for call in calls(upgrade) if is_harm(call)]


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: f"{path.parents[2].name} {path.stem}")
def test_a_migration_only_adds_unless_it_says_why_it_may_take_away(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    [upgrade] = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "upgrade"]
    assert CONTRACT in (ast.get_docstring(tree) or "") or not harm(upgrade)


@pytest.mark.parametrize(
    "statement",
    [
        "op.drop_column('orders', 'notes')",
        "op.rename_table('orders', 'old_orders')",
        "table.alter_column('notes', new_column_name='words')",
        "op.alter_column('orders', 'notes', nullable=False)",
        "op.alter_column('orders', 'notes', server_default=None)",
        "op.add_column('orders', sa.Column('tip', sa.Integer(), nullable=False))",
    ],
)
def test_what_the_release_before_could_not_live_with_is_seen(statement: str) -> None:
    [upgrade] = ast.parse(f"def upgrade():\n    {statement}").body
    assert isinstance(upgrade, ast.FunctionDef)
    assert harm(upgrade)
