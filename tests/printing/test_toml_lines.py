from __future__ import annotations

import pytest

from counselroom.printing.toml_lines import line_of, line_of_syntax_error

SOURCE = """# a form
[form]
id = "F-01"
title = "x"

[[item]]
linkId = "a"
text = "A"

[[item]]
linkId = "b"
[item.at]
row = 1
[[item.columns]]
linkId = "c"

[[part]]
id = "p"
"""


@pytest.mark.parametrize(
    ("location", "line"),
    [
        ((), 1),
        (("form",), 2),
        (("form", "id"), 3),
        (("form", "missing"), 2),
        (("item", 0, "text"), 8),
        (("item", 1, "linkId"), 11),
        (("item", 1, "bind"), 10),
        (("item", 1, "at", "row"), 13),
        (("item", 1, "columns", 0, "linkId"), 15),
        (("part", 0, "id"), 18),
        (("signature", 0, "role"), 1),
    ],
)
def test_the_line_of_an_entry(location: tuple[str | int, ...], line: int) -> None:
    assert line_of(SOURCE, location) == line


def test_the_line_of_a_syntax_error() -> None:
    assert line_of_syntax_error("Invalid value (at line 12, column 3)") == 12
    assert line_of_syntax_error("something else") == 1
