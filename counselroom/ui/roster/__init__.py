"""Importing a roster: the parts that the first run and the page of the room share."""
