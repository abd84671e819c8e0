"""Shops, items, orders, money; and the tables of the mechanisms.

Revision ID: 0001
Revises: –
Create Date: 2026-11-23 02:49:03.541993
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
    op.create_table('profiles',
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('business_type', sa.Text(), nullable=False),
    sa.Column('business_name', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('gst_number', sa.Text(), nullable=True),
    sa.Column('created_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_profiles'))
    )
    op.create_table('shops',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('vendor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('shop_name', sa.Text(), nullable=False),
    sa.Column('shop_type', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('city', sa.Text(), nullable=False),
    sa.Column('society', sa.Text(), nullable=False),
    sa.Column('city_key', sa.Text(), nullable=False),
    sa.Column('society_key', sa.Text(), nullable=False),
    sa.Column('is_open', sa.Boolean(), nullable=False),
    sa.Column('delivers', sa.Boolean(), nullable=False),
    sa.Column('appointment_only', sa.Boolean(), nullable=False),
    sa.Column('category_tags', sa.Text(), nullable=False),
    sa.Column('tag_keys', sa.Text(), nullable=False),
    sa.Column('logo_url', sa.Text(), nullable=False),
    sa.Column('verified', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('featured', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('created_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['vendor_id'], ['profiles.user_id'], name=op.f('fk_shops_vendor_id_profiles')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shops')),
    sa.UniqueConstraint('vendor_id', name=op.f('uq_shops_vendor_id'))
    )
    op.create_index('ix_shops_city_key_society_key_id', 'shops', ['city_key', 'society_key', 'id'], unique=False)
    op.create_table('items',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('shop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('brand', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('price_paise', sa.BigInteger(), nullable=False),
    sa.Column('mrp_paise', sa.BigInteger(), nullable=True),
    sa.Column('discount_hundredths', sa.BigInteger(), nullable=True),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('pack_size', sa.Text(), nullable=False),
    sa.Column('category', sa.Text(), nullable=False),
    sa.Column('tags', sa.Text(), nullable=False),
    sa.Column('sku', sa.Text(), nullable=False),
    sa.Column('expiry_date', sa.Date(), nullable=True),
    sa.Column('image_url', sa.Text(), nullable=False),
    sa.Column('on_hand', sa.Integer(), nullable=False),
    sa.Column('reserved', sa.Integer(), nullable=False),
    sa.Column('stock_version', sa.BigInteger(), nullable=False),
    sa.Column('is_available', sa.Boolean(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('created_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('discount_hundredths >= 0', name=op.f('ck_items_discount_not_negative')),
    sa.CheckConstraint('mrp_paise > 0', name=op.f('ck_items_mrp_positive')),
    sa.CheckConstraint('on_hand >= reserved', name=op.f('ck_items_not_oversold')),
    sa.CheckConstraint('price_paise > 0', name=op.f('ck_items_price_positive')),
    sa.CheckConstraint('reserved >= 0', name=op.f('ck_items_reserved_not_negative')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_items_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_items'))
    )
    op.create_index('ix_items_shop_id_id', 'items', ['shop_id', 'id'], unique=False)
    op.create_table('shop_days',
    sa.Column('shop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('day_of_week', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('open_time', sa.Text(), nullable=True),
    sa.Column('close_time', sa.Text(), nullable=True),
    sa.CheckConstraint('(open_time IS NULL) = (close_time IS NULL)', name=op.f('ck_shop_days_both_times_or_none')),
    sa.CheckConstraint('day_of_week BETWEEN 0 AND 6', name=op.f('ck_shop_days_day_of_week')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_shop_days_shop_id_shops')),
    sa.PrimaryKeyConstraint('shop_id', 'day_of_week', name=op.f('pk_shop_days'))
    )
    op.create_table('vendor_orders',
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('shop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('moved_by', sa.Text(), nullable=False),
    sa.Column('moved_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('refusal', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('consumer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('flat_number', sa.Text(), nullable=False),
    sa.Column('society', sa.Text(), nullable=False),
    sa.Column('payment_mode', sa.Text(), nullable=True),
    sa.Column('delivery_notes', sa.Text(), nullable=False),
    sa.Column('total_paise', sa.BigInteger(), nullable=False),
    sa.Column('commission_basis_points', sa.Integer(), nullable=False),
    sa.Column('placed_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("shop_id IS NOT NULL OR status IN ('refused', 'cancelled')", name=op.f('ck_vendor_orders_placed_or_tombstone')),
    sa.CheckConstraint("shop_id IS NULL OR (consumer_id IS NOT NULL AND payment_mode IN ('cash', 'wallet') AND placed_at IS NOT NULL AND total_paise > 0)", name=op.f('ck_vendor_orders_placed_is_complete')),
    sa.CheckConstraint("status <> 'refused' OR shop_id IS NULL", name=op.f('ck_vendor_orders_refused_has_no_shop')),
    sa.CheckConstraint("status IN ('refused', 'pending', 'accepted', 'rejected', 'delivered', 'cancelled')", name=op.f('ck_vendor_orders_status')),
    sa.CheckConstraint('commission_basis_points BETWEEN 0 AND 10000', name=op.f('ck_vendor_orders_commission')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_vendor_orders_version')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_vendor_orders_shop_id_shops')),
    sa.PrimaryKeyConstraint('order_id', name=op.f('pk_vendor_orders'))
    )
    op.create_index('ix_vendor_orders_shop_id_order_id', 'vendor_orders', ['shop_id', 'order_id'], unique=False)
    op.create_index('ix_vendor_orders_shop_id_status_order_id', 'vendor_orders', ['shop_id', 'status', 'order_id'], unique=False)
    op.create_table('stock_moves',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(kind = 'sold') = (order_id IS NOT NULL)", name=op.f('ck_stock_moves_order_iff_sold')),
    sa.CheckConstraint("kind IN ('added', 'set', 'sold')", name=op.f('ck_stock_moves_kind')),
    sa.CheckConstraint('quantity <> 0', name=op.f('ck_stock_moves_moves')),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_stock_moves_item_id_items')),
    sa.ForeignKeyConstraint(['order_id'], ['vendor_orders.order_id'], name=op.f('fk_stock_moves_order_id_vendor_orders')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_moves'))
    )
    op.create_index('ix_stock_moves_item_id_id', 'stock_moves', ['item_id', 'id'], unique=False)
    op.create_index('ix_stock_moves_order_id', 'stock_moves', ['order_id'], unique=False)
    op.create_table('vendor_order_lines',
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('unit_price_paise', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_vendor_order_lines_quantity')),
    sa.CheckConstraint('unit_price_paise > 0', name=op.f('ck_vendor_order_lines_price')),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_vendor_order_lines_item_id_items')),
    sa.ForeignKeyConstraint(['order_id'], ['vendor_orders.order_id'], name=op.f('fk_vendor_order_lines_order_id_vendor_orders')),
    sa.PrimaryKeyConstraint('order_id', 'item_id', name=op.f('pk_vendor_order_lines'))
    )
    op.create_index('ix_vendor_order_lines_item_id', 'vendor_order_lines', ['item_id'], unique=False)
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
    # Triggers, which autogenerate does not see: nobody changes or deletes what the ledger says.
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
    op.drop_index('ix_vendor_order_lines_item_id', table_name='vendor_order_lines')
    op.drop_table('vendor_order_lines')
    op.drop_index('ix_stock_moves_order_id', table_name='stock_moves')
    op.drop_index('ix_stock_moves_item_id_id', table_name='stock_moves')
    op.drop_table('stock_moves')
    op.drop_index('ix_vendor_orders_shop_id_status_order_id', table_name='vendor_orders')
    op.drop_index('ix_vendor_orders_shop_id_order_id', table_name='vendor_orders')
    op.drop_table('vendor_orders')
    op.drop_table('shop_days')
    op.drop_index('ix_items_shop_id_id', table_name='items')
    op.drop_table('items')
    op.drop_index('ix_shops_city_key_society_key_id', table_name='shops')
    op.drop_table('shops')
    op.drop_table('profiles')
