"""A vendor may propose a smaller order, which its consumer confirms.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('orders') as table:
        table.add_column(sa.Column('changes', sa.Integer(), nullable=False, server_default='0'))
        table.create_check_constraint(op.f('ck_orders_changes'), 'changes >= 0')
    with op.batch_alter_table('order_lines') as table:
        table.add_column(sa.Column('proposed_quantity', sa.Integer(), nullable=True))
        table.drop_constraint(op.f('ck_order_lines_quantity'), type_='check')
        table.create_check_constraint(op.f('ck_order_lines_quantity'), 'quantity >= 0')
        table.create_check_constraint(
            op.f('ck_order_lines_proposed_quantity'), 'proposed_quantity BETWEEN 0 AND quantity'
        )


def downgrade() -> None:
    """Proposals that are open are forgotten; lines that fell away must be gone already, or this fails."""
    with op.batch_alter_table('order_lines') as table:
        table.drop_constraint(op.f('ck_order_lines_proposed_quantity'), type_='check')
        table.drop_constraint(op.f('ck_order_lines_quantity'), type_='check')
        table.create_check_constraint(op.f('ck_order_lines_quantity'), 'quantity > 0')
        table.drop_column('proposed_quantity')
    with op.batch_alter_table('orders') as table:
        table.drop_constraint(op.f('ck_orders_changes'), type_='check')
        table.drop_column('changes')
