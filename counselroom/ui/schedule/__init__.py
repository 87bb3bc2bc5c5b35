"""Parts of 日程 and of the dialogs of booking."""
