"""Models of the lists."""
