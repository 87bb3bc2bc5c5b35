"""The forms of the program, and which definition was in use when something was written or printed with it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from sqlalchemy import select

from counselroom.model.office import FormInUse, Parameter
from counselroom.printing.definitions import Form
from counselroom.printing.form_files import load_forms, read_form
from counselroom.services.bindings import disclosure_classes
from counselroom.services.desk import Work


@cache
def all_forms() -> dict[str, Form]:
    """Return the shipped forms by id. Raises FormRefused for one that breaks a rule."""
    return load_forms(disclosure_classes())


def current(work: Work, form_id: str) -> Form | None:
    """Return the form that is printed now: the school's own copy if it uses one, else the shipped one.

    None when the program has no form of this number.
    """
    chosen = work.session.get(Parameter, school_copy_key(form_id))
    own = None if chosen is None else kept(work, str(chosen.value))
    return own or all_forms().get(form_id)


def kept(work: Work, sha256: str) -> Form | None:
    """Return a definition as it was when something was printed with it; None when none of this hash is kept."""
    row = work.session.get(FormInUse, sha256)
    return None if row is None else _read(row.source)


def school_copies(work: Work) -> Mapping[str, str]:
    """Return the hash of the school's own copy of each form that has one in use, by the form's number."""
    start = school_copy_key("")
    rows = work.session.execute(select(Parameter.key, Parameter.value).where(Parameter.key.startswith(start)))
    return {key.removeprefix(start): str(value) for key, value in rows}


def school_copy_key(form_id: str) -> str:
    """Return where it is written that the school uses its own copy of a form."""
    return f"form.{form_id}"


@lru_cache(maxsize=64)
def _read(source: str) -> Form:
    return read_form(source, "", disclosure_classes())


def remember(work: Work, form_id: str) -> str:
    """Keep the shipped definition of a form in the vault and return its hash."""
    return remember_form(work, all_forms()[form_id])


def remember_form(work: Work, form: Form) -> str:
    """Keep a definition in the vault and return its hash, so that old prints stay possible."""
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
