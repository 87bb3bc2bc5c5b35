"""The real program on a real screen, by keyboard alone."""
