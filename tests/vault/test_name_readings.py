"""Readings of names: surnames are read as surnames, and a wrong guess of the library never hides a person."""

from __future__ import annotations

import subprocess
import sys
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselroom import resources
from counselroom.vault.name_readings import initials, matched, plain_reading, readings, sort_key, spell, warm_up

TABLE: dict[str, list[str]] = tomllib.loads(resources.read_text("resources/surnames.toml"))["surnames"]


def spellings(name: str) -> list[str]:
    return [spell(reading) for reading in readings(name)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("张晓明", "zhangxiaoming"),
        ("单雄信", "shanxiongxin"),
        ("仇英", "qiuying"),
        ("解缙", "xiejin"),
        ("曾国藩", "zengguofan"),
        ("查良镛", "zhaliangyong"),
        ("区伟", "ouwei"),
        ("朴成", "piaocheng"),
        ("欧阳修", "ouyangxiu"),
        ("尉迟恭", "yuchigong"),
        ("万俟卨", "moqixie"),
        ("长孙无忌", "zhangsunwuji"),
        ("澹台明", "tantaiming"),
        ("单于一", "chanyuyi"),
        ("吕布", "lvbu"),
    ],
)
def test_the_likely_reading_comes_first(name: str, expected: str) -> None:
    assert spellings(name)[0] == expected


def test_all_readings_of_a_polyphone_are_kept() -> None:
    assert {"shan", "dan", "chan"} <= {reading[0] for reading in readings("单明")}
    assert {"zhongyue", "zhongle"} <= set(spellings("钟乐"))
    assert {"wanqi", "moqi"} <= set(spellings("万俟"))


def test_initials() -> None:
    assert initials(readings("张晓明")[0]) == "zxm"
    assert initials(readings("欧阳修")[0]) == "oyx"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("阿依古丽·买买提", "ayigulimaimaiti"),
        ("John Smith", "johnsmith"),
        ("Ｄａｖｉｄ王", "davidwang"),
        ("王 明", "wangming"),
        ("\U0003106c", "\U0003106c"),
    ],
)
def test_other_names_than_three_characters(name: str, expected: str) -> None:
    assert spellings(name)[0] == expected


def test_a_name_of_many_polyphones_has_a_limit() -> None:
    assert len(readings("单解曾乐行重")) == 32


@pytest.mark.parametrize("name", ["", " ", "·", "——"])
def test_no_name_has_no_reading(name: str) -> None:
    assert readings(name) == []


def test_class_lists_sort_by_the_surname_as_it_is_read() -> None:
    names = ["曾一", "阿明", "单二", "张三", "查四", "仇五", "陈六", ""]
    assert sorted(names, key=sort_key) == ["", "阿明", "陈六", "仇五", "单二", "曾一", "查四", "张三"]


def test_the_table_is_well_formed() -> None:
    assert len(TABLE) >= 80
    for name, found in TABLE.items():
        assert 1 <= len(name) <= 2
        for reading in found:
            syllables = reading.split()
            assert len(syllables) == len(name), name
            assert all(part.isascii() and part.isalpha() and part.islower() for part in syllables), name


@pytest.mark.parametrize("name", sorted(TABLE))
def test_every_surname_of_the_table_leads_its_readings(name: str) -> None:
    assert spellings(name + "明")[0] == TABLE[name][0].replace(" ", "") + "ming"


@settings(deadline=None)
@given(st.text(max_size=8))
def test_any_text_has_readings_of_letters_only(name: str) -> None:
    for reading in readings(name):
        assert reading
        assert all(syllable and not syllable.isspace() for syllable in reading)


def test_the_tables_of_pinyin_are_loaded_late_and_without_phrases() -> None:
    warm_up()
    code = (
        "import sys; import counselroom.vault.name_readings as n; assert 'pypinyin' not in sys.modules;"
        "n.warm_up(); assert 'pypinyin' in sys.modules; assert 'pypinyin.phrases_dict' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("zxm", "[z]hang [x]iao [m]ing"),
        ("ZX", "[z]hang [x]iao ming"),
        ("xm", "zhang [x]iao [m]ing"),
        ("zhangx", "[zhang] [x]iao ming"),
        ("zhang xiaoming", "[zhang] [xiao] [ming]"),
        ("xiaom", "zhang [xiao] [m]ing"),
        ("张", ""),
        ("20261", ""),
        ("zhao", ""),
        ("", ""),
    ],
)
def test_what_was_typed_is_marked_in_the_reading(typed: str, shown: str) -> None:
    pieces = matched("张晓明", typed)
    assert "".join(f"[{text}]" if is_typed else text for text, is_typed in pieces) == shown


def test_the_reading_that_matched_is_shown() -> None:
    assert "".join(text for text, _typed in matched("单小名", "dan")) == "dan xiao ming"
    assert "".join(text for text, _typed in matched("单小名", "shan")) == "shan xiao ming"


def test_a_title_is_read_character_by_character_without_its_letters() -> None:
    assert plain_reading("F-50 咨询知情同意书（A4）") == ("zi", "xun", "zhi", "qing", "tong", "yi", "shu")
