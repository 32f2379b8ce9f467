"""Tasks of every room: which tasks the outbox knows is the worker's business, no longer the database's.

Revision ID: 0001a
Revises: 0001
Create Date: 2026-11-21 02:25:00

"""
from alembic import op
import sqlalchemy as sa


revision = '0001a'
down_revision = '0001'
branch_labels = None
depends_on = None

STATES = "state IN ('waiting', 'running', 'done', 'dead')"
TASKS = "task IN ('mail', 'file')"


def upgrade():
    if op.get_bind().dialect.name == 'postgresql':
        op.drop_constraint(op.f('ck_outbox_task'), 'outbox', type_='check')
    else:
        _anew(_states())


def downgrade():
    op.execute("DELETE FROM outbox WHERE task NOT IN ('mail', 'file')")
    if op.get_bind().dialect.name == 'postgresql':
        op.create_check_constraint(op.f('ck_outbox_task'), 'outbox', TASKS)
    else:
        _anew(_states(), sa.CheckConstraint(TASKS, name=op.f('ck_outbox_task')))


def _states():
    return sa.CheckConstraint(STATES, name=op.f('ck_outbox_outboxstate'))


def _anew(*constraints):
    """SQLite: the table is written again; reflection forgets every check, so those that stay are named."""
    with op.batch_alter_table('outbox', recreate='always', table_args=constraints) as batch_op:
        batch_op.alter_column('task', existing_type=sa.String(length=40), existing_nullable=False)
