"""profiles carts orders

Revision ID: 0001
Revises: 
Create Date: 2026-11-23 03:10:48.300735
"""

import habrio_shared.database
import sqlalchemy as sa
from alembic import op
from habrio_shared.ledger import append_only_ddl

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('carts',
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_carts'))
    )
    op.create_table('orders',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cart_version', sa.BigInteger(), nullable=False),
    sa.Column('shop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('shop_name', sa.Text(), nullable=False),
    sa.Column('shop_type', sa.Text(), nullable=False),
    sa.Column('payment_mode', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('vendor_version', sa.Integer(), nullable=False),
    sa.Column('refusal', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('total_paise', sa.BigInteger(), nullable=False),
    sa.Column('delivery_notes', sa.Text(), nullable=False),
    sa.Column('place_row_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(status = 'failed') = (refusal IS NOT NULL)", name=op.f('ck_orders_failed_says_why')),
    sa.CheckConstraint("payment_mode IN ('cash', 'wallet')", name=op.f('ck_orders_payment_mode')),
    sa.CheckConstraint("status IN ('placing', 'failed', 'pending', 'accepted', 'rejected', 'delivered', 'cancelled')", name=op.f('ck_orders_status')),
    sa.CheckConstraint('total_paise > 0', name=op.f('ck_orders_total')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_orders')),
    sa.UniqueConstraint('user_id', 'cart_version', name=op.f('uq_orders_user_id_cart_version'))
    )
    op.create_index('ix_orders_user_id_id', 'orders', ['user_id', 'id'], unique=False)
    op.create_table('profiles',
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('flat_number', sa.Text(), nullable=False),
    sa.Column('profile_image_url', sa.Text(), nullable=False),
    sa.Column('gender', sa.Text(), nullable=False),
    sa.Column('date_of_birth', sa.Date(), nullable=True),
    sa.Column('preferred_language', sa.Text(), nullable=False),
    sa.Column('created_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_profiles'))
    )
    op.create_table('cart_lines',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('price_paise', sa.BigInteger(), nullable=False),
    sa.Column('mrp_paise', sa.BigInteger(), nullable=True),
    sa.Column('available', sa.Boolean(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('brand', sa.Text(), nullable=False),
    sa.Column('image_url', sa.Text(), nullable=False),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('pack_size', sa.Text(), nullable=False),
    sa.Column('shop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('shop_name', sa.Text(), nullable=False),
    sa.Column('shop_type', sa.Text(), nullable=False),
    sa.Column('added_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('price_paise > 0', name=op.f('ck_cart_lines_price')),
    sa.CheckConstraint('quantity BETWEEN 1 AND 10', name=op.f('ck_cart_lines_quantity')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_cart_lines_order_id_orders')),
    sa.ForeignKeyConstraint(['user_id'], ['carts.user_id'], name=op.f('fk_cart_lines_user_id_carts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cart_lines'))
    )
    op.create_index('ix_cart_lines_order_id', 'cart_lines', ['order_id'], unique=False)
    op.create_index('uq_cart_lines_user_id_item_id', 'cart_lines', ['user_id', 'item_id'], unique=True, postgresql_where=sa.text('order_id IS NULL'), sqlite_where=sa.text('order_id IS NULL'))
    op.create_table('order_lines',
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('unit_price_paise', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_order_lines_quantity')),
    sa.CheckConstraint('unit_price_paise > 0', name=op.f('ck_order_lines_price')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_order_lines_order_id_orders')),
    sa.PrimaryKeyConstraint('order_id', 'item_id', name=op.f('pk_order_lines'))
    )
    op.create_table('order_timeline',
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('version', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_order_timeline_order_id_orders')),
    sa.PrimaryKeyConstraint('order_id', 'version', name=op.f('pk_order_timeline'))
    )
    op.create_table('ledger_accounts',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('floor_paise', sa.BigInteger(), nullable=True),
    sa.Column('balance_paise', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('(floor_paise IS NULL) = (balance_paise IS NULL)', name=op.f('ck_ledger_accounts_balance_iff_floor')),
    sa.CheckConstraint('balance_paise >= floor_paise', name=op.f('ck_ledger_accounts_above_floor')),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_ledger_accounts'))
    )
    op.create_table('ledger_entries',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('resolves', sa.Text(), nullable=True),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('created_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('resolves <> id', name=op.f('ck_ledger_entries_not_itself')),
    sa.ForeignKeyConstraint(['resolves'], ['ledger_entries.id'], name=op.f('fk_ledger_entries_resolves_ledger_entries')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_entries')),
    sa.UniqueConstraint('resolves', name=op.f('uq_ledger_entries_resolves'))
    )
    op.create_table('ledger_postings',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('entry_id', sa.Text(), nullable=False),
    sa.Column('src', sa.Text(), nullable=False),
    sa.Column('dst', sa.Text(), nullable=False),
    sa.Column('amount_paise', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('amount_paise > 0', name=op.f('ck_ledger_postings_positive')),
    sa.CheckConstraint('src <> dst', name=op.f('ck_ledger_postings_moves')),
    sa.ForeignKeyConstraint(['entry_id'], ['ledger_entries.id'], name=op.f('fk_ledger_postings_entry_id_ledger_entries')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_postings'))
    )
    op.create_index('ix_ledger_postings_dst_id', 'ledger_postings', ['dst', 'id'], unique=False)
    op.create_index(op.f('ix_ledger_postings_entry_id'), 'ledger_postings', ['entry_id'], unique=False)
    op.create_index('ix_ledger_postings_src_id', 'ledger_postings', ['src', 'id'], unique=False)
    op.create_table('outbox',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('target', sa.Text(), nullable=False),
    sa.Column('body', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('request_id', sa.Text(), nullable=False),
    sa.Column('traceparent', sa.Text(), nullable=False),
    sa.Column('created_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('next_try_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.Column('done_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('reply', sa.JSON(none_as_null=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('key', name=op.f('uq_outbox_key'))
    )
    op.create_index('ix_outbox_due', 'outbox', ['next_try_at'], unique=False, postgresql_where=sa.text('done_at IS NULL'), sqlite_where=sa.text('done_at IS NULL'))
    op.create_table('inbox',
    sa.Column('message_id', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('reply', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('received_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('message_id', name=op.f('pk_inbox'))
    )
    op.create_table('idempotency_keys',
    sa.Column('user_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('method', sa.Text(), nullable=False),
    sa.Column('path', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('body_sha256', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=True),
    sa.Column('answer', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('status', sa.Integer(), nullable=True),
    sa.Column('created_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('user_id', 'method', 'path', 'key', name=op.f('pk_idempotency_keys'))
    )
    op.create_index(op.f('ix_idempotency_keys_created_at'), 'idempotency_keys', ['created_at'], unique=False)
    op.create_index(op.f('ix_idempotency_keys_subject'), 'idempotency_keys', ['subject'], unique=False)
    for statement in append_only_ddl(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_index(op.f('ix_idempotency_keys_subject'), table_name='idempotency_keys')
    op.drop_index(op.f('ix_idempotency_keys_created_at'), table_name='idempotency_keys')
    op.drop_table('idempotency_keys')
    op.drop_table('inbox')
    op.drop_index('ix_outbox_due', table_name='outbox', postgresql_where=sa.text('done_at IS NULL'), sqlite_where=sa.text('done_at IS NULL'))
    op.drop_table('outbox')
    op.drop_index('ix_ledger_postings_src_id', table_name='ledger_postings')
    op.drop_index(op.f('ix_ledger_postings_entry_id'), table_name='ledger_postings')
    op.drop_index('ix_ledger_postings_dst_id', table_name='ledger_postings')
    op.drop_table('ledger_postings')
    op.drop_table('ledger_entries')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP FUNCTION ledger_is_append_only()')
    op.drop_table('ledger_accounts')
    op.drop_table('order_timeline')
    op.drop_table('order_lines')
    op.drop_index('uq_cart_lines_user_id_item_id', table_name='cart_lines', postgresql_where=sa.text('order_id IS NULL'), sqlite_where=sa.text('order_id IS NULL'))
    op.drop_index('ix_cart_lines_order_id', table_name='cart_lines')
    op.drop_table('cart_lines')
    op.drop_table('profiles')
    op.drop_index('ix_orders_user_id_id', table_name='orders')
    op.drop_table('orders')
    op.drop_table('carts')
