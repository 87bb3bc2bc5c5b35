"""Parts of the page of cases."""
