"""Tables that only grow: triggers refuse to change or delete a row of them.

A migration runs `append_only_ddl` after it has created the table, for Alembic does not see triggers. SQLite loses them
when a later migration makes the table anew (`batch_alter_table`): that migration runs `append_only_ddl` again.
"""

from __future__ import annotations


def append_only_ddl(table_name: str, dialect_name: str) -> list[str]:
    """The statements that make an existing table append-only."""
    sentence = f"{table_name} is append-only"
    if dialect_name == "sqlite":
        return [
            f"CREATE TRIGGER {table_name}_no_{change.lower()} BEFORE {change} ON {table_name} "
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
            for change in ("UPDATE", "DELETE")
        ]
    return [
        f"CREATE FUNCTION {table_name}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{sentence}' USING ERRCODE = 'restrict_violation'; END $$",
        f"CREATE TRIGGER {table_name}_append_only BEFORE UPDATE OR DELETE ON {table_name} "
        f"FOR EACH ROW EXECUTE FUNCTION {table_name}_is_append_only()",
    ]


def changeable_ddl(table_name: str, dialect_name: str) -> list[str]:
    """The statements that undo `append_only_ddl`; run them before the table is dropped."""
    if dialect_name == "sqlite":
        return [f"DROP TRIGGER {table_name}_no_{change}" for change in ("update", "delete")]
    return [
        f"DROP TRIGGER {table_name}_append_only ON {table_name}",
        f"DROP FUNCTION {table_name}_is_append_only()",
    ]
