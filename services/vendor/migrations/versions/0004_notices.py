"""A vendor is told of each new order.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from habrio_shared.database import UtcDateTime

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
IS_DUE = sa.text('due_at IS NOT NULL')


def upgrade() -> None:
    with op.batch_alter_table('profiles') as table:
        table.add_column(sa.Column('phone', sa.Text(), nullable=False, server_default=''))
    op.create_table(
        'notices',
        sa.Column('order_id', BIG_ID, nullable=False),
        sa.Column('phone', sa.Text(), nullable=False),
        sa.Column('due_at', UtcDateTime(), nullable=True),
        sa.Column('claims', sa.SmallInteger(), nullable=False),
        sa.Column('outcome', sa.Text(), nullable=True),
        sa.CheckConstraint('(due_at IS NULL) = (outcome IS NOT NULL)', name=op.f('ck_notices_due_or_done')),
        sa.CheckConstraint("outcome IN ('sent', 'answered before', 'given up')", name=op.f('ck_notices_outcome')),
        sa.ForeignKeyConstraint(
            ['order_id'], ['vendor_orders.order_id'], name=op.f('fk_notices_order_id_vendor_orders')
        ),
        sa.PrimaryKeyConstraint('order_id', name=op.f('pk_notices')),
    )
    op.create_index('ix_notices_due_at', 'notices', ['due_at'], postgresql_where=IS_DUE, sqlite_where=IS_DUE)


def downgrade() -> None:
    op.drop_table('notices')
    with op.batch_alter_table('profiles') as table:
        table.drop_column('phone')
