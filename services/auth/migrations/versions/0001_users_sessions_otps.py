"""users sessions otps

Revision ID: 0001
Revises: 
Create Date: 2026-11-23 03:01:55.738274
"""

import habrio_shared.database
import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

# The contract with the gateway (DESIGN: identity): one row a session, whoever's and in whatever state.
SESSION_VIEW = """
CREATE VIEW session_view AS
SELECT
    sessions.sid AS session_id,
    users.id AS user_id,
    (sessions.revoked_at IS NULL AND sessions.expires_at > {now}) AS live,
    (users.status = 'active') AS active,
    users.role AS role,
    users.phone AS phone,
    users.name AS name,
    users.city AS city,
    users.society AS society,
    1 AS contract_version
FROM sessions
JOIN users ON users.id = sessions.user_id
"""


def _publish_sessions() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(SESSION_VIEW.format(now="strftime('%Y-%m-%d %H:%M:%f000', 'now')"))
        return
    op.execute(SESSION_VIEW.format(now="clock_timestamp()"))
    reader = current_app.extensions["habrio_settings"].auth_view_role
    if op.get_bind().scalar(sa.text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": reader}):
        op.execute(f"GRANT SELECT ON session_view TO {reader}")


def upgrade() -> None:
    op.create_table('otp_quotas',
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('hour_started_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('hour_count', sa.Integer(), nullable=False),
    sa.Column('day_started_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('day_count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('phone', name=op.f('pk_otp_quotas'))
    )
    op.create_index(op.f('ix_otp_quotas_day_started_at'), 'otp_quotas', ['day_started_at'], unique=False)
    op.create_table('otps',
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('code_hash', sa.Text(), nullable=False),
    sa.Column('tries', sa.SmallInteger(), nullable=False),
    sa.Column('expires_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('used_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('tries BETWEEN 0 AND 5', name=op.f('ck_otps_tries')),
    sa.PrimaryKeyConstraint('phone', name=op.f('pk_otps'))
    )
    op.create_index(op.f('ix_otps_expires_at'), 'otps', ['expires_at'], unique=False)
    op.create_table('users',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('city', sa.Text(), nullable=False),
    sa.Column('society', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=True),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('onboarded_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('role_onboarded_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('created_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("role IN ('consumer', 'vendor', 'admin')", name=op.f('ck_users_role')),
    sa.CheckConstraint("status IN ('active', 'suspended')", name=op.f('ck_users_status')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('phone', name=op.f('uq_users_phone'))
    )
    op.create_index('ix_users_role_id', 'users', ['role', 'id'], unique=False)
    op.create_table('sessions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('sid', sa.Text(), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('device', sa.Text(), nullable=False),
    sa.Column('refresh_hash', sa.Text(), nullable=False),
    sa.Column('created_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('seen_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_sessions_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sessions')),
    sa.UniqueConstraint('sid', name=op.f('uq_sessions_sid'))
    )
    op.create_index(op.f('ix_sessions_expires_at'), 'sessions', ['expires_at'], unique=False)
    op.create_index('ix_sessions_user_id_id', 'sessions', ['user_id', 'id'], unique=False)
    op.create_table('inbox',
    sa.Column('message_id', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('reply', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('received_at', habrio_shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('message_id', name=op.f('pk_inbox'))
    )
    _publish_sessions()


def downgrade() -> None:
    op.execute("DROP VIEW session_view")
    op.drop_table('inbox')
    op.drop_index('ix_sessions_user_id_id', table_name='sessions')
    op.drop_index(op.f('ix_sessions_expires_at'), table_name='sessions')
    op.drop_table('sessions')
    op.drop_index('ix_users_role_id', table_name='users')
    op.drop_table('users')
    op.drop_index(op.f('ix_otps_expires_at'), table_name='otps')
    op.drop_table('otps')
    op.drop_index(op.f('ix_otp_quotas_day_started_at'), table_name='otp_quotas')
    op.drop_table('otp_quotas')
