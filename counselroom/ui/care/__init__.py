"""Tiers of care and follow-up in the window: words, shapes, and the parts their pages and dialogs share."""
