"""What the audit log says, in words for people: its actions and the kinds of records they are done to."""

from __future__ import annotations

from counselroom.i18n import _, pgettext

_DENIED = "denied:"


def action_word(action: str) -> str:
    """Return an action in words; one that was refused is said to be."""
    if action.startswith(_DENIED):
        return _("refused: {action}").format(action=action_word(action.removeprefix(_DENIED)))
    return {
        "read": pgettext("audit action", "read"),
        "write": pgettext("audit action", "changed"),
        "sign": pgettext("audit action", "signed"),
        "amend": pgettext("audit action", "corrected"),
        "print": pgettext("audit action", "printed"),
        "export": pgettext("audit action", "exported"),
        "file": pgettext("audit action", "filed"),
        "redact": pgettext("audit action", "redacted"),
        "reassign": pgettext("audit action", "moved to another student"),
        "destroy": pgettext("audit action", "destroyed"),
        "grant": pgettext("audit action", "gave leave"),
        "manage_accounts": pgettext("audit action", "changed accounts"),
        "manage_school": pgettext("audit action", "changed the school data"),
        "import": pgettext("audit action", "read in"),
        "back_up": pgettext("audit action", "began a backup"),
        "restore": pgettext("audit action", "restored"),
        "check": pgettext("audit action", "checked"),
        "read_audit": pgettext("audit action", "read the audit log"),
        "backup_verified": pgettext("audit action", "backup written and verified"),
        "backup_proved": pgettext("audit action", "backup verified"),
        "backup_refused": pgettext("audit action", "backup found damaged"),
        "backup_pruned": pgettext("audit action", "old backup cleared away"),
        "backup_drilled": pgettext("audit action", "restore drill"),
        "vault_opened": pgettext("audit action", "unlocked"),
        "vault_closed": pgettext("audit action", "locked"),
        "vault_restored": pgettext("audit action", "restored from a backup"),
        "vault_accepted": pgettext("audit action", "accepted a finding"),
        "audit_begin": pgettext("audit action", "log begun"),
        "audit_seal": pgettext("audit action", "log sealed"),
        "passphrase_changed": pgettext("audit action", "passphrase changed"),
        "passphrase_reset": pgettext("audit action", "passphrase set anew"),
        "slot_bound": pgettext("audit action", "passphrase bound to a computer"),
        "slot_unbound": pgettext("audit action", "passphrase bound no more"),
        "slot_added": pgettext("audit action", "passphrase added"),
        "slot_removed": pgettext("audit action", "passphrase removed"),
        "sheet_renewed": pgettext("audit action", "recovery sheet replaced"),
    }.get(action) or pgettext("audit action", "other")


def entity_word(entity: str) -> str:
    """Return a kind of record in words."""
    return {
        "academic_year": pgettext("audit record", "academic year"),
        "account": pgettext("audit record", "account"),
        "appointment": pgettext("audit record", "appointment"),
        "archive_card": pgettext("audit record", "archive card"),
        "archive_item": pgettext("audit record", "archived item"),
        "audit_log": pgettext("audit record", "audit log"),
        "attachment": pgettext("audit record", "attachment"),
        "backup": pgettext("audit record", "backup"),
        "calendar_day": pgettext("audit record", "calendar"),
        "case_file": pgettext("audit record", "case"),
        "consent": pgettext("audit record", "consent"),
        "draft": pgettext("audit record", "draft"),
        "form_in_use": pgettext("audit record", "form"),
        "guardian": pgettext("audit record", "guardian"),
        "org_unit": pgettext("audit record", "class"),
        "parameter": pgettext("audit record", "parameter"),
        "person": pgettext("audit record", "person"),
        "print_log": pgettext("audit record", "print"),
        "psych_archive": pgettext("audit record", "archive"),
        "recovery_sheet": pgettext("audit record", "recovery sheet"),
        "referral": pgettext("audit record", "referral"),
        "referral_feedback": pgettext("audit record", "referral reply"),
        "register": pgettext("audit record", "register"),
        "register_row": pgettext("audit record", "register entry"),
        "room": pgettext("audit record", "room"),
        "school": pgettext("audit record", "school"),
        "search_entry": pgettext("audit record", "search"),
        "session_record": pgettext("audit record", "session record"),
        "slot": pgettext("audit record", "passphrase"),
        "student": pgettext("audit record", "student"),
        "term": pgettext("audit record", "term"),
        "vault": pgettext("audit record", "vault"),
        "access_grant": pgettext("audit record", "leave"),
    }.get(entity) or pgettext("audit record", "other")
