"""A notice knows the trace of the request that brought its order.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nullable, so that a version that does not know it yet goes on writing notices beside this one.
    op.add_column('notices', sa.Column('traceparent', sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column('notices', 'traceparent')
