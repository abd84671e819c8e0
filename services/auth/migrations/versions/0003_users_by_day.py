"""New users are counted by day.

Revision ID: 0003
Revises: 0002
"""

from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_users_created_at', 'users', ['created_at'])


def downgrade() -> None:
    op.drop_index('ix_users_created_at', 'users')
