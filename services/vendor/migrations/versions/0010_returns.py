"""Delivered goods may come back, and stand in stock again.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from habrio_shared.append_only import append_only_ddl
from habrio_shared.database import UtcDateTime

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
IS_OPEN = sa.text("status IN ('raised', 'accepted')")


def upgrade() -> None:
    with op.batch_alter_table('vendor_orders') as table:
        table.add_column(sa.Column('returns_version', sa.Integer(), nullable=False, server_default='0'))
        table.create_check_constraint(op.f('ck_vendor_orders_returns_version'), 'returns_version >= 0')
    op.create_table(
        'vendor_returns',
        sa.Column('order_id', BIG_ID, nullable=False),
        sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('by', sa.Text(), nullable=False),
        sa.Column('wish_id', sa.BigInteger(), nullable=True),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('refund_paise', sa.BigInteger(), nullable=False),
        sa.Column('raised_at', UtcDateTime(), nullable=False),
        sa.CheckConstraint('number >= 1', name=op.f('ck_vendor_returns_number')),
        sa.CheckConstraint(
            "status IN ('raised', 'accepted', 'rejected', 'completed')", name=op.f('ck_vendor_returns_status')
        ),
        sa.CheckConstraint("by IN ('consumer', 'vendor')", name=op.f('ck_vendor_returns_by')),
        sa.CheckConstraint("(by = 'consumer') = (wish_id IS NOT NULL)", name=op.f('ck_vendor_returns_wish_iff_consumer')),
        sa.CheckConstraint('refund_paise >= 0', name=op.f('ck_vendor_returns_refund')),
        sa.CheckConstraint(
            "refund_paise = 0 OR status = 'completed'", name=op.f('ck_vendor_returns_refunded_when_completed')
        ),
        sa.ForeignKeyConstraint(
            ['order_id'], ['vendor_orders.order_id'], name=op.f('fk_vendor_returns_order_id_vendor_orders')
        ),
        sa.PrimaryKeyConstraint('order_id', 'number', name=op.f('pk_vendor_returns')),
    )
    op.create_index('uq_vendor_returns_wish_id', 'vendor_returns', ['wish_id'], unique=True)
    op.create_index(
        'uq_vendor_returns_open',
        'vendor_returns',
        ['order_id'],
        unique=True,
        postgresql_where=IS_OPEN,
        sqlite_where=IS_OPEN,
    )
    op.create_table(
        'vendor_return_lines',
        sa.Column('order_id', BIG_ID, nullable=False),
        sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('item_id', BIG_ID, nullable=False),
        sa.Column('quantity', sa.Integer(), nullable=False),
        sa.CheckConstraint('quantity > 0', name=op.f('ck_vendor_return_lines_quantity')),
        sa.ForeignKeyConstraint(
            ['order_id', 'number'],
            ['vendor_returns.order_id', 'vendor_returns.number'],
            name=op.f('fk_vendor_return_lines_order_id_number_vendor_returns'),
        ),
        sa.ForeignKeyConstraint(
            ['order_id', 'item_id'],
            ['vendor_order_lines.order_id', 'vendor_order_lines.item_id'],
            name=op.f('fk_vendor_return_lines_order_id_item_id_vendor_order_lines'),
        ),
        sa.PrimaryKeyConstraint('order_id', 'number', 'item_id', name=op.f('pk_vendor_return_lines')),
    )
    op.create_index(
        'ix_vendor_return_lines_order_id_item_id', 'vendor_return_lines', ['order_id', 'item_id'], unique=False
    )
    _allow_stock_moves(('added', 'set', 'sold', 'returned'), drop='order_iff_sold', make='order_iff_traded')


def downgrade() -> None:
    """Stock that came back must be forgotten already, or this fails: the moves of an item add up to what is there."""
    _allow_stock_moves(('added', 'set', 'sold'), drop='order_iff_traded', make='order_iff_sold')
    op.drop_index('ix_vendor_return_lines_order_id_item_id', table_name='vendor_return_lines')
    op.drop_table('vendor_return_lines')
    op.drop_index('uq_vendor_returns_open', table_name='vendor_returns')
    op.drop_index('uq_vendor_returns_wish_id', table_name='vendor_returns')
    op.drop_table('vendor_returns')
    with op.batch_alter_table('vendor_orders') as table:
        table.drop_constraint(op.f('ck_vendor_orders_returns_version'), type_='check')
        table.drop_column('returns_version')


def _allow_stock_moves(kinds: tuple[str, ...], *, drop: str, make: str) -> None:
    """Those of the kinds from the third on belong to an order."""
    of_orders = ', '.join(repr(kind) for kind in kinds[2:])
    with op.batch_alter_table('stock_moves') as table:
        table.drop_constraint(op.f(f'ck_stock_moves_{drop}'), type_='check')
        table.drop_constraint(op.f('ck_stock_moves_kind'), type_='check')
        table.create_check_constraint(op.f('ck_stock_moves_kind'), f'kind IN {kinds}')
        table.create_check_constraint(
            op.f(f'ck_stock_moves_{make}'), f'(kind IN ({of_orders})) = (order_id IS NOT NULL)'
        )
    if op.get_bind().dialect.name == 'sqlite':  # which has made the table anew, without its triggers
        for statement in append_only_ddl('stock_moves', 'sqlite'):
            op.execute(statement)
