"""An order may also wait for its consumer, be confirmed, and come back.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

BEFORE = (
    'placing', 'failed', 'pending', 'accepted', 'rejected', 'delivered', 'cancelled',
)
AFTER = (
    *BEFORE,
    'awaiting_consumer_confirmation', 'confirmed', 'return_accepted', 'return_completed',
)


def upgrade() -> None:
    _allow(AFTER)


def downgrade() -> None:
    _allow(BEFORE)


def _allow(statuses: tuple[str, ...]) -> None:
    with op.batch_alter_table('orders') as table:
        table.drop_constraint(op.f('ck_orders_status'), type_='check')
        table.create_check_constraint(op.f('ck_orders_status'), f'status IN {statuses}')
