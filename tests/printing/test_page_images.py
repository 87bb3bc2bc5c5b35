"""Pages as pictures: white paper, the right size, bands that make up the whole, and one caller at a time."""

from __future__ import annotations

import threading

import pytest

from counselroom.errors import Bug
from counselroom.printing.page_images import PageImage, page_bands, page_image, page_sizes, word_places
from counselroom.services.prints import print_blank


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return print_blank("F-50")


def pixel(image: PageImage, x: int, y: int) -> tuple[int, int, int]:
    start = (y * image.width + x) * 4
    blue, green, red = image.pixels[start : start + 3]
    return red, green, blue


def test_a_page_is_as_large_as_its_paper(pdf: bytes) -> None:
    (size,) = page_sizes(pdf)
    assert (round(size.width), round(size.height)) == (595, 842)
    image = page_image(pdf, 0, 72)
    assert (image.width, image.height, image.page_height) == (595, 842, 842)
    assert len(image.pixels) == 595 * 842 * 4


def test_the_paper_is_white_and_the_print_black(pdf: bytes) -> None:
    image = page_image(pdf, 0, 100)
    assert pixel(image, 2, 2) == (255, 255, 255)
    assert pixel(image, image.width - 3, image.height - 3) == (255, 255, 255)
    darkest = min(image.pixels[0::4])
    assert darkest < 60


def test_the_first_row_is_the_top(pdf: bytes) -> None:
    image = page_image(pdf, 0, 72)
    upper = image.pixels[: 60 * image.width * 4]
    assert min(upper) < 120, "the head stands in the first two centimetres"


def test_bands_make_up_the_page(pdf: bytes) -> None:
    whole = page_image(pdf, 0, 300)
    bands = list(page_bands(pdf, 0, 300))
    assert len(bands) > 3
    assert all(len(band.pixels) <= 2 * 1024 * 1024 for band in bands)
    assert [band.top for band in bands] == [sum(each.height for each in bands[:at]) for at in range(len(bands))]
    assert sum(band.height for band in bands) == whole.height
    # Edges at the joints may be shaded one step differently, because a band is drawn on its own.
    together = b"".join(band.pixels for band in bands)
    differing = sum(one != other for one, other in zip(together[1::4], whole.pixels[1::4], strict=True))
    assert differing < whole.width * len(bands)


def test_bands_stop_when_asked(pdf: bytes) -> None:
    answers = iter((False, True))
    assert len(list(page_bands(pdf, 0, 300, lambda: next(answers)))) == 1


def test_what_is_not_there_is_our_mistake(pdf: bytes) -> None:
    with pytest.raises(Bug, match="no page 1"):
        page_image(pdf, 1, 72)
    with pytest.raises(Bug, match="not a PDF"):
        page_sizes(b"a text")


def test_many_threads_may_ask_at_once(pdf: bytes) -> None:
    expected = page_image(pdf, 0, 90).pixels
    found: list[bool] = []

    def ask() -> None:
        found.extend(page_image(pdf, 0, 90).pixels == expected for _round in range(3))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 12


def test_words_are_found_where_they_stand(pdf: bytes) -> None:
    places = word_places(pdf, 0, ("签名：", "姓", "没有这个词"))
    signs = [place for place in places if place.word == "签名："]
    assert len(signs) >= 2
    assert all(place.y > 300 and 15 < place.width < 60 and 3 < place.height < 20 for place in signs)
    (name,) = [place for place in places if place.word == "姓"][:1]
    assert name.y < 200
    assert all(place.word != "没有这个词" for place in places)
