"""The worst day played by keys: a teacher's report, assessment, 专案 with its band, notice, referral, follow-up."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt

from counselroom.demo.care import DAY
from counselroom.demo.stage import Stage, require
from counselroom.demo.window import hands
from counselroom.demo.window.demo_window import DemoWindow
from counselroom.demo.window.on_paper import print_what_is_shown
from counselroom.i18n import _, pgettext
from counselroom.rules.crisis_words import CrisisLevel, StepState
from counselroom.rules.referral import ReferralState
from counselroom.services import crisis, crisis_lists, follow_ups, referrals, students
from counselroom.services.crisis_views import EventView, level_word
from counselroom.services.forms import all_forms
from counselroom.services.register_definitions import register_named

_CTRL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_FACTS = "课间同学听见该生说活着没意思，随后独自上了天台，被同学劝回教室。"


def take_the_report(shown: DemoWindow, stage: Stage) -> str:
    """From the report of a teacher over the assessment to the crisis case. Raises CheckFailed."""
    stage.clock.turn_to(stage.at(DAY, 15, 55))
    _take_the_report(shown, stage)
    _assess(shown, stage)
    return _("Window: a teacher's report led over the assessment to a crisis case with its clock of 24 hours.")


def lead_the_case(shown: DemoWindow, stage: Stage) -> str:
    """Do the next item of the checklist and print the notice to the guardian. Raises CheckFailed."""
    _do_the_next_step(shown, stage)
    _print_the_notice(shown, stage)
    return _("Window: the next item of the checklist is done, the notice to the guardian is printed.")


def _take_the_report(shown: DemoWindow, stage: Stage) -> None:
    """The class teacher comes with a report (F-40); filed as urgent it leads to the assessment."""
    room, name = shown.room, _name(shown, stage)
    register = register_named("F-40")
    hands.find(room, pgettext("page", "Registers"), pgettext("page", "Registers"))
    hands.tab_to(pgettext("page", "Registers"))
    hands.row(register.title)
    hands.rest(room)
    hands.do(room, pgettext("register", "New row"))
    questions = {item.link_id: " ".join(item.text.split("\n")[:1]) for item in all_forms()["F-40"].definition.item}
    hands.write(questions["time"], "15:40")
    hands.write(questions[register.person], name)
    hands.rest(room)
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_Return)
    hands.write(questions["reporter"], "陈老师")
    hands.write(questions["facts"], _FACTS)
    hands.tab_to(questions["urgency"])
    hands.press(Qt.Key.Key_End)
    hands.do(room, pgettext("register", "Enter"))
    require(shown.window.page().key == "assessment", _("An urgent report did not lead to the assessment."))
    stage.markers.append(_FACTS)


def _assess(shown: DemoWindow, stage: Stage) -> None:
    room = shown.room
    hands.tab_to("★ C18")
    hands.press(Qt.Key.Key_Space)
    hands.write(pgettext("assessment", "Change of mood"), "近一周沉默，今天哭过，说话很少。")
    hands.write(pgettext("assessment", "Written opinion"), "需专人陪护，今天联系监护人到校，建议专科就诊。")
    hands.tab_to(level_word(CrisisLevel.MILD))
    hands.press(Qt.Key.Key_Right)
    hands.press(Qt.Key.Key_Right)
    hands.press(Qt.Key.Key_Space)
    require(
        hands.focused().accessibleName() == level_word(CrisisLevel.SEVERE), _("The arrows do not lead to the level.")
    )
    hands.do(room, pgettext("assessment", "Sign and lock"))
    hands.agree(room)
    found = hands.answer(
        room, lambda: crisis_lists.event_list(room.actor, room.desk, student_id=stage.ids["other"])
    ).lines
    require(len(found) == 1, _("The signature began no crisis case."))
    stage.ids["crisis_of_the_day"] = found[0].id
    due = {step.due_at for step in _event(shown, stage).steps if step.due_at is not None}
    require(found[0].found_at + timedelta(hours=24) in due, _("The clock of 24 hours does not run from the finding."))


def _do_the_next_step(shown: DemoWindow, stage: Stage) -> None:
    """From any page to the 专案, and its next step done: as few keys as the worst day allows."""
    hands.press(Qt.Key.Key_4, _ALT)
    hands.rest(shown.room)
    require(shown.window.page().key == "cases", _("Alt 4 did not lead to the cases."))
    shown.show_names()
    hands.turn(shown.room, pgettext("cases", "Crisis cases"))
    hands.press(Qt.Key.Key_F6)  # the filter
    hands.press(Qt.Key.Key_F6)  # the list
    hands.row(_name(shown, stage))
    hands.press(Qt.Key.Key_Return)
    hands.rest(shown.room)
    page = shown.window.page()
    require(
        page.key == "crisis" and page.state().get("event") == stage.ids["crisis_of_the_day"],
        _("The row did not lead to the crisis case."),
    )
    before = _event(shown, stage).next_step
    hands.press(Qt.Key.Key_Return)
    hands.rest(shown.room)
    hands.type_in("已在辅导室，由两位老师陪着，情绪平稳一些。")
    hands.press(Qt.Key.Key_Return, _CTRL)
    hands.rest(shown.room)
    steps = {step.id: step.state for step in _event(shown, stage).steps}
    require(before is not None and steps[before] is StepState.DONE, _("The next step was not done."))


def _print_the_notice(shown: DemoWindow, stage: Stage) -> None:
    before = len(shown.printer.printed)
    hands.press(Qt.Key.Key_P, _CTRL)
    hands.rest(shown.room)
    hands.press(Qt.Key.Key_Return)
    hands.until(lambda: shown.window.page().key == "print_preview", "preview")
    hands.rest(shown.room)
    hands.press(Qt.Key.Key_Return)
    hands.until(lambda: len(shown.printer.printed) > before, "print")
    hands.rest(shown.room)
    folder = stage.out / "printed"
    (folder / "F-46-window.pdf").write_bytes(shown.printer.printed[-1][0])


def refer(shown: DemoWindow, stage: Stage) -> str:
    """Write the referral of the 专案, have it refused without consent, issue and print it. Raises CheckFailed."""
    room, window = shown.room, shown.window
    hands.press(Qt.Key.Key_Left, _ALT)
    hands.rest(room)
    hands.press(Qt.Key.Key_P, _CTRL)
    hands.rest(room)
    hands.row("F-50")
    hands.press(Qt.Key.Key_Return)
    hands.rest(room)
    require(window.page().key == "referral", _("The papers of the crisis case did not lead to its referral."))
    hands.write(pgettext("referral", "Recipient"), "示例医院儿童青少年心理门诊")
    for field, text in (
        (pgettext("referral", "Reason"), "近一周情绪低落，今天有过激言语，建议专科评估。"),
        (pgettext("referral", "Necessary summary"), "已由专人陪护，监护人在来校途中。"),
    ):
        hands.tab_to(field)
        hands.type_over(text)
    hands.write(pgettext("referral", "Supervisor's opinion"), "同意转介专科门诊评估。")
    hands.do(room, pgettext("referral", "Issue"))
    require(hands.question() is None, _("A referral was issued without the guardian's consent."))
    hands.tab_to(pgettext("referral", "The guardian"))
    hands.press(Qt.Key.Key_Home)
    hands.press(Qt.Key.Key_Down)
    hands.do(room, pgettext("referral", "Issue"))
    hands.agree(room)
    mine = hands.answer(room, lambda: referrals.list_referrals(room.actor, room.desk, stage.ids["other"]))
    require(len(mine) == 1, _("The referral is not issued."))
    stage.ids["referral_of_the_day"] = mine[0][0]
    hands.do(room, pgettext("referral", "Print"))
    print_what_is_shown(shown, stage, "F-50")
    return _("Window: the referral was refused without consent, issued and printed.")


def record_the_reply(shown: DemoWindow, stage: Stage) -> str:
    """Come back two days later and record what the hospital has answered. Raises CheckFailed."""
    _come_back(shown, stage)
    room, referral = shown.room, stage.ids["referral_of_the_day"]
    hands.press(Qt.Key.Key_7, _ALT)
    hands.rest(room)
    shown.show_names()
    hands.row(_name(shown, stage))
    hands.press(Qt.Key.Key_Return, _CTRL)
    hands.rest(room)
    hands.write(pgettext("referral", "Opinion and advice"), "建议门诊随诊，暂不休学，家长陪同。")
    hands.do(room, pgettext("referral", "Record"))
    answered = hands.answer(room, lambda: referrals.referral(room.actor, room.desk, referral))
    require(answered.state is ReferralState.FEEDBACK_RECEIVED, _("The reply is not recorded."))
    return _("Window: the reply of the hospital is recorded.")


def _come_back(shown: DemoWindow, stage: Stage) -> None:
    """Lock, come back two days later, and let the window do what it does on each new day."""
    shown.lock()
    stage.clock.turn_to(stage.at(DAY + 2, 10))
    shown.unlock(stage.ids["passphrase"])
    shown.begin_the_day()


def follow_up(shown: DemoWindow, stage: Stage) -> str:
    """Let the responses run out, see the follow-ups hang, and do one."""
    room = shown.room
    until = stage.clock.now().date() + timedelta(days=7)
    due = hands.answer(room, lambda: follow_ups.board(room.actor, room.desk, until))
    require(bool(due), _("No follow-up hangs."))
    hands.find(room, pgettext("page", "Follow-ups"), pgettext("action", "Follow-ups that are due"))
    hands.press(Qt.Key.Key_Return, _CTRL)
    hands.rest(room)
    dialog = shown.window.dialogs.dialog
    task = "" if dialog is None else str(dialog.arguments.get("task"))
    require(task in {one.id for one in due}, _("Ctrl Enter did not lead to the follow-up."))
    hands.write(pgettext("follow-up", "Seen and changed"), "比上周平稳，能按时到校。")
    hands.do(room, pgettext("follow-up", "Record"))
    left = hands.answer(room, lambda: follow_ups.board(room.actor, room.desk, until))
    require(task not in {one.id for one in left}, _("The follow-up is not recorded."))
    return _("Window: {count} follow-ups hang, the first is done.").format(count=len(due))


def _name(shown: DemoWindow, stage: Stage) -> str:
    room, student = shown.room, stage.ids["other"]
    return hands.answer(room, lambda: students.student(room.actor, room.desk, student)).data.name


def _event(shown: DemoWindow, stage: Stage) -> EventView:
    room = shown.room
    return hands.answer(room, lambda: crisis.event(room.actor, room.desk, stage.ids["crisis_of_the_day"]))
