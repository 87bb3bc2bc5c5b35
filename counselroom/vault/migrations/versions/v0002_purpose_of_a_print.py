"""A print of the print log has a purpose, and a student's prints are found by an index.

The table is made anew, because SQLite adds a column only behind all others.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Rebuild `print_log` with the column, in the order SQLite's documentation gives for such a change."""
    op.execute(
        """
        CREATE TABLE print_log_0002 (
            id VARCHAR NOT NULL,
            printed_at TEXT NOT NULL,
            printed_by VARCHAR NOT NULL,
            form_id VARCHAR NOT NULL,
            form_hash VARCHAR NOT NULL,
            entity VARCHAR NOT NULL,
            entity_id VARCHAR NOT NULL,
            subject_person VARCHAR,
            secrecy VARCHAR(32) NOT NULL,
            audience VARCHAR NOT NULL,
            recipient VARCHAR,
            purpose VARCHAR,
            copies INTEGER NOT NULL,
            copy_no INTEGER NOT NULL,
            sha256 VARCHAR NOT NULL,
            state VARCHAR(32) NOT NULL,
            CONSTRAINT pk_print_log PRIMARY KEY (id),
            CONSTRAINT fk_print_log_printed_by FOREIGN KEY(printed_by) REFERENCES account (id),
            CONSTRAINT fk_print_log_subject_person FOREIGN KEY(subject_person) REFERENCES person (id)
        )
        """
    )
    columns = (
        "id, printed_at, printed_by, form_id, form_hash, entity, entity_id, subject_person, secrecy, audience, "
        "recipient, copies, copy_no, sha256, state"
    )
    op.execute(f"INSERT INTO print_log_0002 ({columns}) SELECT {columns} FROM print_log")  # noqa: S608 - constants
    op.execute("DROP TABLE print_log")
    op.execute("ALTER TABLE print_log_0002 RENAME TO print_log")
    op.execute("CREATE INDEX ix_print_log_entity ON print_log (entity, entity_id)")
    op.execute("CREATE INDEX ix_print_log_subject_person ON print_log (subject_person)")
