"""What is said about orders, how they are rated, what was wrong with them; payments; lists for administrators.

Revision ID: 0004
Revises: 0003
"""

import habrio_shared.database
import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    with op.batch_alter_table('orders') as table:
        table.add_column(sa.Column('vendor_phone', sa.Text(), server_default='', nullable=False))
    op.create_table('chat_messages',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('order_id', BigId, nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('author', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("author IN ('consumer', 'vendor', 'timer', 'admin')", name=op.f('ck_chat_messages_author')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_chat_messages_order_id_orders')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_chat_messages')),
    sa.UniqueConstraint('key', name=op.f('uq_chat_messages_key'))
    )
    op.create_index('ix_chat_messages_order_id_at_id', 'chat_messages', ['order_id', 'at', 'id'], unique=False)
    op.create_table('ratings',
    sa.Column('order_id', BigId, nullable=False),
    sa.Column('rating', sa.SmallInteger(), nullable=False),
    sa.Column('review', sa.Text(), nullable=False),
    sa.Column('rated_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('rating BETWEEN 1 AND 5', name=op.f('ck_ratings_rating')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_ratings_order_id_orders')),
    sa.PrimaryKeyConstraint('order_id', name=op.f('pk_ratings'))
    )
    op.create_table('issues',
    sa.Column('id', BigId, sa.Identity(always=False), nullable=False),
    sa.Column('order_id', BigId, nullable=False),
    sa.Column('issue_type', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('created_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('resolved_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(status = 'resolved') = (resolved_at IS NOT NULL)", name=op.f('ck_issues_resolved_when')),
    sa.CheckConstraint("status IN ('raised', 'resolved')", name=op.f('ck_issues_status')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_issues_order_id_orders')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_issues'))
    )
    op.create_index('ix_issues_order_id_id', 'issues', ['order_id', 'id'], unique=False)
    op.create_table('payments',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('user_id', BigId, nullable=False),
    sa.Column('amount_paise', sa.BigInteger(), nullable=False),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('provider', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('requested_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("status IN ('requested', 'credited', 'failed')", name=op.f('ck_payments_status')),
    sa.CheckConstraint("(status = 'requested') = (ended_at IS NULL)", name=op.f('ck_payments_ended_when')),
    sa.CheckConstraint('amount_paise > 0', name=op.f('ck_payments_amount')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payments'))
    )
    op.create_index('ix_payments_unfinished', 'payments', ['requested_at'], unique=False, postgresql_where=sa.text("status = 'requested'"), sqlite_where=sa.text("status = 'requested'"))
    op.create_index('ix_orders_shop_id_id', 'orders', ['shop_id', 'id'], unique=False)
    op.create_index('ix_orders_status_id', 'orders', ['status', 'id'], unique=False)
    op.create_index('ix_orders_created_at', 'orders', ['created_at'], unique=False)
    op.create_index(op.f('ix_ledger_entries_reference'), 'ledger_entries', ['reference'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_ledger_entries_reference'), table_name='ledger_entries')
    op.drop_index('ix_orders_created_at', table_name='orders')
    op.drop_index('ix_orders_status_id', table_name='orders')
    op.drop_index('ix_orders_shop_id_id', table_name='orders')
    op.drop_index('ix_payments_unfinished', table_name='payments', postgresql_where=sa.text("status = 'requested'"), sqlite_where=sa.text("status = 'requested'"))
    op.drop_table('payments')
    op.drop_index('ix_issues_order_id_id', table_name='issues')
    op.drop_table('issues')
    op.drop_table('ratings')
    op.drop_index('ix_chat_messages_order_id_at_id', table_name='chat_messages')
    op.drop_table('chat_messages')
    with op.batch_alter_table('orders') as table:
        table.drop_column('vendor_phone')
