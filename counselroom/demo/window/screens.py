"""The screenshots: every page and dialog, light and dark, at three sizes, each looked at by the machine checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication, QWidget

from counselroom.demo.care import DAY
from counselroom.demo.stage import Stage
from counselroom.demo.window import hands
from counselroom.demo.window.demo_window import DemoWindow, newest_backup
from counselroom.demo.window.looks import KNOWN_LATIN, SIZES, faults
from counselroom.ui.dialogs.table import DIALOGS
from counselroom.ui.pages.table import PAGES
from counselroom.ui.theme.theme import Theme
from counselroom.ui.theme.tokens import Mode

NAMES = {"student_record": "record", "print_preview": "print"}
"""The short names of pages in the names of files."""
SUBJECTS: dict[str, Callable[[Stage], dict[str, Any]]] = {
    **{
        key: lambda stage: {"student": stage.ids["student"]}
        for key in (
            "student_record",
            "student_form",
            "student_status",
            "guardians",
            "archive",
            "archive_item",
            "card_correction",
            "assessment",
            "appointment",
            "consent",
            "start_crisis",
            "add_task",
        )
    },
    **{key: lambda stage: {"student": stage.ids["other"]} for key in ("open_case", "propose_tier")},
    **{key: lambda stage: {"case": stage.ids["case"]} for key in ("case", "close_case", "hand_over_case")},
    **{key: lambda stage: {"session": stage.ids["session"]} for key in ("note", "amend_note")},
    **{key: lambda stage: {"referral": stage.ids["referral"]} for key in ("referral", "referral_feedback")},
    **{
        key: lambda stage: {"event": stage.ids["crisis_full"]}
        for key in (
            "crisis",
            "contact_attempt",
            "crisis_log",
            "crisis_papers",
            "crisis_item",
            "crisis_level",
            "close_crisis",
            "guard",
            "guard_shift",
            "guard_handover",
            "guard_observation",
            "guardian_notice",
            "crisis_report",
        )
    },
    "schedule": lambda stage: {"view": "week", "day": f"{stage.at(DAY, 0):%Y-%m-%d}"},
    "crisis_step": lambda stage: {"step": stage.ids["step"]},
    "cancel_appointment": lambda stage: {"appointment": stage.ids["visit"]},
    "give_scratch": lambda stage: {"note": stage.ids["scratch"]},
    "decide_tier": lambda stage: {"tier": stage.ids["tier_proposed"]},
    "end_tier": lambda stage: {"tier": stage.ids["tier"]},
    "task_done": lambda stage: {"task": stage.ids["task"]},
    "task_settle": lambda stage: {"task": stage.ids["task"], "how": "waived"},
    "referral_completion": lambda stage: {"referral": stage.ids["referral_emergency"]},
    "duty_shift": lambda stage: {"shift": stage.ids["shift"], "day": f"{stage.at(DAY, 0):%Y-%m-%d}"},
    "cases": lambda _stage: {"view": "crisis"},
    "void_print": lambda stage: {"print_id": stage.ids["print"], "form": "F-50", "copy_no": 1},
    "statistics_export": lambda stage: {
        "first": f"{stage.at(-40, 0):%Y-%m-%d}",
        "last": f"{stage.at(DAY, 0):%Y-%m-%d}",
    },
    "restore": lambda stage: _newest_backup(stage),
    "drill": lambda stage: _newest_backup(stage),
    "print_preview": lambda stage: _referral(stage),
    "save_pdf": lambda stage: _referral(stage),
    "registers": lambda stage: {"register": "F-61", "row": stage.ids["register_row"]},
    "register_entry": lambda _stage: {"register": "F-29"},
    "register_void": lambda stage: {"register": "F-61", "row": stage.ids["register_row"]},
    "register_export": lambda stage: {"register": "F-61", "row": stage.ids["register_row"]},
}
"""What a page or dialog is opened for, by its key."""
STATES: tuple[tuple[str, str, Callable[[Stage], dict[str, Any]]], ...] = (
    ("crisis_near", "crisis", lambda stage: {"event": stage.ids["crisis_near"]}),
    ("crisis_overdue", "crisis", lambda stage: {"event": stage.ids["crisis_overdue"]}),
    ("crisis_closed", "crisis", lambda stage: {"event": stage.ids["crisis_mistaken"]}),
    ("cases_counselling", "cases", lambda _stage: {"view": "counselling"}),
    *(
        (f"schedule_{view}", "schedule", lambda stage, view=view: {**SUBJECTS["schedule"](stage), "view": view})
        for view in ("day", "month", "duty")
    ),
    ("schedule_empty", "schedule", lambda _stage: {"view": "week", "day": "2027-03-01"}),
    ("note_new", "note", lambda stage: {"appointment": stage.ids["visit_arrived"]}),
    ("referral_emergency", "referral", lambda stage: {"referral": stage.ids["referral_emergency"]}),
    ("record_empty", "student_record", lambda stage: {"student": stage.ids["other"]}),
)
"""Pages pictured a second time, in another state: name of the picture, key of the page, what it is opened for."""
_KNOWN_LATIN = KNOWN_LATIN | {"usb"}
"""The name of the stick is the user's."""
ENGLISH = ("students", "backup", "settings")
"""Pages that are shown in English too."""


