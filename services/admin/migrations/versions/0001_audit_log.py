"""The audit log and the head of its chain; the outbox, clients' idempotency keys.

Revision ID: 0001
Revises: –
"""

import habrio_shared.database
import sqlalchemy as sa
from alembic import op
from habrio_shared.append_only import append_only_ddl, changeable_ddl

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit_log',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('act_id', sa.Text(), nullable=False),
    sa.Column('step', sa.Text(), nullable=False),
    sa.Column('admin_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('admin_phone', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('target', sa.Text(), nullable=False),
    sa.Column('given', sa.JSON(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('before', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('after', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('refusal', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('request_id', sa.Text(), nullable=False),
    sa.Column('at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('previous_hash', sa.Text(), nullable=False),
    sa.Column('hash', sa.Text(), nullable=False),
    sa.CheckConstraint("(step = 'done') = (after IS NOT NULL)", name=op.f('ck_audit_log_done_says_what')),
    sa.CheckConstraint("(step = 'refused') = (refusal IS NOT NULL)", name=op.f('ck_audit_log_refused_says_why')),
    sa.CheckConstraint("step IN ('asked', 'done', 'refused')", name=op.f('ck_audit_log_step')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_audit_log')),
    sa.UniqueConstraint('hash', name=op.f('uq_audit_log_hash'))
    )
    asked, ended = sa.text("step = 'asked'"), sa.text("step <> 'asked'")
    op.create_index('uq_audit_log_asked', 'audit_log', ['act_id'], unique=True, postgresql_where=asked, sqlite_where=asked)
    op.create_index('uq_audit_log_ended', 'audit_log', ['act_id'], unique=True, postgresql_where=ended, sqlite_where=ended)
    op.create_index('ix_audit_log_target_number', 'audit_log', ['target', 'number'], unique=False)
    op.create_index('ix_audit_log_admin_id_number', 'audit_log', ['admin_id', 'number'], unique=False)
    op.create_index('ix_audit_log_action_number', 'audit_log', ['action', 'number'], unique=False)
    for statement in append_only_ddl('audit_log', op.get_bind().dialect.name):
        op.execute(statement)
    head = op.create_table('audit_head',
    sa.Column('id', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('hash', sa.Text(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_audit_head_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_head'))
    )
    op.execute(head.insert().values(id=1, number=0, hash='0' * 64))
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
    waiting = sa.text('done_at IS NULL')
    op.create_index('ix_outbox_due', 'outbox', ['next_try_at'], unique=False, postgresql_where=waiting, sqlite_where=waiting)


def downgrade() -> None:
    op.drop_table('outbox')
    op.drop_table('idempotency_keys')
    op.drop_table('audit_head')
    for statement in changeable_ddl('audit_log', op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_table('audit_log')
