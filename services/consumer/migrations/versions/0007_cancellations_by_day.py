"""Cancellations are counted by day.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    cancelled = sa.text("status = 'cancelled'")
    op.create_index('ix_order_timeline_cancelled_at', 'order_timeline', ['at'], postgresql_where=cancelled, sqlite_where=cancelled)


def downgrade() -> None:
    op.drop_index('ix_order_timeline_cancelled_at', 'order_timeline')
