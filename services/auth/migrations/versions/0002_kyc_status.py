"""How the review of a vendor's business stands.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The columns are added and dropped as they are: SQLite would make the table anew, and session_view stands on it.
    op.add_column('users', sa.Column(
        'kyc_status', sa.Text(),
        sa.CheckConstraint("kyc_status IN ('pending', 'approved', 'rejected')", name=op.f('ck_users_kyc_status')),
        server_default=sa.text("'pending'"), nullable=False,
    ))
    op.add_column('users', sa.Column('kyc_version', sa.Integer(), server_default=sa.text('0'), nullable=False))


def downgrade() -> None:
    op.drop_column('users', 'kyc_version')
    op.drop_column('users', 'kyc_status')
