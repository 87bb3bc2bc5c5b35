"""Sentences for the user."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from counselroom import i18n, resources
from counselroom.errors import Bug
from counselroom.i18n import _, ngettext, pgettext

CATALOGUE = """
msgid ""
msgstr ""
"Language: zh_CN\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "Open"
msgstr "打开"

msgctxt "state of a door"
msgid "Open"
msgstr "开着"

msgid "{count} room"
msgid_plural "{count} rooms"
msgstr[0] "{count} 间"
"""


@pytest.fixture(autouse=True)
def language_of_before() -> Iterator[None]:
    before = list(i18n._current)
    yield
    i18n._current[:] = before


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Shipped files with a small catalogue of their own."""
    compiled = tmp_path / "resources/locale/zh_CN/LC_MESSAGES/counselroom.mo"
    compiled.parent.mkdir(parents=True)
    (tmp_path / "forms").mkdir()
    with compiled.open("wb") as stream:
        write_mo(stream, read_po(io.BytesIO(CATALOGUE.encode())))
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "counselroom")
    resources._root.cache_clear()
    yield compiled
    resources._root.cache_clear()


def test_chinese_is_spoken_unless_said_otherwise(catalogue: Path) -> None:
    i18n._current.clear()
    assert _("Open") == "打开"
    i18n.use("en")
    assert _("Open") == "Open"
    i18n.use()
    assert _("Open") == "打开"


def test_a_label_is_translated_within_its_page(catalogue: Path) -> None:
    i18n.use("zh_CN")
    assert pgettext("state of a door", "Open") == "开着"
    assert pgettext("another page", "Open") == "Open"


def test_chinese_has_one_plural_and_english_two(catalogue: Path) -> None:
    i18n.use("zh_CN")
    assert [ngettext("{count} room", "{count} rooms", count) for count in (0, 1, 2)] == ["{count} 间"] * 3
    i18n.use("en")
    assert [ngettext("{count} room", "{count} rooms", count) for count in (0, 1, 2)] == [
        "{count} rooms",
        "{count} room",
        "{count} rooms",
    ]
    assert pgettext("state of a door", "Open") == "Open"


def test_the_choice_of_a_language_holds_until_the_next(catalogue: Path) -> None:
    i18n.use("zh_CN")
    catalogue.unlink()
    assert _("Open") == "打开"
    assert len(i18n._current) == 1


def test_an_unknown_language_is_our_mistake_and_changes_nothing(catalogue: Path) -> None:
    i18n.use("zh_CN")
    with pytest.raises(Bug, match=r"\Aunknown language: fr\Z"):
        i18n.use("fr")
    assert _("Open") == "打开"


def test_a_missing_catalogue_is_our_mistake_and_not_an_english_page(catalogue: Path) -> None:
    catalogue.unlink()
    i18n._current.clear()
    with pytest.raises(Bug, match=r"\A(the compiled catalogue of zh_CN|a shipped file) is missing"):
        _("Open")
    shutil.rmtree(catalogue.parent.parent.parent)
    with pytest.raises(Bug, match="a shipped file is missing"):
        i18n.use()


def test_english_needs_no_catalogue(catalogue: Path) -> None:
    catalogue.unlink()
    i18n.use("en")
    assert _("Open") == "Open"


def test_the_shipped_catalogue_is_compiled() -> None:
    """Fails after a checkout without `make setup`, and that is what it is for."""
    i18n.use("zh_CN")
    assert _("Your role does not allow this.") == "您的角色不能进行这项操作。"
    assert i18n.LANGUAGES == ("zh_CN", "en")
