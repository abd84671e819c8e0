"""A shop has a log, a SKU stands for one item, stock moves stay as they are, orders are listed by when they were placed.

Revision ID: 0007
Revises: 0006
"""

from collections.abc import Iterator

import habrio_shared.database
import sqlalchemy as sa
from alembic import op
from habrio_shared.append_only import append_only_ddl, changeable_ddl

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

APPEND_ONLY = ('shop_log', 'stock_moves')
SKU_IN_USE = sa.text("is_active AND sku <> ''")


def upgrade() -> None:
    op.create_table('shop_log',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('shop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event', sa.Text(), nullable=False),
    sa.Column('made_by', sa.Text(), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('weekly_hours', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('made_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("event IN ('opened', 'closed', 'hours_changed', 'verified', 'unverified', 'featured', 'unfeatured')", name=op.f('ck_shop_log_event')),
    sa.CheckConstraint("made_by IN ('vendor', 'admin')", name=op.f('ck_shop_log_made_by')),
    sa.CheckConstraint("(made_by = 'vendor') = (user_id IS NOT NULL)", name=op.f('ck_shop_log_vendor_has_a_name')),
    sa.CheckConstraint("(event = 'hours_changed') = (weekly_hours IS NOT NULL)", name=op.f('ck_shop_log_hours_iff_changed')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_shop_log_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shop_log'))
    )
    op.create_index('ix_shop_log_shop_id_id', 'shop_log', ['shop_id', 'id'], unique=False)
    _tell_doubles_apart()
    op.create_index('uq_items_shop_id_sku', 'items', ['shop_id', 'sku'], unique=True, postgresql_where=SKU_IN_USE, sqlite_where=SKU_IN_USE)
    op.drop_index('ix_vendor_orders_shop_id_order_id', table_name='vendor_orders')
    op.drop_index('ix_vendor_orders_shop_id_status_order_id', table_name='vendor_orders')
    for name, columns in _order_indexes():
        op.create_index(name, 'vendor_orders', columns, unique=False)
    # Triggers, which autogenerate does not see.
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    """The SKUs that were told apart stay so."""
    for table in APPEND_ONLY:
        for statement in changeable_ddl(table, op.get_bind().dialect.name):
            op.execute(statement)
    for name, _columns in _order_indexes():
        op.drop_index(name, table_name='vendor_orders')
    op.create_index('ix_vendor_orders_shop_id_status_order_id', 'vendor_orders', ['shop_id', 'status', 'order_id'], unique=False)
    op.create_index('ix_vendor_orders_shop_id_order_id', 'vendor_orders', ['shop_id', 'order_id'], unique=False)
    op.drop_index('uq_items_shop_id_sku', table_name='items', postgresql_where=SKU_IN_USE, sqlite_where=SKU_IN_USE)
    op.drop_index('ix_shop_log_shop_id_id', table_name='shop_log')
    op.drop_table('shop_log')


def _order_indexes() -> Iterator[tuple[str, list[str]]]:
    for columns in (
        ['shop_id', 'placed_at', 'order_id'],
        ['shop_id', 'status', 'placed_at', 'order_id'],
        ['shop_id', 'payment_mode', 'placed_at', 'order_id'],
        ['status', 'order_id'],
    ):
        yield f'ix_vendor_orders_{"_".join(columns)}', columns


def _tell_doubles_apart() -> None:
    """Of several items of a shop with one SKU the oldest keeps it; the SKU of each later one gets its item's id behind
    it ("AM-500~17"), so that nothing is lost and the vendor sees which they were."""
    items = sa.table('items', sa.column('id'), sa.column('shop_id'), sa.column('sku'), sa.column('is_active'))
    connection = op.get_bind()
    twice = (
        sa.select(items.c.shop_id, items.c.sku)
        .where(SKU_IN_USE)
        .group_by(items.c.shop_id, items.c.sku)
        .having(sa.func.count() > 1)
    )
    for shop_id, sku in connection.execute(twice).all():
        same_shop = sa.and_(items.c.shop_id == shop_id, SKU_IN_USE)
        _oldest, *later = connection.scalars(sa.select(items.c.id).where(same_shop, items.c.sku == sku).order_by(items.c.id))
        for item_id in later:
            wanted = f'{sku[:200 - len(f"~{item_id}")]}~{item_id}'
            while connection.scalar(sa.select(items.c.id).where(same_shop, items.c.sku == wanted)) is not None:
                wanted = f'~{wanted}'
            connection.execute(sa.update(items).where(items.c.id == item_id).values(sku=wanted))
