"""Parts of the pages of 专案: the band, the checklist, the guard, whom to reach, what happened."""
