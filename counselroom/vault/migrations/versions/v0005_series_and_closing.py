"""Appointments repeat, cases close, sessions name topics, archives count pages, like names are told apart."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"

_RECORD = """
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
"""


def upgrade() -> None:
    """Create two tables, add columns and indexes; no existing row is touched."""
    op.execute(
        f"""
        CREATE TABLE appointment_series (
            client_id VARCHAR NOT NULL,
            counsellor_id VARCHAR NOT NULL,
            room_id VARCHAR,
            first_on DATE NOT NULL,
            wall_time VARCHAR NOT NULL,
            minutes INTEGER NOT NULL,
            every VARCHAR(32) NOT NULL,
            until DATE,
            times INTEGER,
            {_RECORD}
            CONSTRAINT pk_appointment_series PRIMARY KEY (id),
            CONSTRAINT fk_appointment_series_client_id FOREIGN KEY(client_id) REFERENCES person (id),
            CONSTRAINT fk_appointment_series_counsellor_id FOREIGN KEY(counsellor_id) REFERENCES person (id),
            CONSTRAINT fk_appointment_series_room_id FOREIGN KEY(room_id) REFERENCES room (id)
        )
        """
    )
    op.execute(
        f"""
        CREATE TABLE different_persons (
            first_id VARCHAR NOT NULL,
            second_id VARCHAR NOT NULL,
            {_RECORD}
            CONSTRAINT pk_different_persons PRIMARY KEY (id),
            CONSTRAINT uq_different_persons_first_id_second_id UNIQUE (first_id, second_id),
            CONSTRAINT fk_different_persons_first_id FOREIGN KEY(first_id) REFERENCES person (id),
            CONSTRAINT fk_different_persons_second_id FOREIGN KEY(second_id) REFERENCES person (id)
        )
        """
    )
    for column in (
        "appointment ADD COLUMN series_id VARCHAR",
        "appointment ADD COLUMN series_nth INTEGER",
        "case_file ADD COLUMN closed_on DATE",
        "case_file ADD COLUMN close_reason VARCHAR(32)",
        "case_file ADD COLUMN close_summary VARCHAR",
        "session_record ADD COLUMN topics TEXT DEFAULT '[]' NOT NULL",
        "archive_item ADD COLUMN author VARCHAR",
        "archive_item ADD COLUMN pages INTEGER",
        "archive_item ADD COLUMN carrier VARCHAR(32)",
        "archive_item ADD COLUMN remark VARCHAR",
    ):
        op.execute(f"ALTER TABLE {column}")
    for index in (
        "INDEX ix_appointment_series_client_id ON appointment_series (client_id)",
        "INDEX ix_different_persons_second_id ON different_persons (second_id)",
        "UNIQUE INDEX ix_appointment_series_place ON appointment (series_id, series_nth) WHERE series_id IS NOT NULL",
    ):
        op.execute(f"CREATE {index}")
