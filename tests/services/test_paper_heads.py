"""The school's words on every paper."""

from __future__ import annotations

import pytest

from counselroom.errors import UserError
from counselroom.printing.definitions import Audience
from counselroom.services.desk import AccessDenied
from counselroom.services.paper_heads import LONGEST, PaperHead, paper_head, set_paper_head
from counselroom.services.print_preview import draw, prepare
from counselroom.services.prints import PrintRequest, print_form
from counselroom.services.undo import take_back
from tests.printing.pdf import bare, text_of
from tests.services.world import World

WORDS = PaperHead("青禾市示例中学心育中心", "青禾心育", "青中心辅〔2026〕", "（加盖学校公章）")


def words_on(pdf: bytes) -> str:
    return bare(text_of(pdf))


def test_they_stand_on_filled_and_blank_papers(world: World) -> None:
    referral = world.referral()
    before = words_on(draw(prepare(world.me, world.desk, "F-50"), "hospital", (), "", "").pdf)
    assert before.count("（盖章处）") == 2
    assert "青禾市示例中学心理辅导室" in before
    set_paper_head(world.director, world.desk, WORDS)
    assert paper_head(world.me, world.desk) == WORDS
    blank = draw(prepare(world.me, world.desk, "F-50"), "hospital", (), "", "")
    filled = print_form(world.me, world.desk, PrintRequest("F-50", referral, Audience.ROOM)).value.pdf
    for found in (words_on(blank.pdf), words_on(filled)):
        assert all(each in found for each in (WORDS.line, WORDS.logo, WORDS.prefix, WORDS.seal))
        assert found.count("（盖章处）") == 1  # the hospital's
        assert "心理辅导室青" not in found
    assert "编号：青中心辅〔2026〕ZJ-2026-001" in words_on(filled)
    assert {"签名：", "（盖章处）", WORDS.seal} <= set(blank.check.pen_words)


def test_a_change_is_taken_back_and_an_empty_one_returns_to_the_programs(world: World) -> None:
    set_paper_head(world.director, world.desk, WORDS)
    done = set_paper_head(world.director, world.desk, PaperHead(logo="  心  育 "))
    assert done.value == PaperHead(logo="心 育")
    assert world.sql("SELECT key, value FROM parameter") == [("paper.logo", '"心 育"')]
    assert done.changes.undo is not None
    take_back(world.director, world.desk, done.changes.undo)
    assert paper_head(world.me, world.desk) == WORDS
    with pytest.raises(UserError):
        take_back(world.director, world.desk, done.changes.undo)


@pytest.mark.parametrize("name", list(LONGEST))
def test_what_is_too_long_is_refused(world: World, name: str) -> None:
    with pytest.raises(UserError, match="最多"):
        set_paper_head(world.director, world.desk, PaperHead(**{name: "长" * (LONGEST[name] + 1)}))
    with pytest.raises(AccessDenied):
        set_paper_head(world.archivist, world.desk, PaperHead())


def test_the_longest_words_still_fit(world: World) -> None:
    longest = PaperHead(**{name: "长" * most for name, most in LONGEST.items()})
    set_paper_head(world.director, world.desk, longest)
    sheet = draw(prepare(world.me, world.desk, "F-50", world.referral()), "room", (), "", "")
    assert sheet.pages <= 2
    assert longest.line in words_on(sheet.pdf)
