"""Pages of a finished print as pictures, for the window, which knows nothing of PDF. Nothing here reads the vault."""

from __future__ import annotations

from counselroom.printing.page_images import (
    PageImage,
    PageSize,
    WordPlace,
    page_bands,
    page_image,
    page_sizes,
    word_places,
)

__all__ = ["PageImage", "PageSize", "WordPlace", "page_bands", "page_image", "page_sizes", "word_places"]
