"""Something to print for the tests of printers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from counselroom.services.page_images import PageImage, page_bands, page_sizes


@dataclass
class PdfPaper:
    """A document; `before_band` is called before each band is handed out."""

    pdf: bytes
    before_band: Callable[[], None] = lambda: None
    resolutions: list[float] = field(default_factory=list)

    @property
    def page_sizes(self) -> list[tuple[float, float]]:
        return [(size.width, size.height) for size in page_sizes(self.pdf)]

    def bands(self, page: int, dots_per_inch: float, stopped: Callable[[], bool]) -> Iterator[PageImage]:
        self.resolutions.append(dots_per_inch)
        for band in page_bands(self.pdf, page, dots_per_inch, stopped):
            self.before_band()
            yield band
