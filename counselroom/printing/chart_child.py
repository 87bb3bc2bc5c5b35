"""The child process that draws charts: started as `python -m counselroom.printing.chart_child`.

matplotlib takes half a second and 60 MB to come; in a process of its own it takes neither from the window. Each line on
standard input is a JSON array of charts with their looks (`chart_data.to_json`); each chart is answered on standard
output by a line `[width, height]` and the pixels. Only counts that the page shows come here, and no person.

It ends at the end of its input, and so with the window, however that ends.
"""

from __future__ import annotations

import json
import sys
from typing import BinaryIO

from counselroom.printing.chart_data import from_json

COMMAND = "draw-charts-in-child"
"""First argument with which a frozen program starts itself as this child, since it has no `python -m`."""


def run(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer every line of `source` on `sink` until there is none."""
    from counselroom.printing.charts import draw  # before the first line is there: the window still counts meanwhile

    for line in source:
        for values in json.loads(line):
            picture = draw(*from_json(values))
            sink.write(json.dumps([picture.width, picture.height]).encode() + b"\n")
            sink.write(picture.pixels)
        sink.flush()


def main() -> int:
    """Draw what standard input asks for; nothing but pictures is written to standard output."""
    pictures, sys.stdout = sys.stdout.buffer, sys.stderr
    try:
        run(sys.stdin.buffer, pictures)
    except BrokenPipeError:
        return 1  # nobody is there any more to look at it
    return 0


if __name__ == "__main__":
    sys.exit(main())
