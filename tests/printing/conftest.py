from __future__ import annotations

from datetime import datetime

import pytest

from counselroom.printing.definitions import Form
from counselroom.printing.form_files import load_forms
from counselroom.printing.head import Head
from tests.printing.columns import COLUMNS


@pytest.fixture(scope="session")
def forms() -> dict[str, Form]:
    return load_forms(COLUMNS)


@pytest.fixture
def head() -> Head:
    return Head(
        school="青禾市示例中学心理辅导室",
        number="ZJ-2026-007",
        academic_year="2025–2026",
        term="第二学期",
        printed_by="林示例",
        printed_at=datetime(2026, 3, 12, 14, 30),  # noqa: DTZ001 - shown as local time
        copy_no=1,
        copies=2,
        recipient="示例医院儿童青少年心理门诊",
        purpose="转介就诊",
    )
