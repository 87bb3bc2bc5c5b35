"""The one window of a process: locked at first, then the room, then covered. A locked process knows no more than this.

What reads a vault is imported by `open_room` and `make_window`, which are called once a passphrase was typed.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QRect, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget

from counselroom import log
from counselroom.desktop.capture import CaptureBlock, NoCaptureBlock
from counselroom.desktop.idle import IdleWatch
from counselroom.desktop.machine_settings import SettingsFile
from counselroom.desktop.qt_clipboard import ClipboardGuard
from counselroom.desktop.qt_session import NoSessionWatch
from counselroom.desktop.qt_windows import WindowFilter
from counselroom.desktop.relauncher import Handover, Relauncher
from counselroom.desktop.session import Cause, SessionWatch
from counselroom.i18n import _
from counselroom.ui.actions import KEYS, Act
from counselroom.ui.lock import Lock
from counselroom.ui.pages.cover import Cover
from counselroom.ui.pages.lock_screen import LockScreen
from counselroom.ui.pages.unlock import UnlockPage
from counselroom.ui.theme.theme import Theme
from counselroom.ui.unlocking import Unlocker
from counselroom.vault.keys.unlocking import Credential, Passphrase

if TYPE_CHECKING:
    from counselroom.ui.first_run.first_run_window import FirstRunWindow
    from counselroom.ui.main_window import MainWindow
    from counselroom.ui.room import Opened, Room

_log = log.get(__name__)
_LOCK_KEYS = frozenset(keys for key in KEYS if key.act is Act.LOCK for keys in key.keys)
_SIZE = (1440, 900)


class Frame(QMainWindow):
    """The native window. Its title never says more than the program's name.

    Attributes:
        close_wanted: the user closes the window; it stays until the vault is closed.
    """

    close_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        theme.dress(self)
        self.setWindowTitle(_("Counselling Room"))
        self.stack = QStackedWidget()
        self.setCentralWidget(self.stack)
        self.may_close = False

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Close in order first."""
        if self.may_close:
            event.accept()
        else:
            event.ignore()
            self.close_wanted.emit()


