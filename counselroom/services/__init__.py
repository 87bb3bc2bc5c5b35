"""One module per system: transaction boundary, access check; returns frozen dataclasses and a ChangeSet."""
