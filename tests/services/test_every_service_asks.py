"""Every public function of every service takes the actor first and asks `access.allow` (R-01), found by reading it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import counselroom.services

PURE = {
    "access.allow": "the gate itself",
    "access.judge": "the gate's decision without a trace, for a list or a button; shows nothing of a record",
    "access.grants_of": "inside the gate: what an account was granted",
    "accounts.found_room": "runs before the vault has an account; asks as the founder and refuses a second time",
    "accounts.actor_at_the_desk": "runs before anybody is an actor: says who unlocked",
    "anchor_store.with_machine_secret": "completes what was typed before a vault is open",
    "through.here": "does a piece of work that asks itself",
    "archives.archive_view": "a loaded archive in words",
    "archives.card_view": "a loaded card in words",
    "archive_rows.page_words": "two numbers in words",
    "archive_rows.item_data": "a loaded line in words",
    "card_fields.card_sections": "reads the shipped form, no vault",
    "card_fields.answers_of": "turns a read card into answers, no vault",
    "card_fields.card_of": "turns answers into a card, no vault",
    "register_definitions.field_of": "reads a definition, no vault",
    "audit_words.action_word": "a word, no vault",
    "audit_words.entity_word": "a word, no vault",
    "backup_log.facts": "puts numbers into the words of an audit row, no vault",
    "bindings.disclosure_classes": "reads the model's columns, no vault",
    "crisis_rows.reading": "what the clocks say, no record",
    "crisis_rows.as_rule": "a loaded row as the rules see it",
    "crisis_rows.present_of": "what time it is for loaded rows",
    "crisis_rows.trusted": "what time it is that can be believed",
    "crisis_rows.start_clock": "sets the deadline of a row in an allowed piece of work",
    "crisis_views.data_of": "a loaded row in words",
    "crisis_views.level_word": "a word",
    "crisis_views.state_word": "a word",
    "first_run.found_vault": "makes the vault; there is nobody before it",
    "first_run.begin_first_run": "makes the first account, as `found_room` does",
    "first_run.has_accounts": "whether there is anybody who could ask",
    "forms.school_copy_key": "a key of the table of parameters",
    "follow_up_files.parameter_keys": "reads the shipped definitions, no vault",
    "follow_up_files.read_rules": "reads a text that is handed to it, no vault",
    "follow_up_files.shipped_rules": "reads the shipped rules, no vault",
    "finding.warm_up": "loads the readings of characters, no vault",
    "form_parts.missing": "a sentence",
    "form_parts.words": "reads shipped words, no vault",
    "form_parts.term_name": "the name of a term",
    "form_parts.clock_text": "a moment in words",
    "form_parts.minutes_between": "counts minutes",
    "form_parts.guardian_values": "a loaded guardian as a form says it",
    "forms.all_forms": "reads the shipped forms, no vault",
    "parameter_values.definitions": "reads the shipped definitions, no vault",
    "parameter_values.definition_of": "reads the shipped definitions, no vault",
    "guard_rows.as_shift": "a loaded row as the rules see it",
    "consents.consent_version": "reads the shipped form, no vault",
    "data_lists.read_list": "checks a text, no vault",
    "data_lists.refuse_twice": "checks a text, no vault",
    "note_files.read_templates": "checks a text, no vault",
    "note_files.read_phrases": "checks a text, no vault",
    "note_files.all_templates": "reads the shipped templates, no vault",
    "note_files.all_phrases": "reads the shipped phrases, no vault",
    "note_files.template_for": "picks from the shipped templates, no vault",
    "note_saving.draft_place": "the name of a place",
    "note_saving.store_note": "hands the actor to the services of sessions, and they ask",
    "note_saving.keep_text": "hands the actor to the service of drafts, and that one asks",
    "note_saving.sign_text": "hands the actor to the services of sessions and drafts, and they ask",
    "note_saving.discard_text": "the same",
    "topics.read_topics": "checks a text, no vault",
    "topics.all_topics": "reads the shipped topics, no vault",
    "topics.topic_label": "a word",
    "plan_files.read_checklist": "checks a text, no vault",
    "plan_files.read_criteria": "checks a text, no vault",
    "plan_files.shipped_checklists": "reads the shipped plan, no vault",
    "plan_files.shipped_criteria": "reads the shipped criteria, no vault",
    "plan_files.limit_unit": "the unit of a shipped parameter, no vault",
    "prints.print_blank": "a blank form holds nothing (R-19), no vault",
    "print_making.answers": "picks from a record that `print_form` was allowed to load",
    "print_making.form_named": "reads the shipped forms, no vault",
    "print_making.head_of": "puts together what an allowed piece of work has read",
    "print_making.refuse_what_is_not_ready": "raises the refusals of a loaded record",
    "restore_elsewhere.look_into_backup": "a file that says nothing secret, no vault",
    "restore_elsewhere.check_sheet": "the sheet itself is what opens the file, no vault",
    "restore_elsewhere.restore_to_new_place": "opened by the sheet; asks as the director of the restored vault",
    "print_preview.draw": "draws what `prepare` was allowed to load, no vault",
    "register_definitions.registers": "reads the shipped forms, no vault",
    "register_definitions.register_named": "reads the shipped forms, no vault",
    "register_definitions.applying": "the printer's conditions on answers that are typed, no vault",
    "register_definitions.leads_at_once": "the definition's condition on answers that are typed, no vault",
    "register_definitions.printable": "turns an answer into the printer's kind, no vault",
    "register_definitions.shown_text": "puts an answer into words, no vault",
    "register_entries.kept_answers": "checks answers that are typed, no vault",
    "register_exports.state_word": "the word for the state of a loaded row",
    "register_papers.list_key": "writes a filter down, no vault",
    "register_papers.is_list_key": "looks at a key, no vault",
    "register_progress.progress_of": "sums rows that were read, no vault",
    "register_definitions.counts_instead": "reads the shipped form, no vault",
    "audit_papers.audit_key": "writes a filter down, no vault",
    "audit_extract.audit_conditions": "what a filter asks of a row, no vault",
    "audit_extract.audit_names": "who is meant by a row, in an allowed piece of work",
    "audit_extract.reason_words": "a text in words",
    "register_rows.row_subject": "a loaded row as the rules see it, which is what the gate is asked about",
    "register_rows.view_subject": "the same",
    "register_rows.list_subject": "the same, of a register as a whole",
    "register_rows.matching": "picks from rows that were allowed",
    "register_rows.view_of": "a loaded row in words",
    "register_rows.sums_of": "adds up rows that were allowed",
    "roster_import.roster_words": "reads shipped words, no vault",
    "roster_sentences.near_sentence": "puts two rows that may be one student into words, no vault",
    "roster_sentences.refusal_sentence": "puts a refused row into words, no vault",
    "roster_sentences.problem_sentence": "puts a problem of a row into words, no vault",
    "roster_store.stored_students": "inside `roster_import`, on the session of an allowed piece of work",
    "rows.case_subject": "a loaded row as the rules see it, which is what the gate is asked about",
    "rows.session_subject": "the same",
    "rows.session_title": "the code of a loaded case",
    "rows.referral_subject": "the same",
    "rows.guardian_view": "two loaded rows as one view",
    "rows.moved_on": "a sentence",
    "school.vocabulary": "reads shipped words, no vault",
    "statistics.topic_word": "a word",
    "statistics_words.definition": "a sentence",
    "statistics_words.figure_word": "a word",
    "statistics_words.gender_word": "a word",
    "statistics_words.grade_word": "a word",
    "statistics_words.tier_word": "a word",
    "student_rows.refuse_moved_on": "compares a loaded row with a moment",
    "student_rows.assembled": "loaded rows as one view",
    "timeline_papers.archive": "in the piece of work of a reader whom `timeline` has asked about",
    "timeline_papers.attachments": "the same",
    "timeline_papers.consents": "the same",
    "timeline_papers.prints": "the same",
    "timeline_papers.register_rows": "the same",
    "tier_views.evidence_of": "a loaded row in words",
    "undo.take_back": "hands the actor to the service that is undone, and that one asks",
}
"""Public functions that don't ask, each with its reason."""
CLASSES = {
    "backup_log.BackupLog": "what an allowed piece of work has read",
    "backups.DrillDone": "the result of a drill that was allowed",
    "note_files.Template": "what a template says, no vault",
    "follow_up_files.RuleFile": "rules as a file has them, no vault",
    "anchor_store.MachineSecrets": "a Protocol of the keychain's side; knows no record",
    "anchor_store.KeychainAnchors": "the keychain's side of the vault; knows no record",
    "changes.ChangeSet": "kinds and ids of what changed",
    "desk.Desk": "what services open their work on",
    "desk.Work": "the work itself",
    "recovery_sheets.Sheets": "digits of both sheets by their letter",
    "register_definitions.Register": "what a definition says, no vault",
    "print_making.HeadMatter": "what stands on a sheet, read by an allowed piece of work",
    "print_offers.FormLine": "a line of the list of forms, with whether it fits what was typed",
    "timeline_reader.Reader": "what an allowed piece of work knows of its reader",
    "roster_store.RosterWriter": "inside `roster_import`, on an allowed piece of work",
    "roster_units.Units": "inside `roster_import`, on the session of an allowed piece of work",
}
"""Public classes with public methods: none of them is a way around the functions."""


