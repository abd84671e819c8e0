"""Conversations, their turns, and budgets.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from habrio_shared.database import UtcDateTime

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'conversations',
        sa.Column('user_id', BIG_ID, autoincrement=False, nullable=False),
        sa.Column('erasures', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('user_id', name=op.f('pk_conversations')),
    )
    op.create_table(
        'turns',
        sa.Column('id', BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column('user_id', BIG_ID, nullable=False),
        sa.Column('question', sa.Text(), nullable=False),
        sa.Column('answer', sa.Text(), nullable=False),
        sa.Column('created_at', UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_turns')),
    )
    op.create_index(op.f('ix_turns_user_id_id'), 'turns', ['user_id', 'id'])
    op.create_index(op.f('ix_turns_created_at'), 'turns', ['created_at'])
    op.create_table(
        'budgets',
        sa.Column('user_id', BIG_ID, autoincrement=False, nullable=False),
        sa.Column('calls', sa.BigInteger(), nullable=False),
        sa.Column('tokens', sa.BigInteger(), nullable=False),
        sa.Column('ends_at', UtcDateTime(), nullable=False),
        sa.CheckConstraint('calls >= 0', name=op.f('ck_budgets_calls')),
        sa.CheckConstraint('tokens >= 0', name=op.f('ck_budgets_tokens')),
        sa.PrimaryKeyConstraint('user_id', name=op.f('pk_budgets')),
    )
    op.create_index(op.f('ix_budgets_ends_at'), 'budgets', ['ends_at'])


def downgrade() -> None:
    op.drop_table('budgets')
    op.drop_table('turns')
    op.drop_table('conversations')
