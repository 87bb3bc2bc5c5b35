"""The components of the design, each a small class."""
