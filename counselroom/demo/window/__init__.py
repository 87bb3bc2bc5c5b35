"""The part of the demonstration that is played through the window; only this part of it knows Qt."""
