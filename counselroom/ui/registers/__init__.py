"""The parts of the page and the dialogs of registers, made from a definition."""
