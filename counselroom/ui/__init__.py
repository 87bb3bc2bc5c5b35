"""The window: PySide6 widgets over the services. Only this layer (and `desktop/qt_*`) knows Qt."""
