"""What each person has done in a school year, and what is missing."""

from __future__ import annotations

from PySide6.QtWidgets import QHeaderView, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.register_progress import Progress
from counselroom.ui.masking import Face
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.chip_face import ChipFace
from counselroom.ui.widgets.list_table import ListTable


class ProgressTable(ListTable):
    """One line for each person: role, what the year asks for, what is done, what is missing."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(icons, pgettext("register", "By person"), parent)
        self._icons = icons
        self._heads = PlainModel(
            (
                pgettext("register", "Name"),
                pgettext("register", "Role"),
                pgettext("register", "The year asks for"),
                pgettext("register", "Done"),
                pgettext("register", "Missing"),
            ),
            self,
        )
        self.setModel(self._heads)
        icons.theme.changed.connect(self._fit_heads)
        self._fit_heads()

    def show_progress(self, found: tuple[Progress, ...], face: Face | None) -> None:
        """Show the persons of a year.

        Args:
            found: the persons.
            face: how names are shown in a secret register; None for names that may be read.
        """
        self._heads.show([(str(number), _cells(each, face)) for number, each in enumerate(found)])

    def _fit_heads(self) -> None:
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        scale = self._icons.theme.pixels("size.base") / 14
        for column, width in enumerate((130, 150, 110, 90)):
            header.resizeSection(column, round(width * scale))


def _cells(each: Progress, face: Face | None) -> tuple[Cell, ...]:
    name = each.person if face is None else face.name(each.person)
    asked = "—" if each.required is None else f"{each.required} {each.unit}".rstrip()
    done = Cell(f"{each.done} {each.unit}".rstrip(), right=True)
    return Cell(name), Cell(each.group), Cell(asked, right=True), done, _missing(each)


def _missing(each: Progress) -> Cell:
    if each.required is None:
        return Cell("—", tone="ink3")
    if each.missing:
        words = _("{count} {unit} missing").format(count=each.missing, unit=each.unit)
        return Cell(chip=ChipFace(" ".join(words.split()), "amber", "mdi6.alert-outline"))
    return Cell(chip=ChipFace(each.instead or pgettext("register", "enough"), "accent", "mdi6.check"))
