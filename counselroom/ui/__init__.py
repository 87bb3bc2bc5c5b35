"""The window: PySide6 widgets over the services. Only this layer (and `desktop/qt_*`) knows Qt."""

from counselroom.ui.lean_imports import spare_sources

spare_sources()  # before the first module of the window is imported
