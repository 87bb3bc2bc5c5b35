"""Parts of the page 今日."""
