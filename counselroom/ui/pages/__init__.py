"""One page of the rail per module."""
