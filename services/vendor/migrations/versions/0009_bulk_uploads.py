"""Items from files: uploads and their bad rows.

Revision ID: 0009
Revises: 0008
"""

import habrio_shared.database
import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('bulk_uploads',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('shop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('ending', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('rows_read', sa.Integer(), nullable=False),
    sa.Column('created', sa.Integer(), nullable=False),
    sa.Column('updated', sa.Integer(), nullable=False),
    sa.Column('bad', sa.Integer(), nullable=False),
    sa.Column('tries', sa.SmallInteger(), nullable=False),
    sa.Column('lease_until', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('has_file', sa.Boolean(), nullable=False),
    sa.Column('created_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(ended_at IS NULL) = (state IN ('accepted', 'running'))", name=op.f('ck_bulk_uploads_ended_iff_over')),
    sa.CheckConstraint("ending IN ('csv', 'xls', 'xlsx')", name=op.f('ck_bulk_uploads_ending')),
    sa.CheckConstraint('rows_read = created + updated + bad', name=op.f('ck_bulk_uploads_every_row_counted_once')),
    sa.CheckConstraint("state IN ('accepted', 'running', 'done', 'failed')", name=op.f('ck_bulk_uploads_state')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_bulk_uploads_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_uploads')),
    sa.UniqueConstraint('shop_id', 'sha256', name=op.f('uq_bulk_uploads_shop_id_sha256'))
    )
    unfinished = sa.text("state IN ('accepted', 'running')")
    op.create_index('ix_bulk_uploads_unfinished', 'bulk_uploads', ['shop_id', 'id'], unique=False, postgresql_where=unfinished, sqlite_where=unfinished)
    op.create_index('ix_bulk_uploads_ended_at', 'bulk_uploads', ['ended_at'], unique=False)
    op.create_table('bulk_upload_bad_rows',
    sa.Column('upload_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('row', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('problems', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['upload_id'], ['bulk_uploads.id'], name=op.f('fk_bulk_upload_bad_rows_upload_id_bulk_uploads'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('upload_id', 'row', name=op.f('pk_bulk_upload_bad_rows'))
    )


def downgrade() -> None:
    op.drop_table('bulk_upload_bad_rows')
    op.drop_table('bulk_uploads')
