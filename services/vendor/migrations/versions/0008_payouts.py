"""Payouts: what vendors withdraw, on its way to their banks.

Revision ID: 0008
Revises: 0007
"""

import habrio_shared.database
import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

STILL_TO_DO = sa.text('settled_at IS NULL')


def upgrade() -> None:
    op.create_table('payouts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('vendor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('amount_paise', sa.BigInteger(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('bank_name', sa.Text(), nullable=False),
    sa.Column('ifsc_code', sa.Text(), nullable=False),
    sa.Column('account_masked', sa.Text(), nullable=False),
    sa.Column('account_sealed', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('provider', sa.Text(), nullable=True),
    sa.Column('provider_reference', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.Column('next_try_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('created_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('sent_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('settled_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(sent_at IS NULL) = (provider IS NULL)", name=op.f('ck_payouts_provider')),
    sa.CheckConstraint("(status = 'requested') = (sent_at IS NULL)", name=op.f('ck_payouts_sent')),
    sa.CheckConstraint("(status IN ('failed', 'paid')) = (settled_at IS NOT NULL)", name=op.f('ck_payouts_settled')),
    sa.CheckConstraint("amount_paise > 0", name=op.f('ck_payouts_amount')),
    sa.CheckConstraint("status IN ('requested', 'sent', 'paid', 'failed')", name=op.f('ck_payouts_status')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payouts')),
    sa.UniqueConstraint('key', name=op.f('uq_payouts_key'))
    )
    op.create_index('ix_payouts_due', 'payouts', ['next_try_at'], unique=False, postgresql_where=STILL_TO_DO, sqlite_where=STILL_TO_DO)
    op.create_index('ix_payouts_status_id', 'payouts', ['status', 'id'], unique=False)
    op.create_index('ix_payouts_vendor_id_id', 'payouts', ['vendor_id', 'id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_payouts_vendor_id_id', table_name='payouts')
    op.drop_index('ix_payouts_status_id', table_name='payouts')
    op.drop_index('ix_payouts_due', table_name='payouts', postgresql_where=STILL_TO_DO, sqlite_where=STILL_TO_DO)
    op.drop_table('payouts')
