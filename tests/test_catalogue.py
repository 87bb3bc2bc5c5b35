"""Every sentence of the program has its Chinese one, and the catalogue holds nothing else."""

from __future__ import annotations

import ast
import gettext
import io
import re
import string
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from counselroom import i18n, resources

PACKAGE = Path(i18n.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))
PO_FILE = "resources/locale/zh_CN/LC_MESSAGES/counselroom.po"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "pgettext": ((1, "c"), 2),
    "ngettext": (1, 2),
}
CALLS = {"_": 1, "pgettext": 2, "ngettext": 2}
"""How many of a call's arguments must be literals."""

LATIN_WORDS = {
    "Excel",  # names that stand so on the screen and on the keys
    "Ctrl",
    "Enter",
    "Shift",
    "counselroom",
    "Windows",
    "Linux",
    "xlsx",
    "TOML",
    "exFAT",
    "FAT32",
    "JSON",
    "OneDrive",  # names of services that copy folders
    "iCloud",
    "Dropbox",
    "linkId",  # the words of a form's file, told to whoever edits one
    "school",
    "forms",  # the name of a command
}
"""Words that Chinese teachers know in Latin letters; anything else of four letters or more is left untranslated."""

Key = tuple[str | None, str | tuple[str, ...]]


@cache
def extracted() -> dict[Key, list[str]]:
    """Return every message of the sources with the places it is used at."""
    found: dict[Key, list[str]] = {}
    rows = extract_from_dir(str(PACKAGE), [("**.py", "python")], keywords=KEYWORDS)
    for name, line, message, _comments, context in rows:
        key = (context, tuple(message) if isinstance(message, list | tuple) else message)
        found.setdefault(key, []).append(f"{name}:{line}")
    return found


@cache
def catalogue() -> Catalog:
    return read_po(io.BytesIO(resources.path_of(PO_FILE).read_bytes()), abort_invalid=True)


def messages() -> list[Message]:
    return [message for message in catalogue() if message.id]


def key_of(message: Message) -> Key:
    return message.context, tuple(message.id) if isinstance(message.id, list | tuple) else message.id


def texts(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def placeholders(text: str) -> list[str]:
    """Return the names of the placeholders; a brace that is no placeholder raises ValueError."""
    return [
        f"{name}!{conversion}:{spec}"
        for _, name, spec, conversion in string.Formatter().parse(text)
        if name is not None
    ]


def test_the_sources_are_read() -> None:
    assert (None, "Your role does not allow this.") in extracted()
    assert len(extracted()) > 50


def test_every_sentence_has_its_chinese_one() -> None:
    known = {key_of(message) for message in messages()}
    missing = {key: places for key, places in extracted().items() if key not in known}
    assert missing == {}


def test_the_catalogue_holds_nothing_that_the_program_never_says() -> None:
    left_over = [key_of(message) for message in messages() if key_of(message) not in extracted()]
    assert left_over == []
    assert list(catalogue().obsolete) == []


def test_no_sentence_is_empty_or_fuzzy() -> None:
    assert [message.id for message in messages() if not all(text.strip() for text in texts(message))] == []
    assert [message.id for message in messages() if message.fuzzy] == []
    assert "#, fuzzy" not in resources.read_text(PO_FILE)


def test_no_sentence_stands_twice() -> None:
    """Read from the text: a parser keeps only the last of two."""
    entries = re.findall(
        r'^(?:msgctxt ((?:"[^\n]*"\n)+))?msgid ((?:"[^\n]*"\n)+)', resources.read_text(PO_FILE), flags=re.MULTILINE
    )
    joined = Counter(
        tuple("".join(ast.literal_eval(line) for line in part.splitlines()) for part in entry) for entry in entries
    )
    assert [entry for entry, count in joined.items() if count > 1] == []
    assert len(joined) == len(messages()) + 1  # and the head


def test_both_sides_have_the_same_placeholders() -> None:
    for message in messages():
        wanted = Counter(placeholders(ids(message)[-1]))
        for text in texts(message):
            assert Counter(placeholders(text)) == wanted, message.id


def test_placeholders_have_names() -> None:
    """`{}` and `{0}` cannot be moved in a sentence by someone who translates."""
    for message in messages():
        for text in (*ids(message), *texts(message)):
            assert all(re.match(r"[a-z_]+", name) for name in placeholders(text)), message.id


def test_ids_are_english_and_sentences_are_chinese() -> None:
    han = re.compile(r"[㐀-鿿]")
    for message in messages():
        assert not any(han.search(text) for text in ids(message)), message.id
        for text in texts(message):
            said = re.sub(r"\{[^{}]*\}", "", text)  # {day}，{place} says nothing by itself
            assert han.search(said) or not re.search(r"[A-Za-z]{2,}", said), message.id


def test_sentences_hold_no_word_left_untranslated() -> None:
    strange = {
        (text, word)
        for message in messages()
        for text in texts(message)
        for word in re.findall(r"[A-Za-z][A-Za-z0-9]{3,}", re.sub(r"\{[^{}]*\}|(--|counselroom )[a-z-]+", " ", text))
        if word not in LATIN_WORDS
    }
    assert strange == set()


def test_sentences_end_as_their_ids_end() -> None:
    """A sentence ends with a full stop on both sides, a label on neither."""
    for message in messages():
        stop = ids(message)[-1].endswith((".", "?", "!"))
        for text in texts(message):
            assert text.endswith(("。", "？", "！")) is stop, message.id


def test_no_space_stands_at_an_end_and_no_half_width_stop_in_a_sentence() -> None:
    for message in messages():
        for text in texts(message):
            assert text == text.strip() or not re.search(r"[㐀-鿿]", text), message.id
            assert not re.search(r"[㐀-鿿][,.;:!?](?!\w)", text), f"half-width punctuation: {text}"


def test_the_compiled_catalogue_speaks_with_one_plural() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue())
    compiled.seek(0)
    translations = gettext.GNUTranslations(compiled)
    assert {translations.plural(count) for count in (0, 1, 2, 100)} == {0}  # type: ignore[attr-defined] # set when read
    assert translations.gettext("Your role does not allow this.") == "您的角色不能进行这项操作。"


# ----- how the sources call it -----


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in CALLS:
                yield name, node


def faults(tree: ast.AST) -> list[str]:
    """Return what is wrong with the calls: anything that cannot be found by reading the sources."""
    wrong = []
    for name, call in calls(tree):
        literals = call.args[: CALLS[name]]
        if len(literals) < CALLS[name] or not all(
            isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value.strip()
            for argument in literals
        ):
            wrong.append(f"{ast.unparse(call)} (line {call.lineno})")
    return wrong


def test_the_reader_of_sources_sees_what_it_must_refuse() -> None:
    source = (
        "_(f'{a}')\n_(a)\n_('')\n_('a' + b)\n_('good')\ni18n._(a)\npgettext(a, 'b')\npgettext('a', 'b')\nngettext('a')"
    )
    assert len(faults(ast.parse(source))) == 7


@pytest.mark.parametrize(
    "path",
    [path for path in SOURCES if path.name != "i18n.py"],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_what_is_translated_is_a_literal(path: Path) -> None:
    assert faults(ast.parse(path.read_text(encoding="utf-8"))) == []
