"""Pages of a finished print as pictures, for the window, which knows nothing of PDF. Nothing here reads the vault."""

from __future__ import annotations

from counselroom.printing.page_images import PageImage, PageSize, page_bands, page_image, page_sizes

__all__ = ["PageImage", "PageSize", "page_bands", "page_image", "page_sizes"]
