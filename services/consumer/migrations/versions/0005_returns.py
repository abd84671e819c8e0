"""Delivered goods may come back.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from habrio_shared.database import UtcDateTime

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    with op.batch_alter_table('orders') as table:
        table.add_column(sa.Column('returns_version', sa.Integer(), nullable=False, server_default='0'))
        table.add_column(sa.Column('refunded_paise', sa.BigInteger(), nullable=False, server_default='0'))
        table.create_check_constraint(op.f('ck_orders_returns_version'), 'returns_version >= 0')
        table.create_check_constraint(op.f('ck_orders_refunded'), 'refunded_paise BETWEEN 0 AND total_paise')
    op.create_table(
        'returns',
        sa.Column('id', BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column('order_id', BIG_ID, nullable=False),
        sa.Column('number', sa.Integer(), nullable=True),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('by', sa.Text(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('fault', sa.Text(), nullable=True),
        sa.Column('refund_paise', sa.BigInteger(), nullable=False),
        sa.Column('ask_row_id', BIG_ID, nullable=True),
        sa.Column('created_at', UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "status IN ('asked', 'refused', 'raised', 'accepted', 'rejected', 'completed')",
            name=op.f('ck_returns_status'),
        ),
        sa.CheckConstraint(
            "(number IS NULL) = (status IN ('asked', 'refused'))", name=op.f('ck_returns_numbered_by_vendor')
        ),
        sa.CheckConstraint("(fault IS NOT NULL) = (status = 'refused')", name=op.f('ck_returns_refused_says_why')),
        sa.CheckConstraint('refund_paise >= 0', name=op.f('ck_returns_refund')),
        sa.CheckConstraint(
            "refund_paise = 0 OR status = 'completed'", name=op.f('ck_returns_refunded_when_completed')
        ),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_returns_order_id_orders')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_returns')),
        sa.UniqueConstraint('order_id', 'number', name=op.f('uq_returns_order_id_number')),
    )
    op.create_table(
        'return_lines',
        sa.Column('return_id', BIG_ID, nullable=False),
        sa.Column('item_id', BIG_ID, autoincrement=False, nullable=False),
        sa.Column('quantity', sa.Integer(), nullable=False),
        sa.CheckConstraint('quantity > 0', name=op.f('ck_return_lines_quantity')),
        sa.ForeignKeyConstraint(['return_id'], ['returns.id'], name=op.f('fk_return_lines_return_id_returns')),
        sa.PrimaryKeyConstraint('return_id', 'item_id', name=op.f('pk_return_lines')),
    )


def downgrade() -> None:
    op.drop_table('return_lines')
    op.drop_table('returns')
    with op.batch_alter_table('orders') as table:
        table.drop_constraint(op.f('ck_orders_refunded'), type_='check')
        table.drop_constraint(op.f('ck_orders_returns_version'), type_='check')
        table.drop_column('refunded_paise')
        table.drop_column('returns_version')
