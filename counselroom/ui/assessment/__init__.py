"""Parts of the page of a risk assessment."""
