"""Forms as data, audiences, and the PDF renderer."""
