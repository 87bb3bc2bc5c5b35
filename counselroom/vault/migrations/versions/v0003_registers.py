"""Registers get their one table, and the lists of a counsellor's open work get their indexes."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the table and the indexes; no existing row is touched."""
    op.execute(
        """
        CREATE TABLE register_row (
            register VARCHAR NOT NULL,
            form_id VARCHAR NOT NULL,
            form_version INTEGER NOT NULL,
            form_hash VARCHAR NOT NULL,
            subject_person VARCHAR,
            org_unit VARCHAR,
            occurred_on DATE NOT NULL,
            owner VARCHAR,
            state VARCHAR(32) NOT NULL,
            data TEXT NOT NULL,
            id VARCHAR NOT NULL,
            created_at TEXT NOT NULL,
            created_by VARCHAR NOT NULL,
            updated_at TEXT NOT NULL,
            updated_by VARCHAR NOT NULL,
            academic_year VARCHAR,
            term VARCHAR,
            secrecy VARCHAR(32) NOT NULL,
            voided_at TEXT,
            voided_by VARCHAR,
            void_reason VARCHAR,
            CONSTRAINT pk_register_row PRIMARY KEY (id),
            CONSTRAINT fk_register_row_subject_person FOREIGN KEY(subject_person) REFERENCES person (id),
            CONSTRAINT fk_register_row_org_unit FOREIGN KEY(org_unit) REFERENCES org_unit (id),
            CONSTRAINT fk_register_row_owner FOREIGN KEY(owner) REFERENCES person (id)
        )
        """
    )
    for index in (
        "ix_register_row_register_occurred ON register_row (register, occurred_on)",
        "ix_register_row_subject_occurred ON register_row (subject_person, occurred_on)",
        "ix_register_row_owner ON register_row (owner)",
        "ix_register_row_org_unit ON register_row (org_unit)",
        "ix_session_record_unsigned ON session_record (counsellor_id) WHERE signed_at IS NULL",
        "ix_case_file_counsellor_status ON case_file (counsellor_id, status)",
        "ix_student_status_number ON student (status, student_no)",
    ):
        op.execute(f"CREATE INDEX {index}")
    op.execute("DROP INDEX ix_case_file_counsellor_id")  # the one of counsellor and status serves
