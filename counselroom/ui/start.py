"""Puts the window together: application, look, vault to open, and what it opens into."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from counselroom import i18n, paths
from counselroom.desktop.allocator import keep_little
from counselroom.desktop.capture import capture_block_of_this_machine
from counselroom.desktop.clock import SystemClock
from counselroom.desktop.machine_settings import SettingsFile
from counselroom.desktop.qt_idle import QtIdleWatch
from counselroom.desktop.qt_session import session_watch_of_this_machine
from counselroom.desktop.relauncher import Handover, ProcessRelauncher, say_ready
from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.ui.messages import plain_sentence
from counselroom.ui.program import Frame, Program, fitting
from counselroom.ui.theme.theme import Theme
from counselroom.ui.theme.tokens import Mode, TextScale
from counselroom.vault.keys.slot_file import KeysMissing, SlotFile
from counselroom.vault.keys.unlocking import Credential
from counselroom.vault.state import AnchorStore
from counselroom.vault.swap import finish_swap

if TYPE_CHECKING:
    from counselroom.ui.beginning import Begun, Tools
    from counselroom.ui.room import Opened, Room


def run_window(
    vault_folder: Path | None,
    after_lock: Handover | None,
    *,
    anchors: Callable[[], AnchorStore],
    new_id: Callable[[], str],
    entropy: Callable[[int], bytes],
) -> int:
    """Run the window until it is closed and return the exit code.

    Raises:
        UserError: there is no screen.
    """
    _require_screen()
    keep_little()
    gc.disable()  # until the first page is shown: nothing that was made by then is garbage
    # A mistake of ours in the window goes to the log without its text, and never to a terminal with it.
    sys.excepthook = lambda _kind, error, _trace: _note(error)
    settings = SettingsFile(paths.settings_file())
    i18n.use(settings.current.language)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("counselroom")
    application.setQuitOnLastWindowClosed(False)
    theme = Theme(Mode(settings.current.mode), TextScale(settings.current.text_scale), application)
    theme.apply(application)
    clock = SystemClock()

    def tools() -> Tools:
        from counselroom.ui.beginning import Tools

        return Tools(clock, entropy, new_id, anchors)

    frame = Frame(theme)
    known, sentence = _known_vault(settings, vault_folder, after_lock)
    begun = _begin(frame, theme, settings, tools(), sentence) if known is None else None
    folder = known if begun is None else begun.folder
    if folder is None:
        return 0
    watch = QtIdleWatch(application, clock.since_boot, lambda: clock.now().timestamp(), application)

    def make_room(opened: Opened) -> Room:
        from counselroom.services.anchor_store import MachineSecrets
        from counselroom.ui.opening import room_of

        store = anchors()
        return room_of(
            opened,
            theme=theme,
            settings=settings,
            entropy=entropy,
            now=clock.now,
            set_idle_minutes=watch.set_minutes,
            block_capture=program.block_capture,
            machine_secrets=store if isinstance(store, MachineSecrets) else None,
        )

    def open_room(credential: Credential) -> Opened:
        from counselroom.ui.opening import open_vault_for_window

        return open_vault_for_window(folder, credential, anchors=anchors(), clock=clock, new_id=new_id)

    program = Program(
        theme,
        folder,
        SlotFile.read(folder).logins(),
        open_room=open_room,
        make_room=make_room,
        settings=settings,
        relauncher=ProcessRelauncher(),
        idle=watch,
        now=clock.now,
        session=session_watch_of_this_machine(lambda: int(program.frame.winId())),
        capture=capture_block_of_this_machine(),
        after_lock=after_lock,
        frame=frame,
        parent=application,
    )
    program.finished.connect(application.quit)
    program.shown.connect(gc.enable)
    watch.clock_jumped.connect(program.tell_of_clock)
    watch.rested.connect(program.tidy)
    program.restore_wanted.connect(lambda: _restore(program, theme, settings, tools()))
    if after_lock is not None:
        program.shown.connect(lambda: say_ready(sys.stdout.buffer))
    if begun is not None and begun.opened is not None:
        program.begin(begun.opened, begun.login)
    else:
        program.show()
    return application.exec()


def _note(error: BaseException) -> None:
    plain_sentence(error)


def _require_screen() -> None:
    """Refuse to start where Qt would end the process with a message of its own."""
    if sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    ):
        raise UserError(
            _("There is no screen here, so the window cannot be opened."),
            _("Nothing was changed."),
            _("The commands work without a screen; {command} lists them.").format(command="counselroom --help"),
        )


def _known_vault(settings: SettingsFile, wanted: Path | None, after_lock: Handover | None) -> tuple[Path | None, str]:
    """Return the folder of a vault whose key file can be read, or what is wrong with the one that was expected."""
    sentence = ""
    candidates = [Path(after_lock.vault)] if after_lock else [wanted] if wanted else _known(settings)
    for folder in candidates:
        try:
            finish_swap(folder)  # a restore over this vault may have been cut short between two renames
            SlotFile.read(folder)
        except KeysMissing:
            continue
        except UserError as error:
            sentence = error.sentence()
        else:
            _remember(settings, folder)
            return folder, ""
    return None, sentence


def _begin(frame: Frame, theme: Theme, settings: SettingsFile, tools: Tools, sentence: str) -> Begun | None:
    """Let the user make, choose or restore a vault, or give up."""
    from counselroom.ui.beginning import Beginning

    gc.enable()
    beginning = Beginning(frame, theme, settings, tools, sentence)
    loop = QEventLoop()
    settled: list[Begun | None] = []
    beginning.settled.connect(settled.append)
    beginning.settled.connect(loop.quit)
    frame.resize(*fitting())
    frame.show()
    loop.exec()
    beginning.deleteLater()
    begun = settled[0] if settled else None
    if begun is None:
        frame.may_close = True
        frame.close()
        return None
    _remember(settings, begun.folder)
    return begun


def _restore(program: Program, theme: Theme, settings: SettingsFile, tools: Tools) -> None:
    """Restore a backup from the unlock page; the vault that is locked stays as it is."""
    from counselroom.ui.beginning import restore_wizard

    wizard = restore_wizard(theme, program.frame, tools)

    def go_into(folder: Path, login: str, opened: Opened) -> None:
        _remember(settings, folder)
        program.move_to(folder, opened, login)
        wizard.deleteLater()

    def go_back() -> None:
        program.show_card()
        wizard.deleteLater()

    wizard.restored.connect(go_into)
    wizard.given_up.connect(go_back)
    program.frame.stack.addWidget(wizard)
    program.frame.stack.setCurrentWidget(wizard)
    wizard.wizard.step().first().setFocus()


def _known(settings: SettingsFile) -> list[Path]:
    folders = [Path(settings.current.vault)] if settings.current.vault else []
    return [*folders, paths.default_vault_folder()]


def _remember(settings: SettingsFile, folder: Path) -> None:
    if settings.current.vault != str(folder.absolute()):
        settings.change(replace(settings.current, vault=str(folder.absolute())))