class Screens:
    """Takes the pictures of one window.

    Attributes:
        count: pictures taken.
        few: only one picture of each page and dialog.
        faults: what the machine checks found, each with the picture's name.
    """

    def __init__(self, stage: Stage, folder: Path) -> None:
        self._stage = stage
        self._folder = folder
        self.few = stage.few_screens
        self.count = 0
        self.faults: list[str] = []
        folder.mkdir(exist_ok=True)

    def take(
        self,
        root: QWidget,
        name: str,
        mode: Mode,
        size: tuple[int, int],
        *,
        chinese: bool = True,
        latin: frozenset[str] = frozenset(),
    ) -> None:
        """Save what `root` shows and note what is wrong with it; `latin` are words that belong there."""
        QApplication.processEvents()
        file = f"{name}-{mode.value}-{size[0]}x{size[1]}.png"
        root.grab().save(str(self._folder / file))
        self.count += 1
        found = faults(root, _KNOWN_LATIN | latin) if chinese else []
        self.faults += [f"{file}: {fault}" for fault in found]

    def locked(self, shown: DemoWindow, name: str) -> None:
        """Take the locked page in both modes and all sizes."""
        for mode, size in ways(shown.theme, few=self.few):
            shown.program.frame.resize(*size)
            QApplication.processEvents()
            page = shown.program.frame.stack.currentWidget()
            assert page is not None  # noqa: S101 - the frame is shown
            self.take(page, name, mode, size)

    def all_pages(self, shown: DemoWindow) -> None:
        """Take every page of the table of pages and every dialog of the table of dialogs."""
        for mode, size in ways(shown.theme, few=self.few):
            shown.program.frame.resize(*size)
            for page in PAGES:
                shown.window.go_to(page.key, self._subject(page.key))
                hands.rest(shown.room)
                self.take(shown.window, NAMES.get(page.key, page.key), mode, size)
            for name, key, subject in STATES:
                shown.window.go_to(key, subject(self._stage))
                hands.rest(shown.room)
                self.take(shown.window, name, mode, size)
            shown.window.go_to(PAGES[0].key)
            for dialog in DIALOGS:
                shown.window.dialogs.open(dialog.key, self._subject(dialog.key))
                hands.rest(shown.room)
                opened = shown.window.dialogs.dialog
                assert opened is not None, dialog.key  # noqa: S101 - just opened
                self.take(opened, f"dialog_{dialog.key}", mode, size)
                opened.finish()
            hands.rest(shown.room)

    def in_english(self, shown: DemoWindow) -> None:
        """Take a few pages of a window that speaks English."""
        for page in ENGLISH:
            shown.window.go_to(page)
            hands.rest(shown.room)
            self.take(shown.window, f"{page}_english", Mode.LIGHT, SIZES[0], chinese=False)

    def _subject(self, key: str) -> dict[str, Any]:
        return SUBJECTS[key](self._stage) if key in SUBJECTS else {}


def _newest_backup(stage: Stage) -> dict[str, Any]:
    return {"file": str(newest_backup(stage.out / "usb") or "")}


def _referral(stage: Stage) -> dict[str, Any]:
    return {"form": "F-50", "entity": "referral", "entity_id": stage.ids["referral"], "audience": "hospital"}


def ways(theme: Theme, *, few: bool) -> Iterator[tuple[Mode, tuple[int, int]]]:
    """Yield modes and sizes, or only light and large; the window is left so."""
    for mode in (Mode.LIGHT,) if few else (Mode.DARK, Mode.LIGHT):
        theme.set_mode(mode)
        for size in SIZES[:1] if few else (*SIZES[1:], SIZES[0]):
            yield mode, size
