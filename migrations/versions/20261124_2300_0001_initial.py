"""initial

Revision ID: 0001
Revises: 
Create Date: 2026-11-25 09:41:58.187353
"""

import sqlalchemy as sa
from alembic import op
from srm_portal.infra.db import MoneyType, QuantityType, UTCDateTime

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('api_call',
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('content', sa.String(length=64), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('answer', sa.JSON(), nullable=True),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_call')),
    sa.UniqueConstraint('user_id', 'key', name=op.f('uq_api_call_user_id_key'))
    )
    with op.batch_alter_table('api_call', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_api_call_at'), ['at'], unique=False)

    op.create_table('approval_delegation',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('from_id', sa.String(length=20), nullable=False),
    sa.Column('from_name', sa.String(length=200), nullable=False),
    sa.Column('to_id', sa.String(length=20), nullable=False),
    sa.Column('to_name', sa.String(length=200), nullable=False),
    sa.Column('limit', MoneyType(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('ended_at', UTCDateTime(), nullable=True),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_delegation'))
    )
    with op.batch_alter_table('approval_delegation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_approval_delegation_from_id'), ['from_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_approval_delegation_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_approval_delegation_to_id'), ['to_id'], unique=False)

    op.create_table('approval_rule',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('stage', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=80), nullable=False),
    sa.Column('value_from', MoneyType(), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('risk', sa.String(length=8), nullable=False),
    sa.Column('deviations', sa.Boolean(), nullable=False),
    sa.Column('needed', sa.Integer(), nullable=False),
    sa.Column('people', sa.JSON(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_rule'))
    )
    with op.batch_alter_table('approval_rule', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_approval_rule_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('auction_pulse',
    sa.Column('auction_id', sa.String(length=20), nullable=False),
    sa.Column('beat_at', UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('auction_id', name=op.f('pk_auction_pulse'))
    )
    op.create_table('audit_entry',
    sa.Column('stream', sa.String(length=60), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('actor_id', sa.String(length=20), nullable=False),
    sa.Column('actor_name', sa.String(length=200), nullable=False),
    sa.Column('action', sa.String(length=80), nullable=False),
    sa.Column('object_type', sa.String(length=40), nullable=False),
    sa.Column('object_id', sa.String(length=40), nullable=False),
    sa.Column('object_label', sa.String(length=300), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('details', sa.Text(), nullable=False),
    sa.Column('prev', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('layout', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry')),
    sa.UniqueConstraint('stream', 'seq', name=op.f('uq_audit_entry_stream_seq'))
    )
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_entry_actor_id'), ['actor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entry_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entry_object_id'), ['object_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entry_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('audit_stream',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('head', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_audit_stream'))
    )
    op.create_table('category',
    sa.Column('scheme', sa.String(length=20), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('parent', sa.String(length=20), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('labels', sa.JSON(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_category')),
    sa.UniqueConstraint('code', name=op.f('uq_category_code'))
    )
    with op.batch_alter_table('category', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_category_parent'), ['parent'], unique=False)

    op.create_table('category_rating',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('factors', sa.JSON(), nullable=False),
    sa.Column('quadrant', sa.String(length=12), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('rated_name', sa.String(length=200), nullable=False),
    sa.Column('rated_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_category_rating')),
    sa.UniqueConstraint('organisation_id', 'category', name=op.f('uq_category_rating_organisation_id_category'))
    )
    op.create_table('contract_template',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('file_id', sa.String(length=20), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('retired_at', UTCDateTime(), nullable=True),
    sa.Column('author_name', sa.String(length=200), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contract_template'))
    )
    with op.batch_alter_table('contract_template', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contract_template_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('counter',
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_counter'))
    )
    op.create_table('criteria_template',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('rows', sa.JSON(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('by_name', sa.String(length=200), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_criteria_template')),
    sa.UniqueConstraint('organisation_id', 'name', name=op.f('uq_criteria_template_organisation_id_name'))
    )
    with op.batch_alter_table('criteria_template', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_criteria_template_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('crm_connection',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('url', sa.String(length=300), nullable=False),
    sa.Column('database', sa.String(length=100), nullable=False),
    sa.Column('login', sa.String(length=100), nullable=False),
    sa.Column('password', sa.Text(), nullable=False),
    sa.Column('rule', sa.String(length=12), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_crm_connection')),
    sa.UniqueConstraint('organisation_id', name=op.f('uq_crm_connection_organisation_id'))
    )
    op.create_table('import_upload',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('what', sa.String(length=12), nullable=False),
    sa.Column('scheme', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.Column('preview', sa.JSON(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_upload'))
    )
    with op.batch_alter_table('import_upload', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_upload_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_import_upload_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_import_upload_user_id'), ['user_id'], unique=False)

    op.create_table('job',
    sa.Column('kind', sa.String(length=80), nullable=False),
    sa.Column('args', sa.JSON(), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('due_at', UTCDateTime(), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('finished_at', UTCDateTime(), nullable=True),
    sa.Column('locked_until', UTCDateTime(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('last_error', sa.Text(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job')),
    sa.UniqueConstraint('key', name=op.f('uq_job_key'))
    )
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.create_index('ix_job_due', ['state', 'due_at'], unique=False)

    op.create_table('library_clause',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kinds', sa.JSON(), nullable=False),
    sa.Column('value_from', MoneyType(), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('risk', sa.String(length=8), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_library_clause')),
    sa.UniqueConstraint('organisation_id', 'key', name=op.f('uq_library_clause_organisation_id_key'))
    )
    with op.batch_alter_table('library_clause', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_library_clause_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('library_text',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('variant', sa.String(length=12), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('author_name', sa.String(length=200), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_library_text')),
    sa.UniqueConstraint('organisation_id', 'key', 'language', 'variant', 'number', name=op.f('uq_library_text_organisation_id_key_language_variant_number'))
    )
    with op.batch_alter_table('library_text', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_library_text_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('log_checkpoint',
    sa.Column('size', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('size', name=op.f('pk_log_checkpoint'))
    )
    with op.batch_alter_table('log_checkpoint', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_log_checkpoint_at'), ['at'], unique=False)

    op.create_table('log_head',
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_log_head'))
    )
    op.create_table('log_leaf',
    sa.Column('index', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('entry_id', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('index', name=op.f('pk_log_leaf')),
    sa.UniqueConstraint('entry_id', name=op.f('uq_log_leaf_entry_id'))
    )
    op.create_table('log_mark',
    sa.Column('stream', sa.String(length=60), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('stream', name=op.f('pk_log_mark'))
    )
    op.create_table('log_node',
    sa.Column('level', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('index', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('hash', sa.LargeBinary(length=32), nullable=False),
    sa.PrimaryKeyConstraint('level', 'index', name=op.f('pk_log_node'))
    )
    op.create_table('mail_message',
    sa.Column('organisation_id', sa.String(length=20), nullable=True),
    sa.Column('user_id', sa.String(length=20), nullable=True),
    sa.Column('recipient', sa.String(length=254), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('template', sa.String(length=60), nullable=False),
    sa.Column('about', sa.String(length=60), nullable=True),
    sa.Column('secret', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('last_error', sa.Text(), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('sent_at', UTCDateTime(), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_message'))
    )
    with op.batch_alter_table('mail_message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mail_message_about'), ['about'], unique=False)
        batch_op.create_index(batch_op.f('ix_mail_message_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_mail_message_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_mail_message_user_id'), ['user_id'], unique=False)

    op.create_table('notice',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('path', sa.String(length=300), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('read_at', UTCDateTime(), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice'))
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_notice_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index('ix_notice_user_read', ['user_id', 'read_at'], unique=False)

    op.create_table('opener_key',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('public', sa.LargeBinary(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('lost_at', UTCDateTime(), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opener_key')),
    sa.UniqueConstraint('public', name=op.f('uq_opener_key_public'))
    )
    with op.batch_alter_table('opener_key', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_opener_key_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_opener_key_user_id'), ['user_id'], unique=False)

    op.create_table('organisation',
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('zone', sa.String(length=60), nullable=False),
    sa.Column('second_factor_needed', sa.Boolean(), nullable=False),
    sa.Column('competition_min', sa.Integer(), nullable=False),
    sa.Column('demonstration', sa.Boolean(), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation'))
    )
    op.create_table('solver_run',
    sa.Column('scenario_id', sa.String(length=20), nullable=False),
    sa.Column('started_at', UTCDateTime(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('said', sa.JSON(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_solver_run')),
    sa.UniqueConstraint('scenario_id', name=op.f('uq_solver_run_scenario_id'))
    )
    op.create_table('stored_file',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('object_type', sa.String(length=40), nullable=False),
    sa.Column('object_id', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=120), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('stored_name', sa.String(length=80), nullable=False),
    sa.Column('remarks', sa.JSON(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('uploaded_by', sa.String(length=20), nullable=False),
    sa.Column('uploader_name', sa.String(length=200), nullable=False),
    sa.Column('uploaded_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stored_file'))
    )
    with op.batch_alter_table('stored_file', schema=None) as batch_op:
        batch_op.create_index('ix_stored_file_object', ['object_type', 'object_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_stored_file_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('web_session',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=True),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('seen_at', UTCDateTime(), nullable=False),
    sa.Column('expires_at', UTCDateTime(), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('browser', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_web_session'))
    )
    with op.batch_alter_table('web_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_web_session_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_web_session_user_id'), ['user_id'], unique=False)

    op.create_table('webhook_source',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('secret', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_source'))
    )
    with op.batch_alter_table('webhook_source', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webhook_source_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('webhook_target',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=False),
    sa.Column('description', sa.String(length=200), nullable=False),
    sa.Column('events', sa.JSON(), nullable=False),
    sa.Column('secret', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_target'))
    )
    with op.batch_alter_table('webhook_target', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webhook_target_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('crm_link',
    sa.Column('connection_id', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('ours', sa.String(length=20), nullable=False),
    sa.Column('theirs', sa.String(length=60), nullable=False),
    sa.Column('base', sa.JSON(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['connection_id'], ['crm_connection.id'], name=op.f('fk_crm_link_connection_id_crm_connection')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_crm_link')),
    sa.UniqueConstraint('connection_id', 'kind', 'ours', name=op.f('uq_crm_link_connection_id_kind_ours')),
    sa.UniqueConstraint('connection_id', 'kind', 'theirs', name=op.f('uq_crm_link_connection_id_kind_theirs'))
    )
    op.create_table('crm_run',
    sa.Column('connection_id', sa.String(length=20), nullable=False),
    sa.Column('dry', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('error', sa.String(length=60), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('log', sa.JSON(), nullable=False),
    sa.Column('by_name', sa.String(length=200), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('finished_at', UTCDateTime(), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['connection_id'], ['crm_connection.id'], name=op.f('fk_crm_run_connection_id_crm_connection')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_crm_run'))
    )
    with op.batch_alter_table('crm_run', schema=None) as batch_op:
        batch_op.create_index('ix_crm_run_connection_at', ['connection_id', 'at'], unique=False)

    op.create_table('customer',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('reference', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('legal_name', sa.String(length=200), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('city', sa.String(length=100), nullable=False),
    sa.Column('vat', sa.String(length=30), nullable=False),
    sa.Column('segment', sa.String(length=60), nullable=False),
    sa.Column('roles', sa.JSON(), nullable=False),
    sa.Column('role_key', sa.String(length=60), nullable=False),
    sa.Column('owner_id', sa.String(length=20), nullable=True),
    sa.Column('website', sa.String(length=200), nullable=False),
    sa.Column('email_domain', sa.String(length=200), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('name_key', sa.String(length=200), nullable=False),
    sa.Column('sort_key', sa.String(length=200), nullable=False),
    sa.Column('search_key', sa.Text(), nullable=False),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.Column('erased_at', UTCDateTime(), nullable=True),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_customer_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_customer')),
    sa.UniqueConstraint('organisation_id', 'reference', name=op.f('uq_customer_organisation_id_reference'))
    )
    with op.batch_alter_table('customer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_customer_country'), ['country'], unique=False)
        batch_op.create_index(batch_op.f('ix_customer_email_domain'), ['email_domain'], unique=False)
        batch_op.create_index(batch_op.f('ix_customer_name_key'), ['name_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_customer_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index('ix_customer_organisation_name', ['organisation_id', 'sort_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_customer_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_customer_segment'), ['segment'], unique=False)
        batch_op.create_index(batch_op.f('ix_customer_vat'), ['vat'], unique=False)

    op.create_table('project',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('reference', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('stage', sa.String(length=16), nullable=False),
    sa.Column('need_state', sa.String(length=12), nullable=False),
    sa.Column('cancelled_at', UTCDateTime(), nullable=True),
    sa.Column('archived', sa.Boolean(), nullable=False),
    sa.Column('owner_id', sa.String(length=20), nullable=False),
    sa.Column('requester_id', sa.String(length=20), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('product', sa.String(length=300), nullable=False),
    sa.Column('market', sa.String(length=300), nullable=False),
    sa.Column('strategic_aim', sa.Text(), nullable=False),
    sa.Column('sector', sa.String(length=200), nullable=False),
    sa.Column('region', sa.String(length=60), nullable=False),
    sa.Column('engagement', sa.String(length=16), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('budget', MoneyType(), nullable=True),
    sa.Column('baseline', MoneyType(), nullable=True),
    sa.Column('needed_on', sa.Date(), nullable=True),
    sa.Column('customer_id', sa.String(length=20), nullable=True),
    sa.Column('opportunity_id', sa.String(length=20), nullable=True),
    sa.Column('customer_price', MoneyType(), nullable=True),
    sa.Column('target_margin', QuantityType(), nullable=True),
    sa.Column('source_id', sa.String(length=120), nullable=True),
    sa.Column('source', sa.JSON(), nullable=True),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_project_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project')),
    sa.UniqueConstraint('organisation_id', 'reference', name=op.f('uq_project_organisation_id_reference'))
    )
    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_opportunity_id'), ['opportunity_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_requester_id'), ['requester_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_source_id'), ['source_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_stage'), ['stage'], unique=False)

    op.create_table('questionnaire',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('family_id', sa.String(length=20), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('questions', sa.JSON(), nullable=False),
    sa.Column('created_name', sa.String(length=200), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('published_at', UTCDateTime(), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_questionnaire_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_questionnaire')),
    sa.UniqueConstraint('family_id', 'edition', name=op.f('uq_questionnaire_family_id_edition'))
    )
    with op.batch_alter_table('questionnaire', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_questionnaire_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('shared_publication',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=True),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('period', sa.String(length=40), nullable=False),
    sa.Column('search_key', sa.Text(), nullable=False),
    sa.Column('written_by', sa.String(length=20), nullable=False),
    sa.Column('written_name', sa.String(length=200), nullable=False),
    sa.Column('written_at', UTCDateTime(), nullable=False),
    sa.Column('withdrawn_at', UTCDateTime(), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_shared_publication_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shared_publication'))
    )
    with op.batch_alter_table('shared_publication', schema=None) as batch_op:
        batch_op.create_index('ix_shared_publication_owner', ['organisation_id', 'supplier_id'], unique=False)

    op.create_table('supplier',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('reference', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('legal_name', sa.String(length=200), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('region', sa.String(length=60), nullable=False),
    sa.Column('city', sa.String(length=100), nullable=False),
    sa.Column('postcode', sa.String(length=20), nullable=False),
    sa.Column('street', sa.String(length=200), nullable=False),
    sa.Column('latitude', sa.Integer(), nullable=True),
    sa.Column('longitude', sa.Integer(), nullable=True),
    sa.Column('vat', sa.String(length=30), nullable=False),
    sa.Column('lei', sa.String(length=30), nullable=False),
    sa.Column('registration_number', sa.String(length=60), nullable=False),
    sa.Column('iban_sealed', sa.String(length=400), nullable=False),
    sa.Column('iban_masked', sa.String(length=50), nullable=False),
    sa.Column('website', sa.String(length=200), nullable=False),
    sa.Column('email_domain', sa.String(length=200), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('state_reason', sa.Text(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('name_key', sa.String(length=200), nullable=False),
    sa.Column('sort_key', sa.String(length=200), nullable=False),
    sa.Column('search_key', sa.Text(), nullable=False),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_supplier_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supplier')),
    sa.UniqueConstraint('organisation_id', 'reference', name=op.f('uq_supplier_organisation_id_reference'))
    )
    with op.batch_alter_table('supplier', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_supplier_country'), ['country'], unique=False)
        batch_op.create_index(batch_op.f('ix_supplier_email_domain'), ['email_domain'], unique=False)
        batch_op.create_index(batch_op.f('ix_supplier_name_key'), ['name_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_supplier_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index('ix_supplier_organisation_name', ['organisation_id', 'sort_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_supplier_vat'), ['vat'], unique=False)

    op.create_table('supplier_registration',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('origin', sa.String(length=10), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('contact_name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('email_key', sa.String(length=254), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('iban_sealed', sa.String(length=400), nullable=False),
    sa.Column('iban_masked', sa.String(length=50), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=True),
    sa.Column('proposed_by', sa.String(length=20), nullable=True),
    sa.Column('proposed_name', sa.String(length=200), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('confirmed_at', UTCDateTime(), nullable=True),
    sa.Column('submitted_at', UTCDateTime(), nullable=True),
    sa.Column('decided_by', sa.String(length=20), nullable=True),
    sa.Column('decided_name', sa.String(length=200), nullable=False),
    sa.Column('decided_at', UTCDateTime(), nullable=True),
    sa.Column('decision_reason', sa.Text(), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_supplier_registration_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supplier_registration')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_supplier_registration_token_hash'))
    )
    with op.batch_alter_table('supplier_registration', schema=None) as batch_op:
        batch_op.create_index('ix_supplier_registration_email', ['organisation_id', 'email_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_supplier_registration_proposed_by'), ['proposed_by'], unique=False)
        batch_op.create_index('ix_supplier_registration_state', ['organisation_id', 'state'], unique=False)

    op.create_table('supplier_settings',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('registration_open', sa.Boolean(), nullable=False),
    sa.Column('welcome', sa.Text(), nullable=False),
    sa.Column('weights', sa.JSON(), nullable=False),
    sa.Column('gates', sa.JSON(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_supplier_settings_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supplier_settings')),
    sa.UniqueConstraint('organisation_id', name=op.f('uq_supplier_settings_organisation_id'))
    )
    op.create_table('user',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=True),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('email_key', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('roles', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('zone', sa.String(length=60), nullable=False),
    sa.Column('theme', sa.String(length=8), nullable=False),
    sa.Column('density', sa.String(length=12), nullable=False),
    sa.Column('mail_notices', sa.Boolean(), nullable=False),
    sa.Column('may_bid', sa.Boolean(), nullable=False),
    sa.Column('limit', MoneyType(), nullable=True),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('second_factor', sa.String(length=400), nullable=True),
    sa.Column('second_factor_at', UTCDateTime(), nullable=True),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_user_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user'))
    )
    with op.batch_alter_table('user', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_user_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_user_supplier_id'), ['supplier_id'], unique=False)
        batch_op.create_index('uq_user_email_lower', ['email_key'], unique=True)

    op.create_table('webhook_delivery',
    sa.Column('target_id', sa.String(length=20), nullable=False),
    sa.Column('event', sa.String(length=40), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('status', sa.Integer(), nullable=True),
    sa.Column('last_error', sa.String(length=300), nullable=False),
    sa.Column('next_at', UTCDateTime(), nullable=True),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('delivered_at', UTCDateTime(), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['target_id'], ['webhook_target.id'], name=op.f('fk_webhook_delivery_target_id_webhook_target')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_delivery'))
    )
    with op.batch_alter_table('webhook_delivery', schema=None) as batch_op:
        batch_op.create_index('ix_webhook_delivery_target_at', ['target_id', 'created_at'], unique=False)

    op.create_table('webhook_receipt',
    sa.Column('source_id', sa.String(length=20), nullable=False),
    sa.Column('message', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('content', sa.String(length=64), nullable=False),
    sa.Column('answer', sa.JSON(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['source_id'], ['webhook_source.id'], name=op.f('fk_webhook_receipt_source_id_webhook_source')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_receipt')),
    sa.UniqueConstraint('source_id', 'message', name=op.f('uq_webhook_receipt_source_id_message'))
    )
    op.create_table('api_token',
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('scopes', sa.JSON(), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('expires_at', UTCDateTime(), nullable=False),
    sa.Column('revoked_at', UTCDateTime(), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_api_token_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_token')),
    sa.UniqueConstraint('hash', name=op.f('uq_api_token_hash'))
    )
    with op.batch_alter_table('api_token', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_api_token_user_id'), ['user_id'], unique=False)

    op.create_table('auction',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('project_id', sa.String(length=20), nullable=False),
    sa.Column('event_id', sa.String(length=20), nullable=True),
    sa.Column('reference', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('profile', sa.String(length=24), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('rules', sa.Text(), nullable=False),
    sa.Column('rules_sha256', sa.String(length=64), nullable=False),
    sa.Column('lots', sa.JSON(), nullable=False),
    sa.Column('opens_at', UTCDateTime(), nullable=False),
    sa.Column('closes_at', UTCDateTime(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('head', sa.String(length=64), nullable=False),
    sa.Column('practice', sa.Boolean(), nullable=False),
    sa.Column('simulated', sa.Boolean(), nullable=False),
    sa.Column('blind', sa.Boolean(), nullable=False),
    sa.Column('contact', sa.String(length=300), nullable=False),
    sa.Column('phone', sa.String(length=60), nullable=False),
    sa.Column('override_reason', sa.Text(), nullable=False),
    sa.Column('seal_public', sa.String(length=64), nullable=False),
    sa.Column('seal_private', sa.Text(), nullable=False),
    sa.Column('created_by', sa.String(length=20), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('published_at', UTCDateTime(), nullable=True),
    sa.Column('closed_at', UTCDateTime(), nullable=True),
    sa.Column('minutes_released_at', UTCDateTime(), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_auction_project_id_project')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_auction')),
    sa.UniqueConstraint('organisation_id', 'reference', name=op.f('uq_auction_organisation_id_reference'))
    )
    with op.batch_alter_table('auction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_auction_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_auction_opens_at'), ['opens_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_auction_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_auction_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_auction_state'), ['state'], unique=False)

    op.create_table('award',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('project_id', sa.String(length=20), nullable=False),
    sa.Column('reference', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('basis', sa.String(length=12), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('value', MoneyType(), nullable=False),
    sa.Column('baseline', MoneyType(), nullable=True),
    sa.Column('justification', sa.Text(), nullable=False),
    sa.Column('standstill_days', sa.Integer(), nullable=False),
    sa.Column('standstill_until', UTCDateTime(), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('proposed_by', sa.String(length=20), nullable=False),
    sa.Column('proposed_by_name', sa.String(length=200), nullable=False),
    sa.Column('proposed_at', UTCDateTime(), nullable=True),
    sa.Column('decided_by', sa.String(length=20), nullable=True),
    sa.Column('decided_by_name', sa.String(length=200), nullable=False),
    sa.Column('decided_at', UTCDateTime(), nullable=True),
    sa.Column('decision_reason', sa.Text(), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('scenario_id', sa.String(length=20), nullable=True),
    sa.Column('promise', sa.JSON(), nullable=False),
    sa.Column('telling', sa.JSON(), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('drafts', sa.JSON(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_award_project_id_project')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award'))
    )
    with op.batch_alter_table('award', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_award_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_award_project_id'), ['project_id'], unique=False)

    op.create_table('award_report',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('project_id', sa.String(length=20), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('files', sa.JSON(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('by_name', sa.String(length=200), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_award_report_project_id_project')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_report'))
    )
    with op.batch_alter_table('award_report', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_award_report_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_award_report_project_id'), ['project_id'], unique=False)

    op.create_table('award_scenario',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('project_id', sa.String(length=20), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('asked', sa.JSON(), nullable=False),
    sa.Column('names', sa.JSON(), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('result', sa.JSON(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('by_id', sa.String(length=20), nullable=False),
    sa.Column('by_name', sa.String(length=200), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('solved_at', UTCDateTime(), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_award_scenario_project_id_project')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_scenario'))
    )
    with op.batch_alter_table('award_scenario', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_award_scenario_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_award_scenario_project_id'), ['project_id'], unique=False)

    op.create_table('award_terms',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('project_id', sa.String(length=20), nullable=False),
    sa.Column('promise', sa.JSON(), nullable=False),
    sa.Column('known', sa.JSON(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_award_terms_project_id_project')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_terms')),
    sa.UniqueConstraint('project_id', name=op.f('uq_award_terms_project_id'))
    )
    with op.batch_alter_table('award_terms', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_award_terms_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('candidate',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('project_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('points', sa.Integer(), nullable=True),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('contact_id', sa.String(length=20), nullable=True),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('added_by', sa.String(length=20), nullable=False),
    sa.Column('added_name', sa.String(length=200), nullable=False),
    sa.Column('added_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_candidate_project_id_project')),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_candidate_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_candidate')),
    sa.UniqueConstraint('project_id', 'supplier_id', name=op.f('uq_candidate_project_id_supplier_id'))
    )
    with op.batch_alter_table('candidate', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_candidate_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_candidate_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_candidate_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('criterion',
    sa.Column('project_id', sa.String(length=20), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('group', sa.String(length=200), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('envelope', sa.String(length=12), nullable=False),
    sa.Column('weight', QuantityType(), nullable=False),
    sa.Column('worst', MoneyType(), nullable=True),
    sa.Column('best', MoneyType(), nullable=True),
    sa.Column('scale', QuantityType(), nullable=False),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('minimum', QuantityType(), nullable=True),
    sa.Column('must', sa.Boolean(), nullable=False),
    sa.Column('formula', sa.String(length=24), nullable=False),
    sa.Column('points', sa.JSON(), nullable=False),
    sa.Column('bend', QuantityType(), nullable=True),
    sa.Column('ideal', QuantityType(), nullable=True),
    sa.Column('years', sa.Integer(), nullable=False),
    sa.Column('rate', QuantityType(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_criterion_project_id_project')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_criterion'))
    )
    with op.batch_alter_table('criterion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_criterion_project_id'), ['project_id'], unique=False)

    op.create_table('customer_contact',
    sa.Column('customer_id', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('role', sa.String(length=100), nullable=False),
    sa.Column('consent', sa.String(length=12), nullable=False),
    sa.Column('consent_at', UTCDateTime(), nullable=True),
    sa.Column('consent_note', sa.String(length=300), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_customer_contact_customer_id_customer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_customer_contact'))
    )
    with op.batch_alter_table('customer_contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_customer_contact_customer_id'), ['customer_id'], unique=False)

    op.create_table('evaluation_plan',
    sa.Column('project_id', sa.String(length=20), nullable=False),
    sa.Column('told', sa.String(length=8), nullable=False),
    sa.Column('blind', sa.Boolean(), nullable=False),
    sa.Column('rule', sa.String(length=8), nullable=False),
    sa.Column('comments', sa.String(length=8), nullable=False),
    sa.Column('ties', sa.JSON(), nullable=False),
    sa.Column('group_minimums', sa.JSON(), nullable=False),
    sa.Column('locked_at', UTCDateTime(), nullable=True),
    sa.Column('locked_by', sa.String(length=200), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_evaluation_plan_project_id_project')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_plan')),
    sa.UniqueConstraint('project_id', name=op.f('uq_evaluation_plan_project_id'))
    )
    op.create_table('evaluator',
    sa.Column('project_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('voice', QuantityType(), nullable=False),
    sa.Column('criteria', sa.JSON(), nullable=False),
    sa.Column('conflict', sa.Text(), nullable=False),
    sa.Column('recused', sa.JSON(), nullable=False),
    sa.Column('declared_at', UTCDateTime(), nullable=True),
    sa.Column('submitted_at', UTCDateTime(), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_evaluator_project_id_project')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluator')),
    sa.UniqueConstraint('project_id', 'user_id', name=op.f('uq_evaluator_project_id_user_id'))
    )
    with op.batch_alter_table('evaluator', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluator_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_evaluator_user_id'), ['user_id'], unique=False)

    op.create_table('improvement_plan',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('dimension', sa.String(length=20), nullable=False),
    sa.Column('target', sa.Integer(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('result', sa.Text(), nullable=False),
    sa.Column('created_name', sa.String(length=200), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('closed_at', UTCDateTime(), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_improvement_plan_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_improvement_plan'))
    )
    with op.batch_alter_table('improvement_plan', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_improvement_plan_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_improvement_plan_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('lot',
    sa.Column('project_id', sa.String(length=20), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_lot_project_id_project')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lot')),
    sa.UniqueConstraint('project_id', 'number', name=op.f('uq_lot_project_id_number'))
    )
    with op.batch_alter_table('lot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lot_project_id'), ['project_id'], unique=False)

    op.create_table('negotiation',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('project_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('held_at', UTCDateTime(), nullable=False),
    sa.Column('place', sa.String(length=300), nullable=False),
    sa.Column('participants', sa.Text(), nullable=False),
    sa.Column('agenda', sa.Text(), nullable=False),
    sa.Column('target', MoneyType(), nullable=True),
    sa.Column('walk_away', MoneyType(), nullable=True),
    sa.Column('minutes', sa.Text(), nullable=False),
    sa.Column('points', sa.JSON(), nullable=False),
    sa.Column('answer', sa.String(length=8), nullable=False),
    sa.Column('answer_note', sa.Text(), nullable=False),
    sa.Column('answered_by', sa.String(length=200), nullable=False),
    sa.Column('minutes_by', sa.String(length=200), nullable=False),
    sa.Column('minutes_sha256', sa.String(length=64), nullable=False),
    sa.Column('confirmed_at', UTCDateTime(), nullable=True),
    sa.Column('confirmed_by', sa.String(length=200), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_negotiation_project_id_project')),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_negotiation_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_negotiation'))
    )
    with op.batch_alter_table('negotiation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_negotiation_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_negotiation_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_negotiation_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('one_time_token',
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('expires_at', UTCDateTime(), nullable=False),
    sa.Column('used_at', UTCDateTime(), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_one_time_token_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_one_time_token'))
    )
    with op.batch_alter_table('one_time_token', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_one_time_token_hash'), ['hash'], unique=False)
        batch_op.create_index(batch_op.f('ix_one_time_token_user_id'), ['user_id'], unique=False)

    op.create_table('opportunity',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('customer_id', sa.String(length=20), nullable=False),
    sa.Column('reference', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('stage', sa.String(length=12), nullable=False),
    sa.Column('stage_reason', sa.Text(), nullable=False),
    sa.Column('amount', MoneyType(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('probability', sa.Integer(), nullable=False),
    sa.Column('expected_on', sa.Date(), nullable=True),
    sa.Column('target_margin', QuantityType(), nullable=True),
    sa.Column('owner_id', sa.String(length=20), nullable=False),
    sa.Column('closed_at', UTCDateTime(), nullable=True),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_opportunity_customer_id_customer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opportunity')),
    sa.UniqueConstraint('organisation_id', 'reference', name=op.f('uq_opportunity_organisation_id_reference'))
    )
    with op.batch_alter_table('opportunity', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_opportunity_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_opportunity_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_opportunity_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_opportunity_stage'), ['stage'], unique=False)

    op.create_table('performance',
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('period', sa.String(length=8), nullable=False),
    sa.Column('quality', sa.Integer(), nullable=True),
    sa.Column('delivery', sa.Integer(), nullable=True),
    sa.Column('cost', sa.Integer(), nullable=True),
    sa.Column('responsiveness', sa.Integer(), nullable=True),
    sa.Column('sustainability', sa.Integer(), nullable=True),
    sa.Column('overall', sa.Integer(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.Column('recorded_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_performance_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_performance')),
    sa.UniqueConstraint('supplier_id', 'period', name=op.f('uq_performance_supplier_id_period'))
    )
    with op.batch_alter_table('performance', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_performance_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('qualification',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('region', sa.String(length=60), nullable=False),
    sa.Column('business_unit', sa.String(length=100), nullable=False),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('scores', sa.JSON(), nullable=False),
    sa.Column('valid_from_on', sa.Date(), nullable=True),
    sa.Column('valid_until_on', sa.Date(), nullable=True),
    sa.Column('asked_by', sa.String(length=20), nullable=False),
    sa.Column('asked_name', sa.String(length=200), nullable=False),
    sa.Column('asked_at', UTCDateTime(), nullable=False),
    sa.Column('decided_by', sa.String(length=20), nullable=True),
    sa.Column('decided_name', sa.String(length=200), nullable=False),
    sa.Column('decided_at', UTCDateTime(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('superseded_at', UTCDateTime(), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_qualification_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_qualification'))
    )
    with op.batch_alter_table('qualification', schema=None) as batch_op:
        batch_op.create_index('ix_qualification_category', ['organisation_id', 'category', 'status'], unique=False)
        batch_op.create_index(batch_op.f('ix_qualification_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_qualification_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('questionnaire_answer',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('questionnaire_id', sa.String(length=20), nullable=False),
    sa.Column('subject_type', sa.String(length=12), nullable=False),
    sa.Column('subject_id', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('asked_name', sa.String(length=200), nullable=False),
    sa.Column('asked_at', UTCDateTime(), nullable=False),
    sa.Column('submitted_at', UTCDateTime(), nullable=True),
    sa.Column('submitted_name', sa.String(length=200), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['questionnaire_id'], ['questionnaire.id'], name=op.f('fk_questionnaire_answer_questionnaire_id_questionnaire')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_questionnaire_answer'))
    )
    with op.batch_alter_table('questionnaire_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_questionnaire_answer_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_questionnaire_answer_questionnaire_id'), ['questionnaire_id'], unique=False)
        batch_op.create_index('ix_questionnaire_answer_subject', ['subject_type', 'subject_id'], unique=False)

    op.create_table('recovery_code',
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('used_at', UTCDateTime(), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_recovery_code_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_code'))
    )
    with op.batch_alter_table('recovery_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recovery_code_user_id'), ['user_id'], unique=False)

    op.create_table('rfx_event',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('project_id', sa.String(length=20), nullable=False),
    sa.Column('reference', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=4), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('level', sa.String(length=2), nullable=False),
    sa.Column('envelopes', sa.String(length=6), nullable=False),
    sa.Column('instructions', sa.Text(), nullable=False),
    sa.Column('terms', sa.Text(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('rates', sa.JSON(), nullable=False),
    sa.Column('payment_days', sa.Integer(), nullable=True),
    sa.Column('validity_days', sa.Integer(), nullable=False),
    sa.Column('deadline_at', UTCDateTime(), nullable=True),
    sa.Column('questions_until', UTCDateTime(), nullable=True),
    sa.Column('published_at', UTCDateTime(), nullable=True),
    sa.Column('published_by', sa.String(length=20), nullable=True),
    sa.Column('publication', sa.JSON(), nullable=True),
    sa.Column('publication_sha256', sa.String(length=64), nullable=False),
    sa.Column('opened_at', UTCDateTime(), nullable=True),
    sa.Column('cancelled_at', UTCDateTime(), nullable=True),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_rfx_event_project_id_project')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rfx_event')),
    sa.UniqueConstraint('organisation_id', 'reference', name=op.f('uq_rfx_event_organisation_id_reference'))
    )
    with op.batch_alter_table('rfx_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rfx_event_deadline_at'), ['deadline_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_rfx_event_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rfx_event_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rfx_event_state'), ['state'], unique=False)

    op.create_table('risk_flag',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('level', sa.String(length=10), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('source', sa.String(length=500), nullable=False),
    sa.Column('seen_on', sa.Date(), nullable=False),
    sa.Column('review_on', sa.Date(), nullable=True),
    sa.Column('raised_name', sa.String(length=200), nullable=False),
    sa.Column('raised_at', UTCDateTime(), nullable=False),
    sa.Column('closed_at', UTCDateTime(), nullable=True),
    sa.Column('closed_name', sa.String(length=200), nullable=False),
    sa.Column('closed_reason', sa.Text(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_risk_flag_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_risk_flag'))
    )
    with op.batch_alter_table('risk_flag', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_risk_flag_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_risk_flag_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('sale_contract',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('customer_id', sa.String(length=20), nullable=False),
    sa.Column('number', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('notice_days', sa.Integer(), nullable=False),
    sa.Column('value', MoneyType(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_sale_contract_customer_id_customer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sale_contract')),
    sa.UniqueConstraint('organisation_id', 'number', name=op.f('uq_sale_contract_organisation_id_number'))
    )
    with op.batch_alter_table('sale_contract', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sale_contract_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sale_contract_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('sales_order',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('customer_id', sa.String(length=20), nullable=False),
    sa.Column('number', sa.String(length=60), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('ordered_on', sa.Date(), nullable=False),
    sa.Column('product', sa.String(length=200), nullable=False),
    sa.Column('quantity', QuantityType(), nullable=True),
    sa.Column('unit', sa.String(length=8), nullable=False),
    sa.Column('needed_on', sa.Date(), nullable=True),
    sa.Column('net', MoneyType(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_sales_order_customer_id_customer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sales_order')),
    sa.UniqueConstraint('organisation_id', 'number', 'line', name=op.f('uq_sales_order_organisation_id_number_line'))
    )
    with op.batch_alter_table('sales_order', schema=None) as batch_op:
        batch_op.create_index('ix_sales_order_customer_on', ['customer_id', 'ordered_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_sales_order_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index('ix_sales_order_organisation_on', ['organisation_id', 'currency', 'ordered_on'], unique=False)

    op.create_table('sales_quote',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('customer_id', sa.String(length=20), nullable=False),
    sa.Column('number', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('quoted_on', sa.Date(), nullable=False),
    sa.Column('valid_until_on', sa.Date(), nullable=True),
    sa.Column('net', MoneyType(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_sales_quote_customer_id_customer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sales_quote')),
    sa.UniqueConstraint('organisation_id', 'number', name=op.f('uq_sales_quote_organisation_id_number'))
    )
    with op.batch_alter_table('sales_quote', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sales_quote_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sales_quote_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('satisfaction',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('customer_id', sa.String(length=20), nullable=False),
    sa.Column('said_on', sa.Date(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('by_name', sa.String(length=200), nullable=False),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_satisfaction_customer_id_customer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_satisfaction'))
    )
    with op.batch_alter_table('satisfaction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_satisfaction_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_satisfaction_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('score_run',
    sa.Column('project_id', sa.String(length=20), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('result', sa.Text(), nullable=False),
    sa.Column('suppliers', sa.JSON(), nullable=False),
    sa.Column('criteria', sa.JSON(), nullable=False),
    sa.Column('missing', sa.JSON(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('by_name', sa.String(length=200), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_score_run_project_id_project')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_score_run'))
    )
    with op.batch_alter_table('score_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_score_run_project_id'), ['project_id'], unique=False)

    op.create_table('shared_meeting',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('starts_at', UTCDateTime(), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('participants', sa.Text(), nullable=False),
    sa.Column('agenda', sa.Text(), nullable=False),
    sa.Column('minutes', sa.Text(), nullable=False),
    sa.Column('minutes_name', sa.String(length=200), nullable=False),
    sa.Column('minutes_at', UTCDateTime(), nullable=True),
    sa.Column('created_name', sa.String(length=200), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_shared_meeting_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shared_meeting'))
    )
    with op.batch_alter_table('shared_meeting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shared_meeting_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_shared_meeting_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('shared_message',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('project_id', sa.String(length=20), nullable=True),
    sa.Column('from_supplier', sa.Boolean(), nullable=False),
    sa.Column('author_id', sa.String(length=20), nullable=False),
    sa.Column('author_name', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_shared_message_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shared_message'))
    )
    with op.batch_alter_table('shared_message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shared_message_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index('ix_shared_message_thread', ['supplier_id', 'project_id'], unique=False)

    op.create_table('sign_in_state',
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('locked_until', UTCDateTime(), nullable=True),
    sa.Column('last_step', sa.Integer(), nullable=False),
    sa.Column('signed_in_at', UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_sign_in_state_user_id_user')),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_sign_in_state'))
    )
    op.create_table('stage_move',
    sa.Column('project_id', sa.String(length=20), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('stage', sa.String(length=16), nullable=False),
    sa.Column('act', sa.String(length=12), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('by_id', sa.String(length=20), nullable=False),
    sa.Column('by_name', sa.String(length=200), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_stage_move_project_id_project')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stage_move'))
    )
    with op.batch_alter_table('stage_move', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stage_move_project_id'), ['project_id'], unique=False)

    op.create_table('supplier_bank_account',
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('iban_sealed', sa.String(length=400), nullable=False),
    sa.Column('iban_masked', sa.String(length=50), nullable=False),
    sa.Column('holder', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('by_supplier', sa.Boolean(), nullable=False),
    sa.Column('asked_by', sa.String(length=20), nullable=False),
    sa.Column('asked_name', sa.String(length=200), nullable=False),
    sa.Column('asked_at', UTCDateTime(), nullable=False),
    sa.Column('decided_by', sa.String(length=20), nullable=True),
    sa.Column('decided_name', sa.String(length=200), nullable=False),
    sa.Column('decided_at', UTCDateTime(), nullable=True),
    sa.Column('evidence', sa.Text(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_supplier_bank_account_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supplier_bank_account'))
    )
    with op.batch_alter_table('supplier_bank_account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_supplier_bank_account_iban_masked'), ['iban_masked'], unique=False)
        batch_op.create_index(batch_op.f('ix_supplier_bank_account_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_supplier_bank_account_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('supplier_category',
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_supplier_category_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supplier_category')),
    sa.UniqueConstraint('supplier_id', 'code', name=op.f('uq_supplier_category_supplier_id_code'))
    )
    with op.batch_alter_table('supplier_category', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_supplier_category_code'), ['code'], unique=False)
        batch_op.create_index(batch_op.f('ix_supplier_category_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('supplier_certificate',
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=100), nullable=False),
    sa.Column('number', sa.String(length=100), nullable=False),
    sa.Column('issuer', sa.String(length=200), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=True),
    sa.Column('valid_until_on', sa.Date(), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('added_by', sa.String(length=20), nullable=False),
    sa.Column('added_name', sa.String(length=200), nullable=False),
    sa.Column('added_at', UTCDateTime(), nullable=False),
    sa.Column('checked_name', sa.String(length=200), nullable=False),
    sa.Column('checked_at', UTCDateTime(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_supplier_certificate_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supplier_certificate'))
    )
    with op.batch_alter_table('supplier_certificate', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_supplier_certificate_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_supplier_certificate_supplier_id'), ['supplier_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_supplier_certificate_valid_until_on'), ['valid_until_on'], unique=False)

    op.create_table('supplier_contact',
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('email_key', sa.String(length=254), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('role', sa.String(length=100), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=True),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_supplier_contact_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supplier_contact')),
    sa.UniqueConstraint('supplier_id', 'email_key', name=op.f('uq_supplier_contact_supplier_id_email_key'))
    )
    with op.batch_alter_table('supplier_contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_supplier_contact_supplier_id'), ['supplier_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_supplier_contact_user_id'), ['user_id'], unique=False)

    op.create_table('supplier_delivery',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('order_number', sa.String(length=60), nullable=False),
    sa.Column('line', sa.String(length=20), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('delivered_on', sa.Date(), nullable=True),
    sa.Column('ordered', QuantityType(), nullable=False),
    sa.Column('received', QuantityType(), nullable=False),
    sa.Column('rejected', QuantityType(), nullable=False),
    sa.Column('amount', MoneyType(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('imported_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_supplier_delivery_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supplier_delivery')),
    sa.UniqueConstraint('supplier_id', 'order_number', 'line', name=op.f('uq_supplier_delivery_supplier_id_order_number_line'))
    )
    with op.batch_alter_table('supplier_delivery', schema=None) as batch_op:
        batch_op.create_index('ix_supplier_delivery_due', ['organisation_id', 'due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_supplier_delivery_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('supplier_region',
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('region', sa.String(length=60), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_supplier_region_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supplier_region')),
    sa.UniqueConstraint('supplier_id', 'region', name=op.f('uq_supplier_region_supplier_id_region'))
    )
    with op.batch_alter_table('supplier_region', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_supplier_region_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('supplier_survey',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('period', sa.String(length=8), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('user_name', sa.String(length=200), nullable=False),
    sa.Column('marks', sa.JSON(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('asked_by', sa.String(length=20), nullable=False),
    sa.Column('asked_at', UTCDateTime(), nullable=False),
    sa.Column('answered_at', UTCDateTime(), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_supplier_survey_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supplier_survey')),
    sa.UniqueConstraint('supplier_id', 'period', 'user_id', name=op.f('uq_supplier_survey_supplier_id_period_user_id'))
    )
    with op.batch_alter_table('supplier_survey', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_supplier_survey_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_supplier_survey_supplier_id'), ['supplier_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_supplier_survey_user_id'), ['user_id'], unique=False)

    op.create_table('waiver',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('project_id', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=True),
    sa.Column('covers', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('asked_by', sa.String(length=20), nullable=False),
    sa.Column('asked_name', sa.String(length=200), nullable=False),
    sa.Column('asked_at', UTCDateTime(), nullable=False),
    sa.Column('decided_by', sa.String(length=20), nullable=True),
    sa.Column('decided_name', sa.String(length=200), nullable=False),
    sa.Column('decided_at', UTCDateTime(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_waiver_project_id_project')),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_waiver_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_waiver'))
    )
    with op.batch_alter_table('waiver', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_waiver_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_waiver_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_waiver_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_waiver_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('weights_found',
    sa.Column('project_id', sa.String(length=20), nullable=False),
    sa.Column('path', sa.String(length=200), nullable=False),
    sa.Column('method', sa.String(length=12), nullable=False),
    sa.Column('document', sa.JSON(), nullable=False),
    sa.Column('result', sa.JSON(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('by_name', sa.String(length=200), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_weights_found_project_id_project')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_weights_found'))
    )
    with op.batch_alter_table('weights_found', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_weights_found_project_id'), ['project_id'], unique=False)

    op.create_table('amendment',
    sa.Column('event_id', sa.String(length=20), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('deadline_before', UTCDateTime(), nullable=True),
    sa.Column('deadline_after', UTCDateTime(), nullable=True),
    sa.Column('confirm', sa.Boolean(), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=True),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('by_name', sa.String(length=200), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['rfx_event.id'], name=op.f('fk_amendment_event_id_rfx_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_amendment')),
    sa.UniqueConstraint('event_id', 'number', name=op.f('uq_amendment_event_id_number'))
    )
    with op.batch_alter_table('amendment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_amendment_event_id'), ['event_id'], unique=False)

    op.create_table('auction_entry',
    sa.Column('auction_id', sa.String(length=20), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('recv', UTCDateTime(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('bidder', sa.String(length=8), nullable=True),
    sa.Column('key', sa.String(length=64), nullable=True),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('command', sa.Text(), nullable=False),
    sa.Column('events', sa.Text(), nullable=False),
    sa.Column('actor_id', sa.String(length=20), nullable=False),
    sa.Column('prev', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['auction_id'], ['auction.id'], name=op.f('fk_auction_entry_auction_id_auction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_auction_entry')),
    sa.UniqueConstraint('auction_id', 'bidder', 'key', name=op.f('uq_auction_entry_auction_id_bidder_key')),
    sa.UniqueConstraint('auction_id', 'seq', name=op.f('uq_auction_entry_auction_id_seq'))
    )
    with op.batch_alter_table('auction_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_auction_entry_auction_id'), ['auction_id'], unique=False)

    op.create_table('auction_message',
    sa.Column('auction_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=True),
    sa.Column('from_buyer', sa.Boolean(), nullable=False),
    sa.Column('by_name', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['auction_id'], ['auction.id'], name=op.f('fk_auction_message_auction_id_auction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_auction_message'))
    )
    with op.batch_alter_table('auction_message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_auction_message_auction_id'), ['auction_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_auction_message_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('auction_participant',
    sa.Column('auction_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('alias', sa.String(length=4), nullable=False),
    sa.Column('factor', QuantityType(), nullable=False),
    sa.Column('addition', MoneyType(), nullable=False),
    sa.Column('quality', QuantityType(), nullable=False),
    sa.Column('start_price', MoneyType(), nullable=True),
    sa.Column('accepted_terms_at', UTCDateTime(), nullable=True),
    sa.Column('accepted_by', sa.String(length=20), nullable=True),
    sa.Column('accepted_sha256', sa.String(length=64), nullable=False),
    sa.Column('withdrawn_at', UTCDateTime(), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['auction_id'], ['auction.id'], name=op.f('fk_auction_participant_auction_id_auction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_auction_participant')),
    sa.UniqueConstraint('auction_id', 'alias', name=op.f('uq_auction_participant_auction_id_alias')),
    sa.UniqueConstraint('auction_id', 'supplier_id', name=op.f('uq_auction_participant_auction_id_supplier_id'))
    )
    with op.batch_alter_table('auction_participant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_auction_participant_auction_id'), ['auction_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_auction_participant_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('award_letter',
    sa.Column('award_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('text', sa.JSON(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('sent_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_award_letter_award_id_award')),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_award_letter_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_letter')),
    sa.UniqueConstraint('award_id', 'supplier_id', name=op.f('uq_award_letter_award_id_supplier_id'))
    )
    with op.batch_alter_table('award_letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_award_letter_award_id'), ['award_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_award_letter_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('award_line',
    sa.Column('award_id', sa.String(length=20), nullable=False),
    sa.Column('lot_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('amount', MoneyType(), nullable=False),
    sa.Column('source', sa.String(length=12), nullable=False),
    sa.Column('share', QuantityType(), nullable=False),
    sa.Column('package', sa.String(length=60), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_award_line_award_id_award')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_award_line_lot_id_lot')),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_award_line_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_line'))
    )
    with op.batch_alter_table('award_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_award_line_award_id'), ['award_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_award_line_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('clarification',
    sa.Column('event_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('asked_at', UTCDateTime(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', UTCDateTime(), nullable=True),
    sa.Column('answered_by', sa.String(length=20), nullable=True),
    sa.Column('to_all', sa.Boolean(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['rfx_event.id'], name=op.f('fk_clarification_event_id_rfx_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clarification'))
    )
    with op.batch_alter_table('clarification', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_clarification_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_clarification_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('consensus',
    sa.Column('criterion_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('points', QuantityType(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('by_name', sa.String(length=200), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['criterion_id'], ['criterion.id'], name=op.f('fk_consensus_criterion_id_criterion')),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_consensus_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consensus')),
    sa.UniqueConstraint('criterion_id', 'supplier_id', name=op.f('uq_consensus_criterion_id_supplier_id'))
    )
    with op.batch_alter_table('consensus', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consensus_criterion_id'), ['criterion_id'], unique=False)

    op.create_table('contract',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('project_id', sa.String(length=20), nullable=True),
    sa.Column('award_id', sa.String(length=20), nullable=True),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('parent_id', sa.String(length=20), nullable=True),
    sa.Column('relation', sa.String(length=12), nullable=False),
    sa.Column('reference', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('risk', sa.String(length=8), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('pen', sa.String(length=8), nullable=False),
    sa.Column('shared_version', sa.Integer(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('value', MoneyType(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('notice_days', sa.Integer(), nullable=False),
    sa.Column('notice_on', sa.Date(), nullable=False),
    sa.Column('renews_months', sa.Integer(), nullable=False),
    sa.Column('sign_first', sa.String(length=8), nullable=False),
    sa.Column('index_name', sa.String(length=120), nullable=False),
    sa.Column('index_base', MoneyType(), nullable=True),
    sa.Column('index_share', sa.Integer(), nullable=False),
    sa.Column('index_cap', sa.Integer(), nullable=True),
    sa.Column('owner_id', sa.String(length=20), nullable=False),
    sa.Column('current_version', sa.Integer(), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_contract_award_id_award')),
    sa.ForeignKeyConstraint(['parent_id'], ['contract.id'], name=op.f('fk_contract_parent_id_contract')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_contract_project_id_project')),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_contract_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contract')),
    sa.UniqueConstraint('organisation_id', 'reference', name=op.f('uq_contract_organisation_id_reference'))
    )
    with op.batch_alter_table('contract', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contract_award_id'), ['award_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contract_ends_on'), ['ends_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_contract_notice_on'), ['notice_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_contract_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index('ix_contract_organisation_id_ends_on', ['organisation_id', 'ends_on', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contract_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contract_parent_id'), ['parent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contract_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contract_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_contract_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('crm_task',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('customer_id', sa.String(length=20), nullable=False),
    sa.Column('opportunity_id', sa.String(length=20), nullable=True),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('assignee_id', sa.String(length=20), nullable=False),
    sa.Column('done_at', UTCDateTime(), nullable=True),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_crm_task_customer_id_customer')),
    sa.ForeignKeyConstraint(['opportunity_id'], ['opportunity.id'], name=op.f('fk_crm_task_opportunity_id_opportunity')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_crm_task'))
    )
    with op.batch_alter_table('crm_task', schema=None) as batch_op:
        batch_op.create_index('ix_crm_task_assignee', ['assignee_id', 'done_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_crm_task_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_crm_task_opportunity_id'), ['opportunity_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_crm_task_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('customer_link',
    sa.Column('customer_id', sa.String(length=20), nullable=False),
    sa.Column('opportunity_id', sa.String(length=20), nullable=True),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('object_id', sa.String(length=20), nullable=False),
    sa.Column('reference', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('path', sa.String(length=300), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_customer_link_customer_id_customer')),
    sa.ForeignKeyConstraint(['opportunity_id'], ['opportunity.id'], name=op.f('fk_customer_link_opportunity_id_opportunity')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_customer_link')),
    sa.UniqueConstraint('customer_id', 'kind', 'object_id', name=op.f('uq_customer_link_customer_id_kind_object_id'))
    )
    with op.batch_alter_table('customer_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_customer_link_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_customer_link_opportunity_id'), ['opportunity_id'], unique=False)

    op.create_table('debrief_question',
    sa.Column('award_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('asked_at', UTCDateTime(), nullable=False),
    sa.Column('asked_by', sa.String(length=200), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', UTCDateTime(), nullable=True),
    sa.Column('answered_by', sa.String(length=200), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_debrief_question_award_id_award')),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_debrief_question_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_debrief_question'))
    )
    with op.batch_alter_table('debrief_question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_debrief_question_award_id'), ['award_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_debrief_question_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('disqualification',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('cell_id', sa.String(length=20), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('hearing_until_on', sa.Date(), nullable=False),
    sa.Column('started_by', sa.String(length=20), nullable=False),
    sa.Column('started_name', sa.String(length=200), nullable=False),
    sa.Column('started_at', UTCDateTime(), nullable=False),
    sa.Column('statement', sa.Text(), nullable=False),
    sa.Column('statement_name', sa.String(length=200), nullable=False),
    sa.Column('statement_at', UTCDateTime(), nullable=True),
    sa.Column('outcome', sa.String(length=14), nullable=False),
    sa.Column('decided_name', sa.String(length=200), nullable=False),
    sa.Column('decided_at', UTCDateTime(), nullable=True),
    sa.Column('decision_reason', sa.Text(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['cell_id'], ['qualification.id'], name=op.f('fk_disqualification_cell_id_qualification')),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_disqualification_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disqualification')),
    sa.UniqueConstraint('cell_id', name=op.f('uq_disqualification_cell_id'))
    )
    with op.batch_alter_table('disqualification', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_disqualification_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_disqualification_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('event_key',
    sa.Column('event_id', sa.String(length=20), nullable=False),
    sa.Column('envelope', sa.String(length=10), nullable=False),
    sa.Column('public', sa.LargeBinary(), nullable=False),
    sa.Column('wrapped', sa.LargeBinary(), nullable=True),
    sa.Column('manifest', sa.LargeBinary(), nullable=True),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['rfx_event.id'], name=op.f('fk_event_key_event_id_rfx_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_key')),
    sa.UniqueConstraint('event_id', 'envelope', name=op.f('uq_event_key_event_id_envelope'))
    )
    op.create_table('event_opener',
    sa.Column('event_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('public', sa.LargeBinary(), nullable=False),
    sa.Column('threshold', sa.Integer(), nullable=False),
    sa.Column('box', sa.LargeBinary(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('rehearsed_at', UTCDateTime(), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['rfx_event.id'], name=op.f('fk_event_opener_event_id_rfx_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_opener')),
    sa.UniqueConstraint('event_id', 'user_id', name=op.f('uq_event_opener_event_id_user_id'))
    )
    with op.batch_alter_table('event_opener', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_opener_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_event_opener_user_id'), ['user_id'], unique=False)

    op.create_table('exposure',
    sa.Column('event_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('what', sa.String(length=12), nullable=False),
    sa.Column('first_at', UTCDateTime(), nullable=False),
    sa.Column('last_at', UTCDateTime(), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['rfx_event.id'], name=op.f('fk_exposure_event_id_rfx_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exposure')),
    sa.UniqueConstraint('event_id', 'user_id', 'what', name=op.f('uq_exposure_event_id_user_id_what'))
    )
    op.create_table('interaction',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('customer_id', sa.String(length=20), nullable=False),
    sa.Column('opportunity_id', sa.String(length=20), nullable=True),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('by_id', sa.String(length=20), nullable=False),
    sa.Column('by_name', sa.String(length=200), nullable=False),
    sa.Column('project_id', sa.String(length=20), nullable=True),
    sa.Column('supplier_id', sa.String(length=20), nullable=True),
    sa.Column('resolution', sa.Text(), nullable=False),
    sa.Column('resolved_at', UTCDateTime(), nullable=True),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_interaction_customer_id_customer')),
    sa.ForeignKeyConstraint(['opportunity_id'], ['opportunity.id'], name=op.f('fk_interaction_opportunity_id_opportunity')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interaction'))
    )
    with op.batch_alter_table('interaction', schema=None) as batch_op:
        batch_op.create_index('ix_interaction_customer_at', ['customer_id', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_interaction_opportunity_id'), ['opportunity_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_interaction_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_interaction_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('invitation',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('event_id', sa.String(length=20), nullable=False),
    sa.Column('project_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('contact_id', sa.String(length=20), nullable=False),
    sa.Column('contact_name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=True),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('terms_sha256', sa.String(length=64), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('sent_at', UTCDateTime(), nullable=True),
    sa.Column('seen_at', UTCDateTime(), nullable=True),
    sa.Column('answered_at', UTCDateTime(), nullable=True),
    sa.Column('answered_name', sa.String(length=200), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['rfx_event.id'], name=op.f('fk_invitation_event_id_rfx_event')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_invitation_project_id_project')),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_invitation_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('event_id', 'supplier_id', name=op.f('uq_invitation_event_id_supplier_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_invitation_token_hash'))
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_category'), ['category'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitation_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitation_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitation_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitation_supplier_id'), ['supplier_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitation_user_id'), ['user_id'], unique=False)

    op.create_table('line',
    sa.Column('project_id', sa.String(length=20), nullable=False),
    sa.Column('lot_id', sa.String(length=20), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('quantity', QuantityType(), nullable=False),
    sa.Column('unit', sa.String(length=8), nullable=False),
    sa.Column('target_price', MoneyType(), nullable=True),
    sa.Column('baseline_price', MoneyType(), nullable=True),
    sa.Column('needed_on', sa.Date(), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_line_lot_id_lot')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_line_project_id_project')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_line')),
    sa.UniqueConstraint('project_id', 'number', name=op.f('uq_line_project_id_number'))
    )
    with op.batch_alter_table('line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_line_lot_id'), ['lot_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_line_project_id'), ['project_id'], unique=False)

    op.create_table('list_entry',
    sa.Column('event_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('basis', sa.String(length=12), nullable=False),
    sa.Column('waiver_id', sa.String(length=20), nullable=True),
    sa.Column('late_reason', sa.Text(), nullable=False),
    sa.Column('added_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['rfx_event.id'], name=op.f('fk_list_entry_event_id_rfx_event')),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_list_entry_supplier_id_supplier')),
    sa.ForeignKeyConstraint(['waiver_id'], ['waiver.id'], name=op.f('fk_list_entry_waiver_id_waiver')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_list_entry')),
    sa.UniqueConstraint('event_id', 'supplier_id', name=op.f('uq_list_entry_event_id_supplier_id'))
    )
    with op.batch_alter_table('list_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_list_entry_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_list_entry_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('mark',
    sa.Column('evaluator_id', sa.String(length=20), nullable=False),
    sa.Column('criterion_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('points', QuantityType(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['criterion_id'], ['criterion.id'], name=op.f('fk_mark_criterion_id_criterion')),
    sa.ForeignKeyConstraint(['evaluator_id'], ['evaluator.id'], name=op.f('fk_mark_evaluator_id_evaluator')),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_mark_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mark')),
    sa.UniqueConstraint('evaluator_id', 'criterion_id', 'supplier_id', name=op.f('uq_mark_evaluator_id_criterion_id_supplier_id'))
    )
    with op.batch_alter_table('mark', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mark_criterion_id'), ['criterion_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_mark_evaluator_id'), ['evaluator_id'], unique=False)

    op.create_table('negotiation_move',
    sa.Column('negotiation_id', sa.String(length=20), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('lot_id', sa.String(length=20), nullable=True),
    sa.Column('point_id', sa.String(length=20), nullable=True),
    sa.Column('side', sa.String(length=8), nullable=False),
    sa.Column('amount', MoneyType(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('by_name', sa.String(length=200), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_negotiation_move_lot_id_lot')),
    sa.ForeignKeyConstraint(['negotiation_id'], ['negotiation.id'], name=op.f('fk_negotiation_move_negotiation_id_negotiation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_negotiation_move'))
    )
    with op.batch_alter_table('negotiation_move', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_negotiation_move_negotiation_id'), ['negotiation_id'], unique=False)

    op.create_table('offer',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('event_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('technical', sa.LargeBinary(), nullable=True),
    sa.Column('parts', sa.JSON(), nullable=True),
    sa.Column('own_copy', sa.LargeBinary(), nullable=True),
    sa.Column('commitment', sa.String(length=64), nullable=False),
    sa.Column('amendment', sa.Integer(), nullable=False),
    sa.Column('submitted_at', UTCDateTime(), nullable=False),
    sa.Column('submitted_by', sa.String(length=20), nullable=False),
    sa.Column('withdrawn_at', UTCDateTime(), nullable=True),
    sa.Column('receipt', sa.Text(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['rfx_event.id'], name=op.f('fk_offer_event_id_rfx_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offer')),
    sa.UniqueConstraint('event_id', 'supplier_id', 'version', name=op.f('uq_offer_event_id_supplier_id_version'))
    )
    with op.batch_alter_table('offer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_offer_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_offer_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_offer_supplier_id'), ['supplier_id'], unique=False)
        batch_op.create_index('uq_offer_current', ['event_id', 'supplier_id'], unique=True, sqlite_where=sa.text("state = 'submitted'"), postgresql_where=sa.text("state = 'submitted'"))

    op.create_table('offer_draft',
    sa.Column('event_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('wrapped', sa.LargeBinary(), nullable=False),
    sa.Column('saved_at', UTCDateTime(), nullable=False),
    sa.Column('saved_by', sa.String(length=20), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['rfx_event.id'], name=op.f('fk_offer_draft_event_id_rfx_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offer_draft')),
    sa.UniqueConstraint('event_id', 'supplier_id', name=op.f('uq_offer_draft_event_id_supplier_id'))
    )
    with op.batch_alter_table('offer_draft', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_offer_draft_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('offer_file',
    sa.Column('event_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('stored_name', sa.String(length=60), nullable=False),
    sa.Column('wrapped', sa.LargeBinary(), nullable=False),
    sa.Column('envelope', sa.String(length=10), nullable=False),
    sa.Column('attached_at', UTCDateTime(), nullable=False),
    sa.Column('submitted', sa.Boolean(), nullable=False),
    sa.Column('removed', sa.Boolean(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['rfx_event.id'], name=op.f('fk_offer_file_event_id_rfx_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offer_file'))
    )
    with op.batch_alter_table('offer_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_offer_file_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_offer_file_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('opening',
    sa.Column('event_id', sa.String(length=20), nullable=False),
    sa.Column('envelope', sa.String(length=10), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('by_id', sa.String(length=20), nullable=False),
    sa.Column('by_name', sa.String(length=200), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['rfx_event.id'], name=op.f('fk_opening_event_id_rfx_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opening')),
    sa.UniqueConstraint('event_id', 'envelope', name=op.f('uq_opening_event_id_envelope'))
    )
    op.create_table('opening_share',
    sa.Column('event_id', sa.String(length=20), nullable=False),
    sa.Column('envelope', sa.String(length=10), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('wrapped', sa.LargeBinary(), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['rfx_event.id'], name=op.f('fk_opening_share_event_id_rfx_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opening_share')),
    sa.UniqueConstraint('event_id', 'envelope', 'user_id', name=op.f('uq_opening_share_event_id_envelope_user_id'))
    )
    with op.batch_alter_table('opening_share', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_opening_share_event_id'), ['event_id'], unique=False)

    op.create_table('opportunity_line',
    sa.Column('opportunity_id', sa.String(length=20), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('quantity', QuantityType(), nullable=False),
    sa.Column('unit', sa.String(length=8), nullable=False),
    sa.Column('price', MoneyType(), nullable=True),
    sa.Column('needed_on', sa.Date(), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['opportunity_id'], ['opportunity.id'], name=op.f('fk_opportunity_line_opportunity_id_opportunity')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opportunity_line')),
    sa.UniqueConstraint('opportunity_id', 'number', name=op.f('uq_opportunity_line_opportunity_id_number'))
    )
    with op.batch_alter_table('opportunity_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_opportunity_line_opportunity_id'), ['opportunity_id'], unique=False)

    op.create_table('opportunity_move',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('opportunity_id', sa.String(length=20), nullable=False),
    sa.Column('stage', sa.String(length=12), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['opportunity_id'], ['opportunity.id'], name=op.f('fk_opportunity_move_opportunity_id_opportunity')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opportunity_move'))
    )
    with op.batch_alter_table('opportunity_move', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_opportunity_move_opportunity_id'), ['opportunity_id'], unique=False)
        batch_op.create_index('ix_opportunity_move_organisation_at', ['organisation_id', 'at'], unique=False)

    op.create_table('plan_task',
    sa.Column('plan_id', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('side', sa.String(length=10), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('done_at', UTCDateTime(), nullable=True),
    sa.Column('done_name', sa.String(length=200), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['plan_id'], ['improvement_plan.id'], name=op.f('fk_plan_task_plan_id_improvement_plan')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_task'))
    )
    with op.batch_alter_table('plan_task', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_task_plan_id'), ['plan_id'], unique=False)

    op.create_table('recommendation',
    sa.Column('project_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('run_id', sa.String(length=20), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('by_id', sa.String(length=20), nullable=False),
    sa.Column('by_name', sa.String(length=200), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_recommendation_project_id_project')),
    sa.ForeignKeyConstraint(['run_id'], ['score_run.id'], name=op.f('fk_recommendation_run_id_score_run')),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_recommendation_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recommendation'))
    )
    with op.batch_alter_table('recommendation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recommendation_project_id'), ['project_id'], unique=False)

    op.create_table('rfi_answer',
    sa.Column('event_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('answered_by', sa.String(length=20), nullable=False),
    sa.Column('answered_name', sa.String(length=200), nullable=False),
    sa.Column('answered_at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['rfx_event.id'], name=op.f('fk_rfi_answer_event_id_rfx_event')),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_rfi_answer_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rfi_answer')),
    sa.UniqueConstraint('event_id', 'supplier_id', name=op.f('uq_rfi_answer_event_id_supplier_id'))
    )
    with op.batch_alter_table('rfi_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rfi_answer_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rfi_answer_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('score_lock',
    sa.Column('event_id', sa.String(length=20), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('by_name', sa.String(length=200), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['rfx_event.id'], name=op.f('fk_score_lock_event_id_rfx_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_score_lock')),
    sa.UniqueConstraint('event_id', name=op.f('uq_score_lock_event_id'))
    )
    op.create_table('approval_step',
    sa.Column('contract_id', sa.String(length=20), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('stage', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=80), nullable=False),
    sa.Column('needed', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('escalated', sa.Boolean(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('asked_at', UTCDateTime(), nullable=True),
    sa.Column('reminded_at', UTCDateTime(), nullable=True),
    sa.Column('decided_by', sa.String(length=20), nullable=True),
    sa.Column('decided_by_name', sa.String(length=200), nullable=False),
    sa.Column('decided_at', UTCDateTime(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_approval_step_contract_id_contract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_step')),
    sa.UniqueConstraint('contract_id', 'round', 'position', name=op.f('uq_approval_step_contract_id_round_position'))
    )
    with op.batch_alter_table('approval_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_approval_step_contract_id'), ['contract_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_approval_step_state'), ['state'], unique=False)

    op.create_table('clause_comment',
    sa.Column('contract_id', sa.String(length=20), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('version_number', sa.Integer(), nullable=False),
    sa.Column('side', sa.String(length=8), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('author_id', sa.String(length=20), nullable=False),
    sa.Column('author_name', sa.String(length=200), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_clause_comment_contract_id_contract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clause_comment'))
    )
    with op.batch_alter_table('clause_comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_clause_comment_contract_id'), ['contract_id'], unique=False)

    op.create_table('clause_proposal',
    sa.Column('contract_id', sa.String(length=20), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('base_number', sa.Integer(), nullable=False),
    sa.Column('base_text', sa.Text(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('side', sa.String(length=8), nullable=False),
    sa.Column('source', sa.String(length=8), nullable=False),
    sa.Column('answers', sa.String(length=20), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('author_id', sa.String(length=20), nullable=False),
    sa.Column('author_name', sa.String(length=200), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('decided_by', sa.String(length=20), nullable=True),
    sa.Column('decided_by_name', sa.String(length=200), nullable=False),
    sa.Column('decided_at', UTCDateTime(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_clause_proposal_contract_id_contract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clause_proposal'))
    )
    with op.batch_alter_table('clause_proposal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_clause_proposal_contract_id'), ['contract_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_clause_proposal_state'), ['state'], unique=False)

    op.create_table('contract_signature',
    sa.Column('contract_id', sa.String(length=20), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('version_number', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('side', sa.String(length=8), nullable=False),
    sa.Column('method', sa.String(length=12), nullable=False),
    sa.Column('signer_id', sa.String(length=20), nullable=False),
    sa.Column('signer_name', sa.String(length=200), nullable=False),
    sa.Column('certificate', sa.String(length=300), nullable=False),
    sa.Column('file_id', sa.String(length=20), nullable=False),
    sa.Column('file_sha256', sa.String(length=64), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('voided_at', UTCDateTime(), nullable=True),
    sa.Column('void_reason', sa.Text(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_contract_signature_contract_id_contract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contract_signature')),
    sa.UniqueConstraint('contract_id', 'number', name=op.f('uq_contract_signature_contract_id_number'))
    )
    with op.batch_alter_table('contract_signature', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contract_signature_contract_id'), ['contract_id'], unique=False)

    op.create_table('contract_spend',
    sa.Column('organisation_id', sa.String(length=20), nullable=False),
    sa.Column('contract_id', sa.String(length=20), nullable=False),
    sa.Column('number', sa.String(length=80), nullable=False),
    sa.Column('booked_on', sa.Date(), nullable=False),
    sa.Column('amount', MoneyType(), nullable=False),
    sa.Column('text', sa.String(length=300), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_contract_spend_contract_id_contract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contract_spend')),
    sa.UniqueConstraint('contract_id', 'number', name=op.f('uq_contract_spend_contract_id_number'))
    )
    with op.batch_alter_table('contract_spend', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contract_spend_contract_id'), ['contract_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contract_spend_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('contract_version',
    sa.Column('contract_id', sa.String(length=20), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('clauses', sa.JSON(), nullable=False),
    sa.Column('prices', sa.JSON(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('author_id', sa.String(length=20), nullable=False),
    sa.Column('author_name', sa.String(length=200), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_contract_version_contract_id_contract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contract_version')),
    sa.UniqueConstraint('contract_id', 'number', name=op.f('uq_contract_version_contract_id_number'))
    )
    with op.batch_alter_table('contract_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contract_version_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contract_version_contract_id'), ['contract_id'], unique=False)

    op.create_table('contract_word',
    sa.Column('word', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('contract_id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_contract_word_contract_id_contract')),
    sa.PrimaryKeyConstraint('word', 'contract_id', name=op.f('pk_contract_word'))
    )
    with op.batch_alter_table('contract_word', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contract_word_contract_id'), ['contract_id'], unique=False)

    op.create_table('obligation',
    sa.Column('contract_id', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('party', sa.String(length=8), nullable=False),
    sa.Column('owner_id', sa.String(length=20), nullable=True),
    sa.Column('owner_name', sa.String(length=200), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_obligation_contract_id_contract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_obligation'))
    )
    with op.batch_alter_table('obligation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_obligation_contract_id'), ['contract_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_obligation_due_on'), ['due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_obligation_owner_id'), ['owner_id'], unique=False)

    op.create_table('opened_offer',
    sa.Column('event_id', sa.String(length=20), nullable=False),
    sa.Column('supplier_id', sa.String(length=20), nullable=False),
    sa.Column('offer_id', sa.String(length=20), nullable=True),
    sa.Column('supplier_name', sa.String(length=300), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('record', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('problem', sa.String(length=60), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('total', MoneyType(), nullable=True),
    sa.Column('lead_days', sa.Integer(), nullable=True),
    sa.Column('payment_days', sa.Integer(), nullable=True),
    sa.Column('validity_on', sa.Date(), nullable=True),
    sa.Column('delivery', sa.Text(), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('rulings', sa.JSON(), nullable=False),
    sa.Column('technical', sa.JSON(), nullable=True),
    sa.Column('offered', sa.JSON(), nullable=True),
    sa.Column('submitted_at', UTCDateTime(), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['rfx_event.id'], name=op.f('fk_opened_offer_event_id_rfx_event')),
    sa.ForeignKeyConstraint(['offer_id'], ['offer.id'], name=op.f('fk_opened_offer_offer_id_offer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opened_offer')),
    sa.UniqueConstraint('event_id', 'supplier_id', name=op.f('uq_opened_offer_event_id_supplier_id'))
    )
    with op.batch_alter_table('opened_offer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_opened_offer_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_opened_offer_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('price_adjustment',
    sa.Column('contract_id', sa.String(length=20), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('index_value', MoneyType(), nullable=False),
    sa.Column('factor', MoneyType(), nullable=False),
    sa.Column('prices', sa.JSON(), nullable=False),
    sa.Column('by_name', sa.String(length=200), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_price_adjustment_contract_id_contract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_price_adjustment')),
    sa.UniqueConstraint('contract_id', 'effective_on', name=op.f('uq_price_adjustment_contract_id_effective_on'))
    )
    with op.batch_alter_table('price_adjustment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_price_adjustment_contract_id'), ['contract_id'], unique=False)

    op.create_table('approval_decision',
    sa.Column('step_id', sa.String(length=20), nullable=False),
    sa.Column('contract_id', sa.String(length=20), nullable=False),
    sa.Column('decided_by', sa.String(length=20), nullable=False),
    sa.Column('decided_by_name', sa.String(length=200), nullable=False),
    sa.Column('on_behalf_of', sa.String(length=20), nullable=True),
    sa.Column('on_behalf_name', sa.String(length=200), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', UTCDateTime(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_approval_decision_contract_id_contract')),
    sa.ForeignKeyConstraint(['step_id'], ['approval_step.id'], name=op.f('fk_approval_decision_step_id_approval_step')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_decision')),
    sa.UniqueConstraint('step_id', 'decided_by', name=op.f('uq_approval_decision_step_id_decided_by'))
    )
    with op.batch_alter_table('approval_decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_approval_decision_contract_id'), ['contract_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_approval_decision_decided_by'), ['decided_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_approval_decision_on_behalf_of'), ['on_behalf_of'], unique=False)
        batch_op.create_index(batch_op.f('ix_approval_decision_step_id'), ['step_id'], unique=False)

    op.create_table('approval_seat',
    sa.Column('step_id', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['step_id'], ['approval_step.id'], name=op.f('fk_approval_seat_step_id_approval_step')),
    sa.PrimaryKeyConstraint('step_id', 'user_id', name=op.f('pk_approval_seat'))
    )
    with op.batch_alter_table('approval_seat', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_approval_seat_user_id'), ['user_id'], unique=False)

    op.create_table('opened_file',
    sa.Column('opened_offer_id', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('stored_name', sa.String(length=60), nullable=False),
    sa.Column('wrapped', sa.LargeBinary(), nullable=False),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['opened_offer_id'], ['opened_offer.id'], name=op.f('fk_opened_file_opened_offer_id_opened_offer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opened_file'))
    )
    with op.batch_alter_table('opened_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_opened_file_opened_offer_id'), ['opened_offer_id'], unique=False)

    op.create_table('opened_line',
    sa.Column('opened_offer_id', sa.String(length=20), nullable=False),
    sa.Column('line_id', sa.String(length=20), nullable=False),
    sa.Column('unit_price', MoneyType(), nullable=True),
    sa.Column('total', MoneyType(), nullable=True),
    sa.Column('lead_days', sa.Integer(), nullable=True),
    sa.Column('deviation', sa.Text(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('more', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['opened_offer_id'], ['opened_offer.id'], name=op.f('fk_opened_line_opened_offer_id_opened_offer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opened_line')),
    sa.UniqueConstraint('opened_offer_id', 'line_id', name=op.f('uq_opened_line_opened_offer_id_line_id'))
    )
    append_only("audit_entry")
    append_only("log_leaf")
    append_only("log_node")
    append_only("log_checkpoint")


def append_only(table: str) -> None:
    """Rows of this table are added, never changed or removed. The chain proves it; this keeps accidents out."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )


def downgrade() -> None:
    op.drop_table('opened_line')
    with op.batch_alter_table('opened_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_opened_file_opened_offer_id'))

    op.drop_table('opened_file')
    with op.batch_alter_table('approval_seat', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_approval_seat_user_id'))

    op.drop_table('approval_seat')
    with op.batch_alter_table('approval_decision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_approval_decision_step_id'))
        batch_op.drop_index(batch_op.f('ix_approval_decision_on_behalf_of'))
        batch_op.drop_index(batch_op.f('ix_approval_decision_decided_by'))
        batch_op.drop_index(batch_op.f('ix_approval_decision_contract_id'))

    op.drop_table('approval_decision')
    with op.batch_alter_table('price_adjustment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_price_adjustment_contract_id'))

    op.drop_table('price_adjustment')
    with op.batch_alter_table('opened_offer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_opened_offer_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_opened_offer_event_id'))

    op.drop_table('opened_offer')
    with op.batch_alter_table('obligation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_obligation_owner_id'))
        batch_op.drop_index(batch_op.f('ix_obligation_due_on'))
        batch_op.drop_index(batch_op.f('ix_obligation_contract_id'))

    op.drop_table('obligation')
    with op.batch_alter_table('contract_word', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contract_word_contract_id'))

    op.drop_table('contract_word')
    with op.batch_alter_table('contract_version', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contract_version_contract_id'))
        batch_op.drop_index(batch_op.f('ix_contract_version_author_id'))

    op.drop_table('contract_version')
    with op.batch_alter_table('contract_spend', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contract_spend_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_contract_spend_contract_id'))

    op.drop_table('contract_spend')
    with op.batch_alter_table('contract_signature', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contract_signature_contract_id'))

    op.drop_table('contract_signature')
    with op.batch_alter_table('clause_proposal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_clause_proposal_state'))
        batch_op.drop_index(batch_op.f('ix_clause_proposal_contract_id'))

    op.drop_table('clause_proposal')
    with op.batch_alter_table('clause_comment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_clause_comment_contract_id'))

    op.drop_table('clause_comment')
    with op.batch_alter_table('approval_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_approval_step_state'))
        batch_op.drop_index(batch_op.f('ix_approval_step_contract_id'))

    op.drop_table('approval_step')
    op.drop_table('score_lock')
    with op.batch_alter_table('rfi_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_rfi_answer_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_rfi_answer_event_id'))

    op.drop_table('rfi_answer')
    with op.batch_alter_table('recommendation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recommendation_project_id'))

    op.drop_table('recommendation')
    with op.batch_alter_table('plan_task', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_task_plan_id'))

    op.drop_table('plan_task')
    with op.batch_alter_table('opportunity_move', schema=None) as batch_op:
        batch_op.drop_index('ix_opportunity_move_organisation_at')
        batch_op.drop_index(batch_op.f('ix_opportunity_move_opportunity_id'))

    op.drop_table('opportunity_move')
    with op.batch_alter_table('opportunity_line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_opportunity_line_opportunity_id'))

    op.drop_table('opportunity_line')
    with op.batch_alter_table('opening_share', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_opening_share_event_id'))

    op.drop_table('opening_share')
    op.drop_table('opening')
    with op.batch_alter_table('offer_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_offer_file_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_offer_file_event_id'))

    op.drop_table('offer_file')
    with op.batch_alter_table('offer_draft', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_offer_draft_supplier_id'))

    op.drop_table('offer_draft')
    with op.batch_alter_table('offer', schema=None) as batch_op:
        batch_op.drop_index('uq_offer_current', sqlite_where=sa.text("state = 'submitted'"), postgresql_where=sa.text("state = 'submitted'"))
        batch_op.drop_index(batch_op.f('ix_offer_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_offer_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_offer_event_id'))

    op.drop_table('offer')
    with op.batch_alter_table('negotiation_move', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_negotiation_move_negotiation_id'))

    op.drop_table('negotiation_move')
    with op.batch_alter_table('mark', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_mark_evaluator_id'))
        batch_op.drop_index(batch_op.f('ix_mark_criterion_id'))

    op.drop_table('mark')
    with op.batch_alter_table('list_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_list_entry_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_list_entry_event_id'))

    op.drop_table('list_entry')
    with op.batch_alter_table('line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_line_project_id'))
        batch_op.drop_index(batch_op.f('ix_line_lot_id'))

    op.drop_table('line')
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitation_user_id'))
        batch_op.drop_index(batch_op.f('ix_invitation_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_invitation_project_id'))
        batch_op.drop_index(batch_op.f('ix_invitation_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_invitation_event_id'))
        batch_op.drop_index(batch_op.f('ix_invitation_category'))

    op.drop_table('invitation')
    with op.batch_alter_table('interaction', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_interaction_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_interaction_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_interaction_opportunity_id'))
        batch_op.drop_index('ix_interaction_customer_at')

    op.drop_table('interaction')
    op.drop_table('exposure')
    with op.batch_alter_table('event_opener', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_event_opener_user_id'))
        batch_op.drop_index(batch_op.f('ix_event_opener_event_id'))

    op.drop_table('event_opener')
    op.drop_table('event_key')
    with op.batch_alter_table('disqualification', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_disqualification_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_disqualification_organisation_id'))

    op.drop_table('disqualification')
    with op.batch_alter_table('debrief_question', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_debrief_question_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_debrief_question_award_id'))

    op.drop_table('debrief_question')
    with op.batch_alter_table('customer_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_customer_link_opportunity_id'))
        batch_op.drop_index(batch_op.f('ix_customer_link_customer_id'))

    op.drop_table('customer_link')
    with op.batch_alter_table('crm_task', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_crm_task_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_crm_task_opportunity_id'))
        batch_op.drop_index(batch_op.f('ix_crm_task_customer_id'))
        batch_op.drop_index('ix_crm_task_assignee')

    op.drop_table('crm_task')
    with op.batch_alter_table('contract', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contract_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_contract_state'))
        batch_op.drop_index(batch_op.f('ix_contract_project_id'))
        batch_op.drop_index(batch_op.f('ix_contract_parent_id'))
        batch_op.drop_index(batch_op.f('ix_contract_owner_id'))
        batch_op.drop_index('ix_contract_organisation_id_ends_on')
        batch_op.drop_index(batch_op.f('ix_contract_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_contract_notice_on'))
        batch_op.drop_index(batch_op.f('ix_contract_ends_on'))
        batch_op.drop_index(batch_op.f('ix_contract_award_id'))

    op.drop_table('contract')
    with op.batch_alter_table('consensus', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_consensus_criterion_id'))

    op.drop_table('consensus')
    with op.batch_alter_table('clarification', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_clarification_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_clarification_event_id'))

    op.drop_table('clarification')
    with op.batch_alter_table('award_line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_award_line_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_award_line_award_id'))

    op.drop_table('award_line')
    with op.batch_alter_table('award_letter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_award_letter_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_award_letter_award_id'))

    op.drop_table('award_letter')
    with op.batch_alter_table('auction_participant', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_auction_participant_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_auction_participant_auction_id'))

    op.drop_table('auction_participant')
    with op.batch_alter_table('auction_message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_auction_message_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_auction_message_auction_id'))

    op.drop_table('auction_message')
    with op.batch_alter_table('auction_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_auction_entry_auction_id'))

    op.drop_table('auction_entry')
    with op.batch_alter_table('amendment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_amendment_event_id'))

    op.drop_table('amendment')
    with op.batch_alter_table('weights_found', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_weights_found_project_id'))

    op.drop_table('weights_found')
    with op.batch_alter_table('waiver', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_waiver_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_waiver_state'))
        batch_op.drop_index(batch_op.f('ix_waiver_project_id'))
        batch_op.drop_index(batch_op.f('ix_waiver_organisation_id'))

    op.drop_table('waiver')
    with op.batch_alter_table('supplier_survey', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_supplier_survey_user_id'))
        batch_op.drop_index(batch_op.f('ix_supplier_survey_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_supplier_survey_organisation_id'))

    op.drop_table('supplier_survey')
    with op.batch_alter_table('supplier_region', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_supplier_region_supplier_id'))

    op.drop_table('supplier_region')
    with op.batch_alter_table('supplier_delivery', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_supplier_delivery_supplier_id'))
        batch_op.drop_index('ix_supplier_delivery_due')

    op.drop_table('supplier_delivery')
    with op.batch_alter_table('supplier_contact', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_supplier_contact_user_id'))
        batch_op.drop_index(batch_op.f('ix_supplier_contact_supplier_id'))

    op.drop_table('supplier_contact')
    with op.batch_alter_table('supplier_certificate', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_supplier_certificate_valid_until_on'))
        batch_op.drop_index(batch_op.f('ix_supplier_certificate_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_supplier_certificate_organisation_id'))

    op.drop_table('supplier_certificate')
    with op.batch_alter_table('supplier_category', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_supplier_category_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_supplier_category_code'))

    op.drop_table('supplier_category')
    with op.batch_alter_table('supplier_bank_account', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_supplier_bank_account_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_supplier_bank_account_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_supplier_bank_account_iban_masked'))

    op.drop_table('supplier_bank_account')
    with op.batch_alter_table('stage_move', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stage_move_project_id'))

    op.drop_table('stage_move')
    op.drop_table('sign_in_state')
    with op.batch_alter_table('shared_message', schema=None) as batch_op:
        batch_op.drop_index('ix_shared_message_thread')
        batch_op.drop_index(batch_op.f('ix_shared_message_organisation_id'))

    op.drop_table('shared_message')
    with op.batch_alter_table('shared_meeting', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_shared_meeting_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_shared_meeting_organisation_id'))

    op.drop_table('shared_meeting')
    with op.batch_alter_table('score_run', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_score_run_project_id'))

    op.drop_table('score_run')
    with op.batch_alter_table('satisfaction', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_satisfaction_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_satisfaction_customer_id'))

    op.drop_table('satisfaction')
    with op.batch_alter_table('sales_quote', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sales_quote_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_sales_quote_customer_id'))

    op.drop_table('sales_quote')
    with op.batch_alter_table('sales_order', schema=None) as batch_op:
        batch_op.drop_index('ix_sales_order_organisation_on')
        batch_op.drop_index(batch_op.f('ix_sales_order_organisation_id'))
        batch_op.drop_index('ix_sales_order_customer_on')

    op.drop_table('sales_order')
    with op.batch_alter_table('sale_contract', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sale_contract_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_sale_contract_customer_id'))

    op.drop_table('sale_contract')
    with op.batch_alter_table('risk_flag', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_risk_flag_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_risk_flag_organisation_id'))

    op.drop_table('risk_flag')
    with op.batch_alter_table('rfx_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_rfx_event_state'))
        batch_op.drop_index(batch_op.f('ix_rfx_event_project_id'))
        batch_op.drop_index(batch_op.f('ix_rfx_event_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_rfx_event_deadline_at'))

    op.drop_table('rfx_event')
    with op.batch_alter_table('recovery_code', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recovery_code_user_id'))

    op.drop_table('recovery_code')
    with op.batch_alter_table('questionnaire_answer', schema=None) as batch_op:
        batch_op.drop_index('ix_questionnaire_answer_subject')
        batch_op.drop_index(batch_op.f('ix_questionnaire_answer_questionnaire_id'))
        batch_op.drop_index(batch_op.f('ix_questionnaire_answer_organisation_id'))

    op.drop_table('questionnaire_answer')
    with op.batch_alter_table('qualification', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_qualification_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_qualification_organisation_id'))
        batch_op.drop_index('ix_qualification_category')

    op.drop_table('qualification')
    with op.batch_alter_table('performance', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_performance_supplier_id'))

    op.drop_table('performance')
    with op.batch_alter_table('opportunity', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_opportunity_stage'))
        batch_op.drop_index(batch_op.f('ix_opportunity_owner_id'))
        batch_op.drop_index(batch_op.f('ix_opportunity_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_opportunity_customer_id'))

    op.drop_table('opportunity')
    with op.batch_alter_table('one_time_token', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_one_time_token_user_id'))
        batch_op.drop_index(batch_op.f('ix_one_time_token_hash'))

    op.drop_table('one_time_token')
    with op.batch_alter_table('negotiation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_negotiation_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_negotiation_project_id'))
        batch_op.drop_index(batch_op.f('ix_negotiation_organisation_id'))

    op.drop_table('negotiation')
    with op.batch_alter_table('lot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_lot_project_id'))

    op.drop_table('lot')
    with op.batch_alter_table('improvement_plan', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_improvement_plan_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_improvement_plan_organisation_id'))

    op.drop_table('improvement_plan')
    with op.batch_alter_table('evaluator', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evaluator_user_id'))
        batch_op.drop_index(batch_op.f('ix_evaluator_project_id'))

    op.drop_table('evaluator')
    op.drop_table('evaluation_plan')
    with op.batch_alter_table('customer_contact', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_customer_contact_customer_id'))

    op.drop_table('customer_contact')
    with op.batch_alter_table('criterion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_criterion_project_id'))

    op.drop_table('criterion')
    with op.batch_alter_table('candidate', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_candidate_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_candidate_project_id'))
        batch_op.drop_index(batch_op.f('ix_candidate_organisation_id'))

    op.drop_table('candidate')
    with op.batch_alter_table('award_terms', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_award_terms_organisation_id'))

    op.drop_table('award_terms')
    with op.batch_alter_table('award_scenario', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_award_scenario_project_id'))
        batch_op.drop_index(batch_op.f('ix_award_scenario_organisation_id'))

    op.drop_table('award_scenario')
    with op.batch_alter_table('award_report', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_award_report_project_id'))
        batch_op.drop_index(batch_op.f('ix_award_report_organisation_id'))

    op.drop_table('award_report')
    with op.batch_alter_table('award', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_award_project_id'))
        batch_op.drop_index(batch_op.f('ix_award_organisation_id'))

    op.drop_table('award')
    with op.batch_alter_table('auction', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_auction_state'))
        batch_op.drop_index(batch_op.f('ix_auction_project_id'))
        batch_op.drop_index(batch_op.f('ix_auction_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_auction_opens_at'))
        batch_op.drop_index(batch_op.f('ix_auction_event_id'))

    op.drop_table('auction')
    with op.batch_alter_table('api_token', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_api_token_user_id'))

    op.drop_table('api_token')
    op.drop_table('webhook_receipt')
    with op.batch_alter_table('webhook_delivery', schema=None) as batch_op:
        batch_op.drop_index('ix_webhook_delivery_target_at')

    op.drop_table('webhook_delivery')
    with op.batch_alter_table('user', schema=None) as batch_op:
        batch_op.drop_index('uq_user_email_lower')
        batch_op.drop_index(batch_op.f('ix_user_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_user_organisation_id'))

    op.drop_table('user')
    op.drop_table('supplier_settings')
    with op.batch_alter_table('supplier_registration', schema=None) as batch_op:
        batch_op.drop_index('ix_supplier_registration_state')
        batch_op.drop_index(batch_op.f('ix_supplier_registration_proposed_by'))
        batch_op.drop_index('ix_supplier_registration_email')

    op.drop_table('supplier_registration')
    with op.batch_alter_table('supplier', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_supplier_vat'))
        batch_op.drop_index('ix_supplier_organisation_name')
        batch_op.drop_index(batch_op.f('ix_supplier_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_supplier_name_key'))
        batch_op.drop_index(batch_op.f('ix_supplier_email_domain'))
        batch_op.drop_index(batch_op.f('ix_supplier_country'))

    op.drop_table('supplier')
    with op.batch_alter_table('shared_publication', schema=None) as batch_op:
        batch_op.drop_index('ix_shared_publication_owner')

    op.drop_table('shared_publication')
    with op.batch_alter_table('questionnaire', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_questionnaire_organisation_id'))

    op.drop_table('questionnaire')
    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_project_stage'))
        batch_op.drop_index(batch_op.f('ix_project_source_id'))
        batch_op.drop_index(batch_op.f('ix_project_requester_id'))
        batch_op.drop_index(batch_op.f('ix_project_owner_id'))
        batch_op.drop_index(batch_op.f('ix_project_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_project_opportunity_id'))
        batch_op.drop_index(batch_op.f('ix_project_customer_id'))
        batch_op.drop_index(batch_op.f('ix_project_created_at'))

    op.drop_table('project')
    with op.batch_alter_table('customer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_customer_vat'))
        batch_op.drop_index(batch_op.f('ix_customer_segment'))
        batch_op.drop_index(batch_op.f('ix_customer_owner_id'))
        batch_op.drop_index('ix_customer_organisation_name')
        batch_op.drop_index(batch_op.f('ix_customer_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_customer_name_key'))
        batch_op.drop_index(batch_op.f('ix_customer_email_domain'))
        batch_op.drop_index(batch_op.f('ix_customer_country'))

    op.drop_table('customer')
    with op.batch_alter_table('crm_run', schema=None) as batch_op:
        batch_op.drop_index('ix_crm_run_connection_at')

    op.drop_table('crm_run')
    op.drop_table('crm_link')
    with op.batch_alter_table('webhook_target', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_webhook_target_organisation_id'))

    op.drop_table('webhook_target')
    with op.batch_alter_table('webhook_source', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_webhook_source_organisation_id'))

    op.drop_table('webhook_source')
    with op.batch_alter_table('web_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_web_session_user_id'))
        batch_op.drop_index(batch_op.f('ix_web_session_expires_at'))

    op.drop_table('web_session')
    with op.batch_alter_table('stored_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stored_file_organisation_id'))
        batch_op.drop_index('ix_stored_file_object')

    op.drop_table('stored_file')
    op.drop_table('solver_run')
    op.drop_table('organisation')
    with op.batch_alter_table('opener_key', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_opener_key_user_id'))
        batch_op.drop_index(batch_op.f('ix_opener_key_organisation_id'))

    op.drop_table('opener_key')
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_index('ix_notice_user_read')
        batch_op.drop_index(batch_op.f('ix_notice_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_notice_created_at'))

    op.drop_table('notice')
    with op.batch_alter_table('mail_message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_mail_message_user_id'))
        batch_op.drop_index(batch_op.f('ix_mail_message_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_mail_message_created_at'))
        batch_op.drop_index(batch_op.f('ix_mail_message_about'))

    op.drop_table('mail_message')
    op.drop_table('log_node')
    op.drop_table('log_mark')
    op.drop_table('log_leaf')
    op.drop_table('log_head')
    with op.batch_alter_table('log_checkpoint', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_log_checkpoint_at'))

    op.drop_table('log_checkpoint')
    with op.batch_alter_table('library_text', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_library_text_organisation_id'))

    op.drop_table('library_text')
    with op.batch_alter_table('library_clause', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_library_clause_organisation_id'))

    op.drop_table('library_clause')
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.drop_index('ix_job_due')

    op.drop_table('job')
    with op.batch_alter_table('import_upload', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_import_upload_user_id'))
        batch_op.drop_index(batch_op.f('ix_import_upload_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_import_upload_at'))

    op.drop_table('import_upload')
    op.drop_table('crm_connection')
    with op.batch_alter_table('criteria_template', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_criteria_template_organisation_id'))

    op.drop_table('criteria_template')
    op.drop_table('counter')
    with op.batch_alter_table('contract_template', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contract_template_organisation_id'))

    op.drop_table('contract_template')
    op.drop_table('category_rating')
    with op.batch_alter_table('category', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_category_parent'))

    op.drop_table('category')
    op.drop_table('audit_stream')
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_entry_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_audit_entry_object_id'))
        batch_op.drop_index(batch_op.f('ix_audit_entry_at'))
        batch_op.drop_index(batch_op.f('ix_audit_entry_actor_id'))

    op.drop_table('audit_entry')
    op.drop_table('auction_pulse')
    with op.batch_alter_table('approval_rule', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_approval_rule_organisation_id'))

    op.drop_table('approval_rule')
    with op.batch_alter_table('approval_delegation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_approval_delegation_to_id'))
        batch_op.drop_index(batch_op.f('ix_approval_delegation_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_approval_delegation_from_id'))

    op.drop_table('approval_delegation')
    with op.batch_alter_table('api_call', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_api_call_at'))

    op.drop_table('api_call')
