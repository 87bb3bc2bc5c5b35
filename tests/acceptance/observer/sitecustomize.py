"""Read by Python at its start when a test puts this folder on the path: tells the test what has the keyboard.

The program itself knows nothing of it; a test sees what a screen reader would. It writes one line of JSON to the file
named by OBSERVED, four times a second and more, and never touches the window.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any


def _is_secret(field: Any) -> bool:
    return bool(field.echoMode() != field.EchoMode.Normal)


def _wait() -> None:
    while "PySide6.QtWidgets" not in sys.modules:
        time.sleep(0.02)
    from PySide6.QtWidgets import QApplication

    while QApplication.instance() is None:
        time.sleep(0.02)
    time.sleep(0.05)
    from PySide6.QtCore import QMetaObject, QObject, Qt, QTimer, Slot

    class Observer(QObject):
        @Slot()
        def begin(self) -> None:
            self.timer = QTimer(self)
            self.timer.timeout.connect(self.look)
            self.timer.start(40)

        def look(self) -> None:
            from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QListView, QWidget

            focus = QApplication.focusWidget()
            active = QApplication.activeModalWidget() or QApplication.activeWindow()
            texts = []
            page = ""
            described = {}
            found = 0
            if active is not None:
                texts = [label.text() for label in active.findChildren(QLabel) if label.isVisible() and label.text()]
                described = {
                    each.accessibleName(): each.accessibleDescription()
                    for each in active.findChildren(QWidget)
                    if each.isVisible() and each.accessibleDescription()
                }
                lists = [each for each in active.findChildren(QListView) if each.isVisible()]
                found = sum(each.model().rowCount() for each in lists if each.model() is not None)
                pages = [w for w in active.findChildren(QObject) if w.objectName() == "page" and w.isVisible()]
                page = pages[0].accessibleName() if pages else ""
            name = ""
            if focus is not None:
                name = focus.accessibleName() or (focus.text() if isinstance(focus, QAbstractButton) else "")
            told = {
                "pid": os.getpid(),
                "window": active.windowTitle() if active is not None else "",
                "page": page,
                "focus": name,
                "kind": type(focus).__name__ if focus is not None else "",
                "enabled": bool(focus is not None and focus.isEnabled()),
                "checked": bool(isinstance(focus, QAbstractButton) and focus.isChecked()),
                "text": focus.text()
                if isinstance(focus, QLineEdit) and focus.echoMode() == QLineEdit.EchoMode.Normal
                else "",
                "texts": texts,
                "found": found,
                "described": described,
            }
            fresh = Path(f"{os.environ['OBSERVED']}.{os.getpid()}")
            fresh.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
            fresh.replace(os.environ["OBSERVED"])

    observer = Observer()
    observer.moveToThread(QApplication.instance().thread())
    QMetaObject.invokeMethod(observer, "begin", Qt.ConnectionType.QueuedConnection)
    globals()["_kept"] = observer


if os.environ.get("OBSERVED"):
    threading.Thread(target=_wait, daemon=True).start()