class Program(QObject):
    """Moves the window from locked to unlocked to covered.

    Attributes:
        shown: the locked page is on the screen.
        entered: the room is on the screen; carries the `MainWindow`.
        restore_wanted: somebody wants to restore a backup instead of unlocking.
        finished: this process has nothing left to do.
    """

    restore_wanted = Signal()
    shown = Signal()
    entered = Signal(object)
    finished = Signal()
    _left = Signal(object)

    def __init__(
        self,
        theme: Theme,
        folder: Path,
        logins: Sequence[str],
        *,
        open_room: Callable[[Credential], Opened],
        make_room: Callable[[Opened], Room],
        settings: SettingsFile,
        relauncher: Relauncher,
        idle: IdleWatch,
        now: Callable[[], datetime],
        session: SessionWatch | None = None,
        capture: CaptureBlock | None = None,
        after_lock: Handover | None = None,
        frame: Frame | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._folder = folder
        self._logins = logins
        self._make_room = make_room
        self._settings = settings
        self._idle = idle
        self._session = session or NoSessionWatch()
        self._capture = capture or NoCaptureBlock()
        self.clipboard = ClipboardGuard(QGuiApplication.clipboard(), self)
        self._left.connect(self.lock)  # from the thread that noticed it to that of the window
        self._now = now
        self._after_lock = after_lock
        self._login = after_lock.login if after_lock else ""
        self._notice = after_lock.notice if after_lock else ""
        self._room: Room | None = None
        self._incoming: Path | None = None
        self.window: MainWindow | FirstRunWindow | None = None
        self._is_placed = frame is not None and frame.isVisible()
        self.frame = frame or Frame(theme)
        self.frame.close_wanted.connect(self.leave)
        self._page: UnlockPage | LockScreen | None = None
        self.unlocker = Unlocker(open_room, self)
        self.unlocker.opened.connect(self._enter)
        self.unlocker.refused.connect(self._refuse)
        self.unlocker.waiting.connect(self._count_down)
        self._cover = Cover(theme, now)
        self._cover.close_button.clicked.connect(self._end)
        self.frame.stack.addWidget(self._cover)
        self._lock = Lock(
            cover=self._hide_everything, save=self._save, close=self._close, relauncher=relauncher, parent=self
        )
        application = QApplication.instance()
        assert isinstance(application, QApplication)  # noqa: S101 - there is a window
        self._keys = WindowFilter(application, self)
        self._lock.ended.connect(self._end)
        self._lock.stranded.connect(self._strand)

    def show(self) -> None:
        """Show the locked page, in the place of the window that was locked."""
        place = self._after_lock
        if place is not None and place.login:
            screen = LockScreen(self._theme, self._now, place.login, place.notice)
            screen.other_wanted.connect(self._use_card)
            self._set_page(screen)
        else:
            self._use_card()
            if place is not None and isinstance(self._page, UnlockPage):
                self._page.inform(place.notice)
        if place is not None:
            self.frame.setGeometry(QRect(place.left, place.top, place.width, place.height))
        elif not self._is_placed:
            self.frame.resize(*fitting())
        if place is not None and place.maximized:
            self.frame.showMaximized()
        else:
            self.frame.show()
        self.frame.activateWindow()
        QTimer.singleShot(0, self.shown.emit)

    def begin(self, opened: Opened, login: str) -> None:
        """Go into a vault that was made or restored just now, without asking for its passphrase again."""
        self._login = login
        self._enter(opened)
        QTimer.singleShot(0, self.shown.emit)

    def move_to(self, folder: Path, opened: Opened, login: str) -> None:
        """Leave the locked vault for another one that was restored just now."""
        self._folder = folder
        self.begin(opened, login)

    def lock(self, cause: Cause = Cause.KEY) -> None:
        """F12, Ctrl L, idle time, the end of the session, sleep; why is noted in the log."""
        if self._room is None:
            return
        _log.info("locking: %s", log.EventCode(cause))
        frame = self.frame
        self._lock.lock(
            Handover(
                vault=str(self._folder),
                login=self._login,
                left=frame.geometry().left(),
                top=frame.geometry().top(),
                width=frame.geometry().width(),
                height=frame.geometry().height(),
                maximized=frame.isMaximized(),
            )
        )

    def exchange(self, restored: Path) -> None:
        """Lock, and once the vault is closed put a restored one in its place."""
        self._incoming = restored
        self.lock()

    def leave(self) -> None:
        """Close the program: drafts, jobs, vault, end."""
        if self._room is None:
            QTimer.singleShot(0, self._end)  # not within the closing of the window, which Qt does not do twice
        else:
            self._lock.lock(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let the lock keys work in dialogs and menus too, where the window's shortcuts do not."""
        del watched
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and self._room is not None
            and QKeySequence(event.keyCombination()).toString(QKeySequence.SequenceFormat.PortableText) in _LOCK_KEYS
        ):
            self.lock()
            return True
        return False

    def show_card(self) -> None:
        """Show the unlock page again."""
        self._use_card()

    def _use_card(self) -> None:
        page = UnlockPage(self._theme, self._now, self._logins)
        page.restore_wanted.connect(self.restore_wanted)
        self._set_page(page)

    def _set_page(self, page: UnlockPage | LockScreen) -> None:
        page.submitted.connect(self._submit)
        if self._page is not None:
            self._page.deleteLater()
        self._page = page
        self.frame.stack.addWidget(page)
        self.frame.stack.setCurrentWidget(page)

    def _submit(self, credential: Credential) -> None:
        login = credential.login or "" if isinstance(credential, Passphrase) else ""
        if self.unlocker.attempt(credential):
            self._login = login

    def _refuse(self, sentence: str, wait: int) -> None:
        if self._page is not None:
            self._page.refuse(sentence, wait)

    def _count_down(self, seconds: int) -> None:
        if self._page is not None:
            self._page.count_down(seconds)

    def _enter(self, opened: Opened) -> None:
        self._room = room = self._make_room(opened)
        if opened.first_run is not None and opened.desk.vault.read_only is None:
            self._begin_first_run(room, opened)
        else:
            self._show_window(room, opened.draft, opened.notes)
        if self._page is not None:
            self._page.deleteLater()
            self._page = None
        self._keys.start()
        self._idle.start(self._settings.current.idle_minutes, lambda: self.lock(Cause.IDLE))
        self._session.start(self._left.emit)
        self.block_capture(blocked=self._settings.current.capture == "blocked")
        # What is here now stays: the collector need not look at it again, and looks less often at the rest.
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 50, 100_000)
        self.entered.emit(self.window)

    def _begin_first_run(self, room: Room, opened: Opened) -> None:
        from counselroom.ui.first_run.first_run_window import FirstRunWindow

        window = FirstRunWindow(room, opened.first_run or {}, opened.sheets)
        window.ended.connect(self._end_first_run)
        self._put(window)

    def _end_first_run(self, room: Room) -> None:
        before, self._room = self.window, room
        self._show_window(room, None, ())
        if before is not None:
            before.deleteLater()
        self.entered.emit(self.window)

    def _show_window(self, room: Room, draft: Mapping[str, Any] | None, notes: tuple[str, ...]) -> None:
        from counselroom.ui.daily import DailyWork
        from counselroom.ui.main_window import MainWindow
        from counselroom.ui.warming import warm

        room.ways.exchange_wanted.connect(self.exchange)
        window = MainWindow(room)
        if draft is not None:
            window.restore(draft)
        told, self._notice = self._notice, ""
        window.tell((told, *notes) if told else notes)
        DailyWork(room, window).begin()
        warm(room)
        self._put(window)

    def _put(self, window: MainWindow | FirstRunWindow) -> None:
        window.lock_wanted.connect(self.lock)
        self.window = window
        self.frame.stack.addWidget(window)
        self.frame.stack.setCurrentWidget(window)
        window.page().first().setFocus()

    def tidy(self) -> None:
        """Collect all garbage while nobody works; while somebody does, only the young is looked at."""
        if self._room is not None:
            gc.collect()

    def tell_of_clock(self) -> None:
        """Say on the page that the clock of the computer was set anew: what it counts down may be wrong."""
        if self._room is not None:
            self._room.messages.failed.emit(_("The clock of this computer was changed. Please check the times left."))

    def block_capture(self, *, blocked: bool) -> bool:
        """Keep the window out of recordings of the screen, or let it in; False where the system cannot do it."""
        return self._capture.set_blocked(int(self.frame.winId()), blocked=blocked)

    def _hide_everything(self) -> None:
        self._idle.stop()
        if self.window is not None:
            self.window.cover()
        self.frame.stack.setCurrentWidget(self._cover)
        self._cover.setFocus()
        self._cover.tick()
        for other in QApplication.topLevelWidgets():
            if other is not self.frame and other.isVisible():
                other.close()
        self.clipboard.clear()
        self.frame.repaint()

    def _save(self) -> None:
        if self.window is not None:
            self.window.autosave.close()

    def _close(self) -> str:
        if self._room is None:
            return ""
        self._room.tasks.close()
        self._room.charts.end()
        self._room.desk.vault.close()
        if self._incoming is None:
            return ""
        from counselroom.vault.swap import swap_in

        kept = swap_in(self._incoming, self._folder, self._now())
        return _("The backup is restored. What was here before is kept whole in the folder {folder}.").format(
            folder=kept.name
        )

    def _strand(self, notice: str) -> None:
        self._session.stop()
        locked = _("Locked, everything is saved. The program could not start again; please close it and open it anew.")
        self._cover.cannot_go_on(f"{notice} {locked}" if notice else locked)

    def _end(self) -> None:
        self._idle.stop()
        self._session.stop()
        self.frame.may_close = True
        self.frame.close()
        self.finished.emit()


def fitting() -> tuple[int, int]:
    """Return the size of a first window: that of the design, or as much of it as the screen has."""
    screen = QGuiApplication.primaryScreen().availableGeometry()
    return min(_SIZE[0], screen.width()), min(_SIZE[1], screen.height())
