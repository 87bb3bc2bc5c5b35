"""No diagnosis and no label of an illness in anything the program says or prints: a label follows a child for years."""

from __future__ import annotations

import ast
import io
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from counselroom import i18n, resources
from counselroom.printing.forbidden_words import WORDS_FILE, find_forbidden, shipped_words

PACKAGE = Path(i18n.__file__).parent
PO_FILE = "resources/locale/zh_CN/LC_MESSAGES/counselroom.po"
TOML_FILES = [
    *resources.names("forms", ".toml"),
    *(name for name in resources.names("resources", ".toml") if name != WORDS_FILE),
]


def texts(value: object) -> Iterator[str]:
    """Yield every text within a parsed TOML value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def test_the_list_has_what_the_regulations_forbid() -> None:
    words = {entry.word for entry in shipped_words()}
    assert {"诊断", "抑郁症", "焦虑症", "强迫症", "精神病", "精神分裂", "人格障碍", "多动症", "自闭症"} <= words
    assert len(words) == len(shipped_words())


def test_what_is_allowed_is_a_phrase_around_the_word() -> None:
    for entry in shipped_words():
        for phrase in entry.allowed:
            assert entry.word in phrase
            assert len(phrase) > len(entry.word)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("初步诊断：焦虑症", ("诊断", "焦虑症")),
        ("本结果只作辅导参考，不能当作诊断依据。", ()),
        ("建议专业机构进一步诊断", ()),
        ("进一步诊断后诊断为抑郁症", ("诊断", "抑郁症")),
        ("情绪低落、睡眠不好", ()),
    ],
)
def test_the_scan_sees_what_it_must_see(text: str, found: tuple[str, ...]) -> None:
    assert find_forbidden(text) == found


def test_no_sentence_of_the_catalogue_uses_a_forbidden_word() -> None:
    catalogue = read_po(io.BytesIO(resources.path_of(PO_FILE).read_bytes()))
    used = {
        text: find_forbidden(text)
        for message in catalogue
        if message.id
        for text in ((message.string,) if isinstance(message.string, str) else message.string or ())
        if find_forbidden(text)
    }
    assert used == {}


AVOIDED = ("患者", "问题学生", "异常", "危险", "自杀", "确诊", "抱歉", "请稍候", "！", "风险评估")
"""Words of records and official forms, and of machines that shout: nothing the window says by itself (design §6)."""


def test_the_window_is_calm() -> None:
    catalogue = read_po(io.BytesIO(resources.path_of(PO_FILE).read_bytes()))
    said = [
        text
        for message in catalogue
        if message.id and message.context != "paper"
        for text in ((message.string,) if isinstance(message.string, str) else message.string or ())
    ]
    said += [resources.read_text(name) for name in resources.names("resources/help", ".md")]
    quoted = re.compile("“[^“”]*”")  # an item of a form is named as it is printed
    loud = [(text[:40], word) for text in said for word in AVOIDED if word in quoted.sub("", text)]
    assert loud == []


def test_there_are_forms_to_look_at() -> None:
    assert any(name.startswith("forms/") for name in TOML_FILES)
    assert "resources/parameters.toml" in TOML_FILES


@pytest.mark.parametrize("name", TOML_FILES)
def test_no_shipped_text_uses_a_forbidden_word(name: str) -> None:
    used = {text: find_forbidden(text) for text in texts(tomllib.loads(resources.read_text(name)))}
    assert {text: words for text, words in used.items() if words} == {}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_literal_in_our_sources_uses_a_forbidden_word(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    used = [
        (node.lineno, find_forbidden(node.value))
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and find_forbidden(node.value)
    ]
    assert used == []
