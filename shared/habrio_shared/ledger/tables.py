"""The ledger's tables, one set in the schema of each service that holds money (DESIGN.md §5).

Entries and postings are append-only: triggers refuse to change or delete them. A migration creates the triggers with
`append_only_ddl`, for Alembic does not see them.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    MetaData,
    Table,
    Text,
    event,
)

from habrio_shared.database import NAMING_CONVENTION, BigId, UtcDateTime

metadata = MetaData(naming_convention=NAMING_CONVENTION)

accounts = Table(
    "ledger_accounts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("floor_paise", BigInteger),
    Column("balance_paise", BigInteger),
    CheckConstraint("(floor_paise IS NULL) = (balance_paise IS NULL)", name="balance_iff_floor"),
    CheckConstraint("balance_paise >= floor_paise", name="above_floor"),
)
"""A balance is kept only where there is a floor to keep; other accounts' rows never change, so none of them is hot."""

entries = Table(
    "ledger_entries",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("resolves", Text, ForeignKey("ledger_entries.id"), unique=True),
    Column("reference", Text, nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    CheckConstraint("resolves <> id", name="not_itself"),
)

postings = Table(
    "ledger_postings",
    metadata,
    Column("id", BigId, Identity(), primary_key=True),
    Column("entry_id", Text, ForeignKey("ledger_entries.id"), nullable=False, index=True),
    # No foreign keys to the accounts: each posting would lock the rows of `world` and `escrow`, which everybody uses.
    Column("src", Text, nullable=False),
    Column("dst", Text, nullable=False),
    Column("amount_paise", BigInteger, nullable=False),
    CheckConstraint("amount_paise > 0", name="positive"),
    CheckConstraint("src <> dst", name="moves"),
    Index("ix_ledger_postings_src_id", "src", "id"),
    Index("ix_ledger_postings_dst_id", "dst", "id"),
)

verdict_metadata = MetaData(naming_convention=NAMING_CONVENTION)
"""Of whoever proves ledgers: those who keep one, and the admin service, which compares them."""

verdicts = Table(
    "ledger_verdicts",
    verdict_metadata,
    Column("id", BigId, Identity(), primary_key=True),
    Column("checked_at", UtcDateTime, nullable=False),
    Column("entries", BigInteger, nullable=False),
    Column("problems", BigInteger, nullable=False),
    Column("paise_off", BigInteger, nullable=False),
)
"""What the nightly proofs found; one row a night, kept for ever."""

_APPEND_ONLY = {
    "postgresql": [
        "CREATE OR REPLACE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation'; END $$",
        *(
            f"CREATE TRIGGER {table.name}_append_only BEFORE UPDATE OR DELETE ON {table.name} "
            "FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only()"
            for table in (entries, postings)
        ),
    ],
    "sqlite": [
        f"CREATE TRIGGER {table.name}_no_{change.lower()} BEFORE {change} ON {table.name} "
        "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        for table in (entries, postings)
        for change in ("UPDATE", "DELETE")
    ],
}


def append_only_ddl(dialect_name: str) -> list[str]:
    """The statements that make entries and postings append-only, to run after the tables are created."""
    return list(_APPEND_ONLY[dialect_name])


for _dialect, _statements in _APPEND_ONLY.items():
    for _statement in _statements:
        event.listen(metadata, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]  # SQLAlchemy's lack
