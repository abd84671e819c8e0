"""What is said about orders, how they are rated, what was wrong with them.

Revision ID: 0006
Revises: 0005
"""

import habrio_shared.database
import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    with op.batch_alter_table('shops') as table:
        table.add_column(sa.Column('rating_sum', sa.Integer(), server_default='0', nullable=False))
        table.add_column(sa.Column('rating_count', sa.Integer(), server_default='0', nullable=False))
        table.create_check_constraint(
            op.f('ck_shops_rating'), 'rating_sum BETWEEN rating_count AND 5 * rating_count'
        )
    with op.batch_alter_table('vendor_orders') as table:
        table.add_column(sa.Column('vendor_phone', sa.Text(), server_default='', nullable=False))
    op.create_table('chat_messages',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('order_id', BigId, nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('author', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("author IN ('consumer', 'vendor', 'timer', 'admin')", name=op.f('ck_chat_messages_author')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_chat_messages')),
    sa.UniqueConstraint('key', name=op.f('uq_chat_messages_key'))
    )
    op.create_index('ix_chat_messages_order_id_at_id', 'chat_messages', ['order_id', 'at', 'id'], unique=False)
    op.create_table('ratings',
    sa.Column('order_id', BigId, nullable=False),
    sa.Column('rating', sa.SmallInteger(), nullable=False),
    sa.Column('rated_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('rating BETWEEN 1 AND 5', name=op.f('ck_ratings_rating')),
    sa.ForeignKeyConstraint(['order_id'], ['vendor_orders.order_id'], name=op.f('fk_ratings_order_id_vendor_orders')),
    sa.PrimaryKeyConstraint('order_id', name=op.f('pk_ratings'))
    )
    op.create_table('issues',
    sa.Column('id', BigId, autoincrement=False, nullable=False),
    sa.Column('order_id', BigId, nullable=False),
    sa.Column('shop_id', BigId, nullable=False),
    sa.Column('user_phone', sa.Text(), nullable=False),
    sa.Column('issue_type', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('created_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('resolved_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(status = 'resolved') = (resolved_at IS NOT NULL)", name=op.f('ck_issues_resolved_when')),
    sa.CheckConstraint("status IN ('raised', 'resolved')", name=op.f('ck_issues_status')),
    sa.ForeignKeyConstraint(['order_id'], ['vendor_orders.order_id'], name=op.f('fk_issues_order_id_vendor_orders')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_issues_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_issues'))
    )
    op.create_index('ix_issues_order_id_id', 'issues', ['order_id', 'id'], unique=False)
    op.create_index('ix_issues_shop_id_id', 'issues', ['shop_id', 'id'], unique=False)
    op.create_index(op.f('ix_ledger_entries_reference'), 'ledger_entries', ['reference'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_ledger_entries_reference'), table_name='ledger_entries')
    op.drop_index('ix_issues_shop_id_id', table_name='issues')
    op.drop_index('ix_issues_order_id_id', table_name='issues')
    op.drop_table('issues')
    op.drop_table('ratings')
    op.drop_index('ix_chat_messages_order_id_at_id', table_name='chat_messages')
    op.drop_table('chat_messages')
    with op.batch_alter_table('vendor_orders') as table:
        table.drop_column('vendor_phone')
    with op.batch_alter_table('shops') as table:
        table.drop_constraint(op.f('ck_shops_rating'), type_='check')
        table.drop_column('rating_count')
        table.drop_column('rating_sum')