def public_functions(source: str) -> list[ast.FunctionDef]:
    """Return the public functions of a module."""
    return [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name[0] != "_"]


def is_inner(function: ast.FunctionDef) -> bool:
    """Tell whether a function works inside a piece of work that a service has opened and asked about."""
    first = next(iter(function.args.args), None)
    return first is not None and first.arg == "work" and ast.unparse(first.annotation or ast.Constant(0)) == "Work"


def fault(function: ast.FunctionDef) -> str | None:
    """Say what a service function lacks, or None."""
    arguments = function.args.args
    if not arguments or arguments[0].arg != "actor" or ast.unparse(arguments[0].annotation or arguments[0]) != "Actor":
        return "does not take `actor: Actor` first"
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "access.allow":
            return None if node.args and ast.unparse(node.args[0]) == "actor" else "asks for somebody else"
    return "does not ask access.allow"


def faults(module: str, source: str) -> dict[str, str]:
    """Return what the public functions of a module lack."""
    found = {}
    for function in public_functions(source):
        name = f"{module}.{function.name}"
        if name not in PURE and not is_inner(function) and (lack := fault(function)):
            found[name] = lack
    return found


MODULES = {path.stem: path.read_text(encoding="utf-8") for path in Path(counselroom.services.__path__[0]).glob("*.py")}


