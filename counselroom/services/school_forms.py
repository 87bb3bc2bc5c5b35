"""The school's own copies of forms: taken in, used in the place of the shipped ones, and given up again.

A copy is kept in the vault by its hash like every definition, so it is in every backup, and what was printed with it
can be printed again after it was given up.
"""

from __future__ import annotations

from collections.abc import Mapping

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.office import Parameter
from counselroom.printing.form_files import check_school_copy, read_form
from counselroom.rules.access import Action, Actor, Subject
from counselroom.services import access, forms
from counselroom.services.bindings import disclosure_classes
from counselroom.services.changes import Done
from counselroom.services.desk import Desk

_ENDING = ".school"


def use_school_form(actor: Actor, desk: Desk, source: str, file: str) -> Done[str]:
    """Use the school's own copy of a form from now on and return the form's number.

    Args:
        actor: who decides; the director.
        desk: the desk.
        source: the text of the definition.
        file: the file's name, for a refusal.

    Raises:
        FormRefused: the copy is not well made, or gives away more than the shipped form; with file, line and reason.
        UserError: the program has no form of this number.
    """
    copy = read_form(source, file, disclosure_classes())
    form_id = copy.id.removesuffix(_ENDING)
    original = forms.all_forms().get(form_id)
    if original is None:
        raise UserError(_("There is no form {form}.").format(form=form_id), _("Nothing was changed."))
    check_school_copy(original, copy, file)
    with desk.change() as work:
        access.allow(actor, Action.MANAGE_SCHOOL, Subject("form_in_use", copy.sha256), work)
        forms.remember_form(work, copy)
        key = forms.school_copy_key(form_id)
        row = work.session.get(Parameter, key)
        if row is None:
            work.session.add(Parameter(key=key, value=copy.sha256, changed_at=work.now, changed_by=actor.account_id))
        else:
            row.value, row.changed_at, row.changed_by = copy.sha256, work.now, actor.account_id
        work.changed("form_in_use", copy.sha256)
        return Done(form_id, work.changes())


def use_shipped_form(actor: Actor, desk: Desk, form_id: str) -> Done[None]:
    """Use the shipped form again; sheets printed with the school's copy can still be printed as they were.

    Raises:
        UserError: the school has no copy of this form in use.
    """
    with desk.change() as work:
        access.allow(actor, Action.MANAGE_SCHOOL, Subject("form_in_use", form_id), work)
        row = work.session.get(Parameter, forms.school_copy_key(form_id))
        if row is None:
            raise UserError(
                _("The school has no form {form} of its own.").format(form=form_id), _("Nothing was changed.")
            )
        work.session.delete(row)
        work.changed("form_in_use", form_id)
        return Done(None, work.changes())


def school_forms(actor: Actor, desk: Desk) -> Mapping[str, str]:
    """Return the hash of the school's copy of each form that has one in use, by the form's number."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("form_in_use"), work)
        return forms.school_copies(work)
