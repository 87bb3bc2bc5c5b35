"""The bar at the top of every page: search, masking, lock, user."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QWidget

from counselroom.i18n import _, pgettext
from counselroom.ui.theme.icons import Icons, icon_label
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.icon_button import IconButton
from counselroom.ui.widgets.search_button import SearchButton
from counselroom.ui.widgets.variant import set_variant


class TopBar(QFrame):
    """The same on every page.

    Attributes:
        search_wanted: open the palette.
        mask_wanted: toggle the masking of names.
        lock_wanted: lock at once.
        menu_wanted: show the rail, which is hidden in a very narrow window.
        user_menu: what hangs under the user's name.
    """

    search_wanted = Signal()
    mask_wanted = Signal()
    lock_wanted = Signal()
    menu_wanted = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "top_bar")
        self._icons = icons
        self._compact = False
        self._menu = IconButton(icons.named("mdi6.menu"), pgettext("window", "Pages"))
        self._menu.clicked.connect(self.menu_wanted)
        self._menu.hide()
        self._search = SearchButton(icons, _("Search names, pinyin initials, student numbers"), "Ctrl K")
        self._search.clicked.connect(self.search_wanted)
        self._mask = Button("", icon=icons.named("mdi6.eye-outline"), key="F8", size="compact")
        self._mask.clicked.connect(self.mask_wanted)
        lock = Button(pgettext("window", "Lock"), icon=icons.named("mdi6.lock-outline"), key="F12", size="compact")
        lock.clicked.connect(self.lock_wanted)
        self._user = Button("", "plain", icon=icons.named("mdi6.account-outline"), size="compact")
        self._user.set_tail(icon_label(icons.named("mdi6.chevron-down"), "ink2", 16))
        self.user_menu = QMenu(self._user)
        self._user.setMenu(self.user_menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 16, 1)
        row.setSpacing(12)
        row.addWidget(self._menu)
        row.addWidget(self._search, 100)
        row.addStretch(1)
        for widget in (self._mask, lock, self._user):
            row.addWidget(widget)
        self.set_masked(True)
        self.set_user("")
        icons.theme.changed.connect(self._fit)
        self._fit()

    def set_masked(self, masked: bool) -> None:
        """Show whether names are masked, in a word and by the icon."""
        self._mask.setText(pgettext("window", "Names masked") if masked else pgettext("window", "Names shown"))
        eye = self._icons.named("mdi6.eye-off-outline" if masked else "mdi6.eye-outline")
        self._mask.set_icon(eye, "accent" if masked else "")
        set_variant(self._mask, "on", "true" if masked else "false")
        self._mask.updateGeometry()

    def set_user(self, name: str) -> None:
        """Show who works here."""
        self._user.setText(name or pgettext("window", "User"))
        self._user.updateGeometry()

    def set_compact(self, compact: bool) -> None:
        """Be lower in a small window."""
        self._compact = compact
        self._fit()

    def set_menu_shown(self, shown: bool) -> None:
        """Show the button that opens the rail."""
        self._menu.setVisible(shown)

    def search_button(self) -> QWidget:
        """Return the search field, where the keyboard goes back to after the palette."""
        return self._search

    def _fit(self) -> None:
        height = self._icons.theme.pixels("height.top_bar")
        self.setFixedHeight(height - (6 if self._compact else 0))
