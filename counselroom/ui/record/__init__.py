"""The parts of the student's record page."""
