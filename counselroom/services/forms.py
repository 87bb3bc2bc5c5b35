"""The forms of the program, and which definition was in use when something was written or printed with it."""

from __future__ import annotations

from functools import cache

from counselroom.model.office import FormInUse
from counselroom.printing.definitions import Form
from counselroom.printing.form_files import load_forms
from counselroom.services.bindings import disclosure_classes
from counselroom.services.desk import Work


@cache
def all_forms() -> dict[str, Form]:
    """Return the shipped forms by id. Raises FormRefused for one that breaks a rule."""
    return load_forms(disclosure_classes())


def remember(work: Work, form_id: str) -> str:
    """Keep the definition of a form in the vault and return its hash, so that old prints stay possible."""
    form = all_forms()[form_id]
    if work.session.get(FormInUse, form.sha256) is None:
        work.session.add(
            FormInUse(
                hash=form.sha256,
                form_id=form.id,
                version=form.definition.form.version,
                source=form.source,
                first_used_at=work.now,
            )
        )
        work.session.flush()
    return form.sha256
