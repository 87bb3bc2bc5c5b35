"""Shows an attachment from memory: a picture, or the pages of a PDF; anything else can only be saved with a reason."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.attachments import read_attachment
from counselroom.services.page_images import PageImage, page_image, page_sizes
from counselroom.ui.messages import plain_sentence
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.dialog import Dialog
from counselroom.ui.widgets.label import Label

DOTS = 110
"""Resolution of a PDF page on the screen."""
MOST_PAGES = 20
_WIDTH, _HEIGHT = 580, 520


class AttachmentDialog(Dialog):
    """One attachment. Nothing of it is written to the disk.

    Args:
        room: the tools.
        attachment_id: which one.
        name: its file name.
        media_type: what it is.
        parent: the window.
    """

    def __init__(
        self, room: Room, attachment_id: str, name: str, media_type: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(room.icons, pgettext("attachment", "Attachment"), parent)
        self._room = room
        self._pictures: list[tuple[QLabel, QPixmap]] = []
        self.content.addWidget(Label(name, "meta", wrap=True))
        self._words = Label(_("Reading …"), "hint", wrap=True)
        self.content.addWidget(self._words)
        self._inner = QWidget()
        self._inner.setProperty("kind", "scrolled")
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._area = QScrollArea()
        self._area.setAccessibleName(pgettext("attachment", "Content"))
        self._area.setWidgetResizable(True)
        self._area.setWidget(self._inner)
        # At its full size from the beginning: a dialog that grows under the mouse is a nuisance.
        most = _HEIGHT if parent is None else min(_HEIGHT, parent.window().height() - 200)
        self._area.setMinimumSize(QSize(_WIDTH, most))
        self._area.setVisible(media_type.startswith("image/") or media_type == "application/pdf")
        self.content.addWidget(self._area, 1)
        self.close_button = self.add_button(Button(pgettext("attachment", "Close")))
        self.close_button.clicked.connect(self.reject)
        if media_type.startswith(("audio/", "video/")):
            self._words.setText(_("Recordings are only listed here; they are never played from the vault."))
        elif media_type.startswith("image/"):
            self._read(attachment_id, lambda data: [QImage.fromData(data)])
        elif media_type == "application/pdf":
            self._read(attachment_id, _pages_of)
        else:
            self._words.setText(_("This kind of file can't be shown here. It is kept safe in the vault."))

    def _read(self, attachment_id: str, draw: Callable[[bytes], list[QImage]]) -> None:
        room = self._room

        def show(data: bytes) -> None:
            room.tasks.job(lambda _job: draw(data), self._show, reads=False, on_failed=self._refuse)

        room.tasks.query(
            self, lambda: read_attachment(room.actor, room.desk, attachment_id), show, on_failed=self._refuse
        )

    def _refuse(self, error: BaseException) -> None:
        self._words.setText(plain_sentence(error))

    def _show(self, images: list[QImage]) -> None:
        images = [image for image in images if not image.isNull()]
        self._words.setVisible(not images)
        if not images:
            self._words.setText(_("This kind of file can't be shown here. It is kept safe in the vault."))
            return
        for image in images:
            label = QLabel()
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setAccessibleName(pgettext("attachment", "Page"))
            self._column.addWidget(label)
            self._pictures.append((label, QPixmap.fromImage(image)))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the pictures into the width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        width = max(120, self._area.viewport().width() - 4)
        for label, picture in self._pictures:
            fitting = picture.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
            label.setPixmap(picture if picture.width() <= width else fitting)


def _pages_of(pdf: bytes) -> list[QImage]:
    pages = range(min(len(page_sizes(pdf)), MOST_PAGES))
    return [_image_of(page_image(pdf, page, DOTS)) for page in pages]


def _image_of(page: PageImage) -> QImage:
    image = QImage(page.pixels, page.width, page.height, page.width * 4, QImage.Format.Format_RGB32)
    return image.copy()  # the bytes belong to the page
