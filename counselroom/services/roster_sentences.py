"""Says in words what is wrong with a row of a roster, for the preview, the command line and the report."""

from __future__ import annotations

from counselroom.i18n import _
from counselroom.rules.roster import NearKind
from counselroom.rules.roster_problems import REFUSING, Problem, RefusedRow, RowProblem


def refusal_sentence(refused: RefusedRow) -> str:
    """Return why a row is not imported: one sentence for every reason that refuses it."""
    reasons = [problem for problem in refused.problems if problem.problem in REFUSING]
    return "".join(problem_sentence(problem) for problem in reasons)


def problem_sentence(problem: RowProblem) -> str:
    """Return the sentence of one problem; it names the row, never a person."""
    return _sentences()[problem.problem].format(row=problem.row, other=problem.other_row)


def near_sentence(kind: NearKind) -> str:
    """Return why two students may be one."""
    return {
        NearKind.SAME_NAME_AND_CLASS: _("Same name and class, different number."),
        NearKind.ONE_CHARACTER: _("Same name, and the numbers differ in one character."),
        NearKind.SAME_NAME_AND_BIRTH_DATE: _("Same name and birth date, different number."),
    }[kind]


def _sentences() -> dict[Problem, str]:
    return {
        Problem.NO_NAME: _("Row {row} has no name."),
        Problem.NO_IDENTITY: _("Row {row} has no student number, and name, class and birth date are not complete."),
        Problem.NUMBER_DAMAGED: _("In row {row} the spreadsheet has lost the last digits of the student number."),
        Problem.NUMBER_ODD: _("What stands in row {row} as the student number is none."),
        Problem.TEXT_TOO_LONG: _("A cell of row {row} is far too long."),
        Problem.DUPLICATE_NUMBER: _("The student number of row {row} stands in row {other} already."),
        Problem.DUPLICATE_STUDENT: _("Row {row} is the same student as row {other}."),
        Problem.OTHER_TABLE: _("Row {row} belongs to a second table with other columns."),
        Problem.NUMBER_OF_ANOTHER: _("The student number of row {row} belongs to another student in the vault."),
        Problem.AMBIGUOUS: _("Row {row} has no student number and fits two students in the vault."),
        Problem.VOIDED_STUDENT: _("The student number of row {row} belongs to a record that was voided."),
        Problem.BAD_DATE: _("The birth date in row {row} is not a date; it was left out."),
        Problem.MONTH_ONLY: _("The birth date in row {row} names only the month; its first day was taken."),
        Problem.BAD_GENDER: _("The gender in row {row} was not understood; it was left out."),
        Problem.ODD_PHONE: _("A telephone number in row {row} does not look like one; it was kept as it stands."),
        Problem.ODD_NAME: _("The name in row {row} holds signs that names don't; it was kept as it stands."),
        Problem.DAMAGED_NAME: _("A rare character in the name of row {row} may have been lost; please compare."),
        Problem.FORMULA_LIKE: _("A text in row {row} looks like a formula; it was kept as text."),
        Problem.UNKNOWN_GROUP: _("A special group in row {row} was not understood; it was left out."),
        Problem.UNKNOWN_STATUS: _("The state of the student in row {row} was not understood; it was left out."),
        Problem.ID_DIFFERS: _("The identity card number in row {row} says another birth date or gender."),
    }
