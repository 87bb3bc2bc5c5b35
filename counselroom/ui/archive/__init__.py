"""The psychological archive in the window: the card that is typed in, and the index of the volume."""
