"""The SQL that an application sends, and what PostgreSQL says that it costs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import event


@dataclass(frozen=True)
class Sent:
    """One statement as the driver got it."""

    sql: str
    parameters: Any


@contextmanager
def sent_by(app: Flask) -> Iterator[list[Sent]]:
    """Collects the statements that the app sends in the block, in order."""
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    seen: list[Sent] = []

    def note(_conn: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        seen.append(Sent(statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@dataclass(frozen=True)
class Cost:
    """What a statement did: rows that any node of its plan read, with those it threw away; pages of 8 KiB it touched;
    indexes it used, and tables that it read from beginning to end."""

    rows: int
    pages: int
    indexes: frozenset[str]
    whole_tables: frozenset[str]

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.rows + other.rows,
            self.pages + other.pages,
            self.indexes | other.indexes,
            self.whole_tables | other.whole_tables,
        )


NOTHING = Cost(0, 0, frozenset(), frozenset())


def cost_of(app: Flask, statement: Sent, *, only_by_index: bool = False) -> Cost:
    """What the statement costs when it is run once more, by EXPLAIN ANALYZE; PostgreSQL only.

    `only_by_index` forbids plans that read whole tables, which are the cheaper ones while a table is small: so the same
    plan is compared at both sizes.
    """
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    with engine.connect() as connection:
        if only_by_index:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        explain = f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {statement.sql}"
        [plan] = connection.exec_driver_sql(explain, statement.parameters).scalar_one()
    top = plan["Plan"]
    nodes = list(_nodes(top))
    scans = [node for node in nodes if "Scan" in node["Node Type"] and node["Node Type"] != "Bitmap Index Scan"]
    return Cost(
        rows=sum(_rows(node) for node in scans),
        pages=top["Shared Hit Blocks"] + top["Shared Read Blocks"],
        indexes=frozenset(node["Index Name"] for node in nodes if "Index Name" in node),
        whole_tables=frozenset(node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"),
    )


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def _rows(node: dict[str, Any]) -> int:
    thrown_away = ("Rows Removed by Filter", "Rows Removed by Index Recheck", "Rows Removed by Join Filter")
    each_time: float = sum(node.get(name, 0) for name in ("Actual Rows", *thrown_away))
    return round(each_time * int(node["Actual Loops"]))