def test_every_service_asks() -> None:
    assert {name: lack for module, source in MODULES.items() for name, lack in faults(module, source).items()} == {}


def test_services_were_looked_at() -> None:
    asking = [
        f"{module}.{function.name}"
        for module, source in MODULES.items()
        for function in public_functions(source)
        if fault(function) is None
    ]
    assert len(asking) >= 60
    assert {"sessions.session", "prints.print_form", "search.search_text", "drafts.save_draft"} <= set(asking)


def classes_with_methods(module: str, source: str) -> set[str]:
    return {
        f"{module}.{node.name}"
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef)
        and node.name[0] != "_"
        and any(isinstance(part, ast.FunctionDef) and part.name[0] != "_" for part in node.body)
    }


def test_no_class_is_a_way_around_the_functions() -> None:
    found = set().union(*(classes_with_methods(module, source) for module, source in MODULES.items()))
    assert found == set(CLASSES)
    assert classes_with_methods("fake", "class Door:\n    def open(self): pass") == {"fake.Door"}


def test_no_exception_is_left_over() -> None:
    known = {f"{module}.{function.name}" for module, source in MODULES.items() for function in public_functions(source)}
    assert set(PURE) <= known


@pytest.mark.parametrize("name", [name for name in PURE if name not in ("access.allow", "accounts.found_room")])
def test_what_does_not_ask_opens_no_change(name: str) -> None:
    """Who does not ask writes nothing: only an asking service opens a change, or a look."""
    module, function = name.split(".")
    (node,) = (node for node in public_functions(MODULES[module]) if node.name == function)
    calls = {ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}
    assert not calls & {"desk.change", "desk.look", "vault.change", "desk.vault.change"}


@pytest.mark.parametrize(
    ("source", "lack"),
    [
        ("def read(desk): access.allow(actor, 1)", "does not take `actor: Actor` first"),
        ("def read(actor, desk): access.allow(actor, 1)", "does not take `actor: Actor` first"),
        ("def read(actor: str, desk): access.allow(actor, 1)", "does not take `actor: Actor` first"),
        ("def read(actor: Actor, desk): return desk.look()", "does not ask access.allow"),
        ("def read(actor: Actor, desk): access.judge(actor, 1)", "does not ask access.allow"),
        ("def read(actor: Actor, desk): access.allow(FOUNDER, 1)", "asks for somebody else"),
        ("def read(session: Session): pass", "does not take `actor: Actor` first"),
        ("def read(): pass", "does not take `actor: Actor` first"),
    ],
)
def test_the_walk_finds_a_service_that_does_not_ask(source: str, lack: str) -> None:
    assert faults("fake", source) == {"fake.read": lack}


def test_the_walk_accepts_what_asks_and_what_is_inner() -> None:
    source = """
def read(actor: Actor, desk: Desk):
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("x"), work)
def inner(work: Work): pass
def _private(desk): pass
"""
    assert faults("fake", source) == {}
