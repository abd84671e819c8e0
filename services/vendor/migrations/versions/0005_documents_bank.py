"""Documents and their review, the review of vendors, and their bank accounts.

Revision ID: 0005
Revises: 0004
"""

import habrio_shared.database
import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('payout_banks',
    sa.Column('vendor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('bank_name', sa.Text(), nullable=False),
    sa.Column('account_sealed', sa.Text(), nullable=False),
    sa.Column('account_masked', sa.Text(), nullable=False),
    sa.Column('ifsc_code', sa.Text(), nullable=False),
    sa.Column('created_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('vendor_id', name=op.f('pk_payout_banks'))
    )
    op.create_table('documents',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('vendor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('document_type', sa.Text(), nullable=False),
    sa.Column('file_url', sa.Text(), nullable=True),
    sa.Column('file_key', sa.Text(), nullable=True),
    sa.Column('file_kind', sa.Text(), nullable=True),
    sa.Column('size_bytes', sa.Integer(), nullable=True),
    sa.Column('sha256', sa.Text(), nullable=True),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('created_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('reviewed_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(file_url IS NULL) <> (file_key IS NULL)", name=op.f('ck_documents_link_or_file')),
    sa.CheckConstraint("(file_key IS NULL) = (file_kind IS NULL) AND (file_key IS NULL) = (size_bytes IS NULL) AND (file_key IS NULL) = (sha256 IS NULL)", name=op.f('ck_documents_file_is_complete')),
    sa.CheckConstraint("file_kind IN ('pdf', 'jpeg', 'png')", name=op.f('ck_documents_file_kind')),
    sa.CheckConstraint("status IN ('pending', 'approved', 'rejected')", name=op.f('ck_documents_status')),
    sa.CheckConstraint("(status = 'pending') = (reviewed_at IS NULL)", name=op.f('ck_documents_reviewed')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_documents')),
    sa.UniqueConstraint('file_key', name=op.f('uq_documents_file_key'))
    )
    op.create_index('ix_documents_status_id', 'documents', ['status', 'id'], unique=False)
    op.create_index('ix_documents_vendor_id_id', 'documents', ['vendor_id', 'id'], unique=False)
    with op.batch_alter_table('profiles') as table:
        table.add_column(sa.Column('kyc_status', sa.Text(), server_default=sa.text("'pending'"), nullable=False))
        table.add_column(sa.Column('kyc_reason', sa.Text(), server_default=sa.text("''"), nullable=False))
        table.add_column(sa.Column('kyc_version', sa.Integer(), server_default=sa.text('0'), nullable=False))
        table.create_check_constraint(op.f('ck_profiles_kyc_status'), "kyc_status IN ('pending', 'approved', 'rejected')")
    op.create_index('ix_profiles_kyc_status_user_id', 'profiles', ['kyc_status', 'user_id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_profiles_kyc_status_user_id', table_name='profiles')
    with op.batch_alter_table('profiles') as table:
        table.drop_constraint(op.f('ck_profiles_kyc_status'), type_='check')
        table.drop_column('kyc_version')
        table.drop_column('kyc_reason')
        table.drop_column('kyc_status')
    op.drop_index('ix_documents_vendor_id_id', table_name='documents')
    op.drop_index('ix_documents_status_id', table_name='documents')
    op.drop_table('documents')
    op.drop_table('payout_banks')
