"""What the nightly comparisons of both ledgers found.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from habrio_shared.database import UtcDateTime

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'ledger_verdicts',
        sa.Column('id', BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column('checked_at', UtcDateTime(), nullable=False),
        sa.Column('entries', sa.BigInteger(), nullable=False),
        sa.Column('problems', sa.BigInteger(), nullable=False),
        sa.Column('paise_off', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_verdicts')),
    )


def downgrade() -> None:
    op.drop_table('ledger_verdicts')
