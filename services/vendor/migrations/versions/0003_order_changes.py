"""A vendor may propose a smaller order, and who does not answer in time loses it.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from habrio_shared.database import UtcDateTime

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

IS_DUE = sa.text('due_at IS NOT NULL')


def upgrade() -> None:
    with op.batch_alter_table('vendor_orders') as table:
        table.add_column(sa.Column('changes', sa.Integer(), nullable=False, server_default='0'))
        table.add_column(sa.Column('due_at', UtcDateTime(), nullable=True))
        table.create_check_constraint(op.f('ck_vendor_orders_changes'), 'changes >= 0')
        table.create_check_constraint(
            op.f('ck_vendor_orders_due_while_waiting'),
            "due_at IS NULL OR status IN ('pending', 'awaiting_consumer_confirmation')",
        )
    op.create_index('ix_vendor_orders_due_at', 'vendor_orders', ['due_at'], postgresql_where=IS_DUE, sqlite_where=IS_DUE)
    with op.batch_alter_table('vendor_order_lines') as table:
        table.add_column(sa.Column('proposed_quantity', sa.Integer(), nullable=True))
        table.drop_constraint(op.f('ck_vendor_order_lines_quantity'), type_='check')
        table.create_check_constraint(op.f('ck_vendor_order_lines_quantity'), 'quantity >= 0')
        table.create_check_constraint(
            op.f('ck_vendor_order_lines_proposed_quantity'), 'proposed_quantity BETWEEN 0 AND quantity'
        )


def downgrade() -> None:
    """Proposals that are open are forgotten; lines that fell away must be gone already, or this fails."""
    with op.batch_alter_table('vendor_order_lines') as table:
        table.drop_constraint(op.f('ck_vendor_order_lines_proposed_quantity'), type_='check')
        table.drop_constraint(op.f('ck_vendor_order_lines_quantity'), type_='check')
        table.create_check_constraint(op.f('ck_vendor_order_lines_quantity'), 'quantity > 0')
        table.drop_column('proposed_quantity')
    op.drop_index('ix_vendor_orders_due_at', table_name='vendor_orders')
    with op.batch_alter_table('vendor_orders') as table:
        table.drop_constraint(op.f('ck_vendor_orders_due_while_waiting'), type_='check')
        table.drop_constraint(op.f('ck_vendor_orders_changes'), type_='check')
        table.drop_column('due_at')
        table.drop_column('changes')
