"""`counselroom forms`: lists and validates the forms; needs no vault."""

from __future__ import annotations

import argparse

from counselroom.commands.answer import Answer
from counselroom.services.forms import all_forms


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add nothing: all forms are listed."""
    del parser


def run(options: argparse.Namespace) -> Answer:
    """List id, secrecy, version, title and audiences of every form; a wrong definition is refused with its line."""
    del options
    rows = [
        {
            "id": form.id,
            "title": form.title,
            "secrecy": str(form.secrecy),
            "version": form.definition.form.version,
            "audiences": [str(audience) for audience in form.definition.form.audiences],
        }
        for form in all_forms().values()
    ]
    text = "\n".join(f"{row['id']}  {row['secrecy']}  v{row['version']}  {row['title']}" for row in rows)
    return Answer(text, {"forms": rows})
