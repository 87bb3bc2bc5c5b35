"""What the pages about printing are made of."""
