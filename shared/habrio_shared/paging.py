"""Pages of what one owner has, newest first, at a cost that no other owner's rows can raise (ADR 0012)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVarTuple

from sqlalchemy import BindParameter, Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from habrio_shared.schemas import ID_MAX

Columns = TypeVarTuple("Columns")


def newest_of(
    query: Select[*Columns],
    owner: Mapping[InstrumentedAttribute[Any], Any],
    key: InstrumentedAttribute[int],
    *,
    limit: int | BindParameter[int],
    before_id: int | BindParameter[int] | None,
) -> Select[*Columns]:
    """Up to `limit` of the rows whose columns have the values of `owner`, by falling `key`; below `before_id` if given.

    The table needs an index on the owner's columns and the key, in this order, and is read by no other. Written as an
    equality the same would also be found by walking the primary key backwards, which PostgreSQL prefers as long as the
    usual owner has many rows; for one who has few or none that is the whole table. Rows are compared here instead.

    A query that is asked often is made once, of parameters with names (`bindparam`) in place of values.
    """
    row = tuple_(*owner, key)
    end = ID_MAX + 1 if before_id is None else before_id
    return (
        query.where(row < tuple_(*owner.values(), end), row > tuple_(*owner.values(), 0))
        .order_by(*(column.desc() for column in owner), key.desc())
        .limit(limit)
    )
