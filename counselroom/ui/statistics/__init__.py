"""Parts of the page 统计: period, figures, charts and their tables."""
