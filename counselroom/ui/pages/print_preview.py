"""打印预览: the real page in the middle, what it takes with it at the right, the other forms at the left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QImage, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from counselroom.desktop.printer import Printer
from counselroom.i18n import _, pgettext
from counselroom.printing.definitions import Audience
from counselroom.rules.access import Refusal
from counselroom.services.changes import ChangeSet
from counselroom.services.desk import AccessDenied
from counselroom.services.page_images import WordPlace, page_image, page_sizes, word_places
from counselroom.services.print_making import PrintRequest
from counselroom.services.print_offers import FormLine, Offer, Offers, list_forms, offers_about
from counselroom.services.print_preview import Prepared, Sheet, draw, prepare
from counselroom.ui.file_chooser import FileKind
from counselroom.ui.messages import plain_sentence
from counselroom.ui.page import Page
from counselroom.ui.printing.choices import PrintChoices
from counselroom.ui.printing.making import not_written, print_blanks, print_set
from counselroom.ui.printing.offer_list import OfferList
from counselroom.ui.printing.page_bar import PageBar
from counselroom.ui.printing.paper_view import WHOLE, WIDTH, PaperView, picture_of
from counselroom.ui.redrawing import Redrawing
from counselroom.ui.room import Room
from counselroom.ui.size_class import SizeClass
from counselroom.vault.lanes import Job

_ARGUMENTS = ("form", "entity", "entity_id", "audience", "form_hash")
_LATER = 150
"""Milliseconds of rest until a page is drawn anew."""
_WHOLE_STUDENT = ("student", "case_file")
"""What a page can be opened for that is no record of its own."""
Drawn = tuple[Sheet, tuple[tuple[float, float], ...]]
Picture = tuple[QImage, tuple[WordPlace, ...]]


class PrintPreviewPage(Page):
    """One sheet before it is printed. Opened for {form, entity, entity_id, audience}; without a record, blank."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Print preview"), parent, back=True)
        self._subject: dict[str, str] = {}
        self._prepared: Prepared | None = None
        self._sheet: Sheet | None = None
        self._sizes: tuple[tuple[float, float], ...] = ()
        self._page = 0
        self._asked = 0
        self._is_wished = False
        self._reason = ""
        self._job: Job[Any] | None = None
        self._offers = OfferList(room.icons)
        self._paper = PaperView(room.icons.theme)
        self._choices = PrintChoices(room)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_LATER)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_LATER)
        self._bar = PageBar(room.icons, self._paper)
        self.header.add_action(self._bar)
        self._lay_out()
        self._connect()
        self._paper.show_words(_("Choose a form."))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._offers)
        row.addWidget(self._paper, 1)
        row.addWidget(self._choices)
        self.body.addLayout(row)

    def _connect(self) -> None:
        self._bar.turned.connect(self._turn)
        self._paper.turned.connect(self._turn)
        self._paper.size_wanted.connect(self._size_changed)
        self._offers.chosen.connect(self._choose_offer)
        self._choices.changed.connect(self._later.start)
        self._choices.touched.connect(self.touched)
        self._choices.print_wanted.connect(self._print)
        self._choices.save_wanted.connect(self._save)
        self._choices.reason_given.connect(self._look_because)
        self._later.timeout.connect(self._draw)
        self._soon.timeout.connect(self._draw_page)
        self.room.bus.changed.connect(self._reload_if_concerned)
        Redrawing(self, self.room.masking, self._show_or_cover, self.faces)
        QShortcut(QKeySequence("Ctrl+P"), self).activated.connect(self._print)

    def panels(self) -> Sequence[QWidget]:
        """Return the forms, the page and the choices."""
        return (self._offers.list, self._paper, self._choices)

    def first(self) -> QWidget:
        """Return the choice of the reader."""
        return self._choices.first()

    def set_size_class(self, size: SizeClass, height: int) -> None:
        """Leave the list of forms away and fit the width where there is little room."""
        super().set_size_class(size, height)
        if hasattr(self, "_offers"):
            self._offers.setVisible(size >= SizeClass.REGULAR)
            self._paper.set_zoom(WIDTH if size <= SizeClass.COMPACT else WHOLE)

    def zoom_text(self, step: int) -> bool:
        """Zoom the page in the place of the window's text."""
        self._paper.step(step)
        return True

    def show_subject(self, arguments: Mapping[str, Any]) -> None:
        """Show the form of one record; its content was opened on purpose and is not masked."""
        self._reason = ""
        self.room.masking.show_on_purpose(self.key)
        self._choices.begin(to_print=bool(arguments.get("to_print")), whole_set=bool(arguments.get("whole_set")))
        self._open(arguments)

    def state(self) -> dict[str, Any]:
        """Return the sheet, the choices and the page."""
        return {**self._subject, "choices": self._choices.state(), "page": self._page, "zoom": self._paper.zoom()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Show the sheet of before, masked."""
        self._choices.restore(dict(state.get("choices") or {}))
        self._page = int(state.get("page") or 0)
        self._paper.set_zoom(float(state.get("zoom") or WHOLE))
        if state.get("form") or state.get("entity_id"):
            self._open(state)

    def _open(self, arguments: Mapping[str, Any]) -> None:
        self._subject = {key: str(arguments.get(key) or "") for key in _ARGUMENTS}
        self._forget()
        room, entity, entity_id = self.room, self._subject["entity"], self._subject["entity_id"]
        if entity_id:
            room.tasks.query(
                self,
                lambda: offers_about(room.actor, room.desk, entity, entity_id),
                self._show_offers,
                key=f"{self.key}.offers",
                on_failed=self._failed,
            )
        else:
            room.tasks.query(
                self, lambda: list_forms(room.actor, room.desk), self._show_forms, key=f"{self.key}.offers"
            )
        room.tasks.job(lambda _job: room.printers.found(), self._show_printers, reads=False, owner=self)

    def _show_printers(self, printers: tuple[Printer, ...]) -> None:
        self._choices.show_printers(printers)
        self._print_if_wished()

    def _print_if_wished(self) -> None:
        if self._is_wished and self._sheet is not None and not self._choices.is_awaiting_printers():
            self._print()

    def _show_forms(self, lines: tuple[FormLine, ...]) -> None:
        self._fill(tuple(Offer(line.form_id, line.title, "", "", "", is_printed=False) for line in lines))

    def _show_offers(self, found: Offers) -> None:
        self._fill(found.offers)

    def _fill(self, offers: tuple[Offer, ...]) -> None:
        wanted = self._wanted_of(offers)
        title = _("Forms about this student") if self._subject["entity_id"] else _("Blank forms")
        self._offers.show_offers(title, offers, wanted)
        if wanted is None:
            self._show_failure(_("There is nothing to print yet for this student."))
        else:
            self._subject |= {"form": wanted.form_id, "entity": wanted.entity, "entity_id": wanted.entity_id}
            self._prepare(wanted.form_id, wanted.entity_id)

    def _wanted_of(self, offers: Sequence[Offer]) -> Offer | None:
        """Return the sheet to begin with: this form of this record, else this form, else the first.

        A record that was asked for and is not offered is tried all the same: the gate says why not, or asks for a
        reason.
        """
        form, entity, entity_id = (self._subject[key] for key in ("form", "entity", "entity_id"))
        exact = next((offer for offer in offers if (offer.form_id, offer.entity_id) == (form, entity_id)), None)
        if exact is None and form and entity_id and entity not in _WHOLE_STUDENT:
            return Offer(form, form, entity, entity_id, "", is_printed=False)
        fitting = [offer for offer in offers if not form or offer.form_id == form] or offers
        return exact or next(iter(fitting), None)

    def _choose_offer(self, offer: Offer) -> None:
        self._subject |= {"form": offer.form_id, "audience": "", "form_hash": ""}
        self._subject |= {"entity": offer.entity, "entity_id": offer.entity_id}
        self._page = 0
        self._forget()
        self.touched.emit()
        self._prepare(offer.form_id, offer.entity_id)

    def _prepare(self, form_id: str, entity_id: str) -> None:
        room, actor, form_hash = self.room, self.room.actor.because(self._reason), self._subject["form_hash"]
        room.tasks.query(
            self,
            lambda: prepare(actor, room.desk, form_id, entity_id, form_hash),
            self._show_prepared,
            key=f"{self.key}.prepare",
            on_failed=self._failed,
        )

    def _show_prepared(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self.header.set_meta("　".join(word for word in (prepared.form_id, prepared.title, prepared.number) if word))
        self._choices.show_prepared(prepared, self._subject["audience"])
        self._draw()

    def _draw(self) -> None:
        """Draw the sheet anew, beside the window; only the newest is shown."""
        prepared, choices = self._prepared, self._choices
        if prepared is None or self.room.tasks.is_closed:  # its timer may still run under the cover
            return
        self._asked += 1
        asked = self._asked
        audience, ticked = choices.audience(), choices.ticked()
        recipient, purpose = choices.recipient(), choices.purpose()

        def work(_job: Job[Drawn]) -> Drawn:
            sheet = draw(prepared, audience, ticked, recipient, purpose)
            return sheet, tuple((size.width, size.height) for size in page_sizes(sheet.pdf))

        def show(drawn: Drawn) -> None:
            if asked == self._asked:
                self._show_sheet(drawn)

        def fail(error: BaseException) -> None:
            if asked == self._asked:
                self._failed(error)

        self.room.tasks.job(work, show, on_failed=fail, reads=False, owner=self)

    def _show_sheet(self, drawn: Drawn) -> None:
        self._sheet, self._sizes = drawn
        self._page = min(self._page, len(self._sizes) - 1)
        self._choices.show_sheet(self._sheet, self.face())
        self._draw_page()
        self._print_if_wished()

    def _draw_page(self) -> None:
        sheet, page = self._sheet, self._page
        if sheet is None or not self.isVisible():
            return
        if self._is_covered():
            self._paper.show_words(_("The page is covered while names are masked. F8 shows it."))
            return
        resolution, factor = self._paper.dots_per_inch(), self._paper.factor()

        def work(_job: Job[Picture]) -> Picture:
            image = page_image(sheet.pdf, page, resolution * factor)
            return picture_of(image, factor), word_places(sheet.pdf, page, sheet.check.pen_words)

        def show(picture: Picture) -> None:
            if sheet is self._sheet and page == self._page and not self._is_covered():
                self._paper.show_page(picture[0], self._sizes[page], picture[1])
                self._bar.show_zoom()

        self.room.tasks.job(work, show, reads=False, owner=self)
        self._bar.show_pages(page, len(self._sizes))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the page for the place it has now."""
        super().showEvent(event)
        self._soon.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Keep no picture of a page that nobody sees; it is drawn again when it is."""
        super().hideEvent(event)
        self._paper.let_go()

    def _is_covered(self) -> bool:
        return self.face().masked and self._prepared is not None and not self._prepared.is_blank

    def _show_or_cover(self) -> None:
        self._draw_page()
        if self._sheet is not None:
            self._choices.show_sheet(self._sheet, self.face())

    def _size_changed(self) -> None:
        self._bar.show_zoom()
        self._soon.start()

    def _turn(self, by: int) -> None:
        page = min(max(0, self._page + by), max(0, len(self._sizes) - 1))
        if page != self._page:
            self._page = page
            self.touched.emit()
            self._draw_page()

    def _forget(self) -> None:
        self._prepared, self._sheet, self._sizes = None, None, ()
        self._asked += 1
        self._is_wished = False
        self._choices.set_ready(ready=False)

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, AccessDenied) and error.refusal == Refusal.REASON_NEEDED:
            self._choices.ask_reason(error.happened)
        self._show_failure(plain_sentence(error))

    def _show_failure(self, sentence: str) -> None:
        self._sheet = None
        self._is_wished = False
        self._choices.set_ready(ready=False)
        self._paper.show_words(sentence)

    def _look_because(self, reason: str) -> None:
        self._reason = reason.strip()
        self._prepare(self._subject["form"], self._subject["entity_id"])

    def _reload_if_concerned(self, changes: ChangeSet) -> None:
        if self._prepared is not None and not self._prepared.is_blank and changes.concerns("print_log", "referral"):
            self._prepare(self._prepared.form_id, self._subject["entity_id"])

    def _request(self) -> PrintRequest:
        choices = self._choices
        return PrintRequest(
            self._subject["form"],
            self._subject["entity_id"],
            Audience(choices.audience()),
            choices.recipient(),
            choices.purpose(),
            choices.ticked(),
            form_hash=self._subject["form_hash"],
        )

    def _print(self) -> None:
        prepared, sheet, room, choices = self._prepared, self._sheet, self.room, self._choices
        self._is_wished = False
        if self._job is not None:
            return
        if prepared is None or sheet is None or not choices.is_ready():
            # Ctrl P before the sheet is drawn or the printers are known is remembered until they are.
            self._is_wished = choices.is_awaiting_printers() or sheet is None
            return
        copies, printer, actor = choices.copies(), choices.printer(), room.actor.because(self._reason)
        choices.set_ready(ready=False)
        if prepared.is_blank:
            readers = choices.readers()

            def blanks(job: Job[int]) -> int:
                sheets = [(prepared.form_id, draw(prepared, reader, (), "", "").pdf) for reader in readers]
                return print_blanks(room, job, sheets, copies, printer)

            self._job = room.tasks.job(
                blanks,
                self._printed,
                on_failed=self._not_printed,
                reads=False,
            )
            return
        # The copies of the other readers carry nothing that was ticked or written for this one.
        mine = self._request()
        requests = [mine] + [
            PrintRequest(mine.form_id, mine.entity_id, Audience(key), purpose=mine.purpose, form_hash=mine.form_hash)
            for key in choices.readers()[1:]
        ]
        self._job = room.tasks.job(
            lambda job: print_set(room, job, actor, requests, copies, printer),
            lambda done: self._printed(done.value),
            on_failed=self._not_printed,
            reads=False,
        )

    def _printed(self, copies: int) -> None:
        self._job = None
        self._choices.set_ready(ready=self._sheet is not None)
        self.room.messages.say(_("Printed {count} copies of {form}.").format(count=copies, form=self._subject["form"]))

    def _not_printed(self, error: BaseException) -> None:
        self._job = None
        self._choices.set_ready(ready=self._sheet is not None)
        self.room.messages.tell(error)

    def _save(self) -> None:
        prepared, sheet = self._prepared, self._sheet
        if prepared is None or sheet is None:
            return
        if prepared.is_blank:
            kind = FileKind(_("PDF files"), ("*.pdf",))
            path = self.room.files.save_file(self, pgettext("print", "Save a PDF"), sheet.file_name, kind)
            if path is not None:
                self._write_blank(path, sheet.pdf)
            return
        request = self._request()
        self.room.ways.open_dialog(
            "save_pdf",
            form=request.form_id,
            entity_id=request.entity_id,
            audience=request.audience.value,
            recipient=request.recipient,
            purpose=request.purpose,
            ticked=sorted(request.ticked),
            file_name=sheet.file_name,
            why=self._reason,
        )

    def _write_blank(self, path: Path, pdf: bytes) -> None:
        def work(_job: Job[None]) -> None:
            try:
                path.write_bytes(pdf)
            except OSError:
                raise not_written() from None

        said = _("Saved {file}.").format(file=path.name)
        self.room.tasks.job(work, lambda _none: self.room.messages.say(said), reads=False)
