-- Written by counselroom/vault/protection.py; change the rules there.

CREATE TRIGGER protect_audit_log_insert BEFORE INSERT ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'protected: audit_log')
    WHERE (NEW.seq = (SELECT coalesce(max(seq), 0) + 1 FROM audit_log)
        AND NEW.prev_hash = coalesce((SELECT hash FROM audit_log ORDER BY seq DESC LIMIT 1), zeroblob(32))) IS NOT TRUE;
END;

CREATE TRIGGER protect_deed_gate_insert BEFORE INSERT ON deed_gate
BEGIN
    SELECT RAISE(ABORT, 'protected: deed_gate');
END;

CREATE TRIGGER protect_deed_insert BEFORE INSERT ON deed
BEGIN
    SELECT RAISE(ABORT, 'protected: deed')
    WHERE (NEW.open_token IS NOT NULL
        AND NEW.kind IN ('amend', 'redact', 'reassign', 'destroy')
        AND EXISTS (SELECT 1 FROM audit_log WHERE seq = NEW.audit_seq AND deed_id = NEW.id
            AND entity = NEW.entity AND entity_id = NEW.entity_id AND action = NEW.kind)) IS NOT TRUE;
END;

CREATE TRIGGER protect_amendment_insert BEFORE INSERT ON amendment
BEGIN
    SELECT RAISE(ABORT, 'protected: amendment')
    WHERE NOT EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'amend'
        AND entity = NEW.entity AND entity_id = NEW.entity_id);
END;

CREATE TRIGGER protect_session_record_update BEFORE UPDATE ON session_record
WHEN OLD.signed_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'protected: session_record')
    WHERE ((NEW.case_id IS OLD.case_id
            AND NEW.client_id IS OLD.client_id
            AND NEW.counsellor_id IS OLD.counsellor_id
            AND NEW.appointment_id IS OLD.appointment_id
            AND NEW.seq IS OLD.seq
            AND NEW.held_on IS OLD.held_on
            AND NEW.starts_at IS OLD.starts_at
            AND NEW.ends_at IS OLD.ends_at
            AND NEW.mode IS OLD.mode
            AND NEW.place IS OLD.place
            AND NEW.form_id IS OLD.form_id
            AND NEW.form_hash IS OLD.form_hash
            AND NEW.sections IS OLD.sections
            AND NEW.risk_level IS OLD.risk_level
            AND NEW.consent_exception IS OLD.consent_exception
            AND NEW.next_at IS OLD.next_at
            AND NEW.signed_at IS OLD.signed_at
            AND NEW.signed_by IS OLD.signed_by
            AND NEW.content_hash IS OLD.content_hash
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.updated_at IS OLD.updated_at
            AND NEW.updated_by IS OLD.updated_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND NEW.voided_at IS OLD.voided_at
            AND NEW.voided_by IS OLD.voided_by
            AND NEW.void_reason IS OLD.void_reason)
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'redact' AND entity = 'session_record' AND entity_id = OLD.id)
            AND NEW.case_id IS OLD.case_id
            AND NEW.client_id IS OLD.client_id
            AND NEW.counsellor_id IS OLD.counsellor_id
            AND NEW.appointment_id IS OLD.appointment_id
            AND NEW.seq IS OLD.seq
            AND NEW.held_on IS OLD.held_on
            AND NEW.starts_at IS OLD.starts_at
            AND NEW.ends_at IS OLD.ends_at
            AND NEW.mode IS OLD.mode
            AND NEW.place IS OLD.place
            AND NEW.form_id IS OLD.form_id
            AND NEW.form_hash IS OLD.form_hash
            AND NEW.next_at IS OLD.next_at
            AND NEW.signed_at IS OLD.signed_at
            AND NEW.signed_by IS OLD.signed_by
            AND NEW.content_hash IS OLD.content_hash
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND (coalesce(NEW.sections, '') IN ('', '[]', '{}') OR NEW.sections IS OLD.sections)
            AND (coalesce(NEW.risk_level, '') IN ('', '[]', '{}') OR NEW.risk_level IS OLD.risk_level)
            AND (coalesce(NEW.consent_exception, '') IN ('', '[]', '{}') OR NEW.consent_exception IS OLD.consent_exception))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'reassign' AND entity = 'session_record' AND entity_id = OLD.id)
            AND NEW.counsellor_id IS OLD.counsellor_id
            AND NEW.held_on IS OLD.held_on
            AND NEW.starts_at IS OLD.starts_at
            AND NEW.ends_at IS OLD.ends_at
            AND NEW.mode IS OLD.mode
            AND NEW.place IS OLD.place
            AND NEW.form_id IS OLD.form_id
            AND NEW.form_hash IS OLD.form_hash
            AND NEW.sections IS OLD.sections
            AND NEW.risk_level IS OLD.risk_level
            AND NEW.consent_exception IS OLD.consent_exception
            AND NEW.next_at IS OLD.next_at
            AND NEW.signed_at IS OLD.signed_at
            AND NEW.signed_by IS OLD.signed_by
            AND NEW.content_hash IS OLD.content_hash
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND NEW.voided_at IS OLD.voided_at
            AND NEW.voided_by IS OLD.voided_by
            AND NEW.void_reason IS OLD.void_reason)) IS NOT TRUE;
END;

CREATE TRIGGER protect_session_record_delete BEFORE DELETE ON session_record
WHEN OLD.signed_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'protected: session_record')
    WHERE NOT EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'destroy' AND entity = 'session_record' AND entity_id = OLD.id);
END;

CREATE TRIGGER protect_amendment_update BEFORE UPDATE ON amendment
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: amendment')
    WHERE ((NEW.entity IS OLD.entity
            AND NEW.entity_id IS OLD.entity_id
            AND NEW.subject_person IS OLD.subject_person
            AND NEW.section IS OLD.section
            AND NEW.text IS OLD.text
            AND NEW.reason IS OLD.reason
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.updated_at IS OLD.updated_at
            AND NEW.updated_by IS OLD.updated_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND NEW.voided_at IS OLD.voided_at
            AND NEW.voided_by IS OLD.voided_by
            AND NEW.void_reason IS OLD.void_reason)
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'redact' AND entity = 'amendment' AND entity_id = OLD.id)
            AND NEW.entity IS OLD.entity
            AND NEW.entity_id IS OLD.entity_id
            AND NEW.subject_person IS OLD.subject_person
            AND NEW.section IS OLD.section
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND (coalesce(NEW.text, '') IN ('', '[]', '{}') OR NEW.text IS OLD.text)
            AND (coalesce(NEW.reason, '') IN ('', '[]', '{}') OR NEW.reason IS OLD.reason))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'reassign' AND entity = 'amendment' AND entity_id = OLD.id)
            AND NEW.entity IS OLD.entity
            AND NEW.entity_id IS OLD.entity_id
            AND NEW.section IS OLD.section
            AND NEW.text IS OLD.text
            AND NEW.reason IS OLD.reason
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND NEW.voided_at IS OLD.voided_at
            AND NEW.voided_by IS OLD.voided_by
            AND NEW.void_reason IS OLD.void_reason)) IS NOT TRUE;
END;

CREATE TRIGGER protect_amendment_delete BEFORE DELETE ON amendment
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: amendment')
    WHERE NOT EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'destroy' AND entity = 'amendment' AND entity_id = OLD.id);
END;

CREATE TRIGGER protect_consent_update BEFORE UPDATE ON consent
WHEN OLD.signed_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'protected: consent')
    WHERE ((NEW.client_id IS OLD.client_id
            AND NEW.kind IS OLD.kind
            AND NEW.text_version IS OLD.text_version
            AND NEW.signed_by IS OLD.signed_by
            AND NEW.signer_relation IS OLD.signer_relation
            AND NEW.signed_at IS OLD.signed_at
            AND NEW.scope IS OLD.scope
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND NEW.voided_at IS OLD.voided_at
            AND NEW.voided_by IS OLD.voided_by
            AND NEW.void_reason IS OLD.void_reason
            AND (NEW.withdrawn_at IS OLD.withdrawn_at OR OLD.withdrawn_at IS NULL))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'redact' AND entity = 'consent' AND entity_id = OLD.id)
            AND NEW.client_id IS OLD.client_id
            AND NEW.kind IS OLD.kind
            AND NEW.text_version IS OLD.text_version
            AND NEW.signed_at IS OLD.signed_at
            AND NEW.withdrawn_at IS OLD.withdrawn_at
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND (coalesce(NEW.signed_by, '') IN ('', '[]', '{}') OR NEW.signed_by IS OLD.signed_by)
            AND (coalesce(NEW.signer_relation, '') IN ('', '[]', '{}') OR NEW.signer_relation IS OLD.signer_relation)
            AND (coalesce(NEW.scope, '') IN ('', '[]', '{}') OR NEW.scope IS OLD.scope))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'reassign' AND entity = 'consent' AND entity_id = OLD.id)
            AND NEW.kind IS OLD.kind
            AND NEW.text_version IS OLD.text_version
            AND NEW.signed_by IS OLD.signed_by
            AND NEW.signer_relation IS OLD.signer_relation
            AND NEW.signed_at IS OLD.signed_at
            AND NEW.scope IS OLD.scope
            AND NEW.withdrawn_at IS OLD.withdrawn_at
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND NEW.voided_at IS OLD.voided_at
            AND NEW.voided_by IS OLD.voided_by
            AND NEW.void_reason IS OLD.void_reason)) IS NOT TRUE;
END;

CREATE TRIGGER protect_consent_delete BEFORE DELETE ON consent
WHEN OLD.signed_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'protected: consent')
    WHERE NOT EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'destroy' AND entity = 'consent' AND entity_id = OLD.id);
END;

CREATE TRIGGER protect_archive_card_update BEFORE UPDATE ON archive_card
WHEN OLD.filed_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'protected: archive_card')
    WHERE ((NEW.archive_id IS OLD.archive_id
            AND NEW.student_id IS OLD.student_id
            AND NEW.family_members IS OLD.family_members
            AND NEW.family_structure IS OLD.family_structure
            AND NEW.economic IS OLD.economic
            AND NEW.living IS OLD.living
            AND NEW.caretaker IS OLD.caretaker
            AND NEW.health_history IS OLD.health_history
            AND NEW.medication IS OLD.medication
            AND NEW.major_events IS OLD.major_events
            AND NEW.study_status IS OLD.study_status
            AND NEW.interests IS OLD.interests
            AND NEW.self_description IS OLD.self_description
            AND NEW.teacher_description IS OLD.teacher_description
            AND NEW.friendships IS OLD.friendships
            AND NEW.teacher_observation IS OLD.teacher_observation
            AND NEW.home_visit_summary IS OLD.home_visit_summary
            AND NEW.special_groups IS OLD.special_groups
            AND NEW.source IS OLD.source
            AND NEW.collected_on IS OLD.collected_on
            AND NEW.collected_by IS OLD.collected_by
            AND NEW.suggestion IS OLD.suggestion
            AND NEW.filed_at IS OLD.filed_at
            AND NEW.filed_by IS OLD.filed_by
            AND NEW.content_hash IS OLD.content_hash
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.updated_at IS OLD.updated_at
            AND NEW.updated_by IS OLD.updated_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND NEW.voided_at IS OLD.voided_at
            AND NEW.voided_by IS OLD.voided_by
            AND NEW.void_reason IS OLD.void_reason)
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'redact' AND entity = 'archive_card' AND entity_id = OLD.id)
            AND NEW.archive_id IS OLD.archive_id
            AND NEW.student_id IS OLD.student_id
            AND NEW.source IS OLD.source
            AND NEW.collected_on IS OLD.collected_on
            AND NEW.collected_by IS OLD.collected_by
            AND NEW.filed_at IS OLD.filed_at
            AND NEW.filed_by IS OLD.filed_by
            AND NEW.content_hash IS OLD.content_hash
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND (coalesce(NEW.family_members, '') IN ('', '[]', '{}') OR NEW.family_members IS OLD.family_members)
            AND (coalesce(NEW.family_structure, '') IN ('', '[]', '{}') OR NEW.family_structure IS OLD.family_structure)
            AND (coalesce(NEW.economic, '') IN ('', '[]', '{}') OR NEW.economic IS OLD.economic)
            AND (coalesce(NEW.living, '') IN ('', '[]', '{}') OR NEW.living IS OLD.living)
            AND (coalesce(NEW.caretaker, '') IN ('', '[]', '{}') OR NEW.caretaker IS OLD.caretaker)
            AND (coalesce(NEW.health_history, '') IN ('', '[]', '{}') OR NEW.health_history IS OLD.health_history)
            AND (coalesce(NEW.medication, '') IN ('', '[]', '{}') OR NEW.medication IS OLD.medication)
            AND (coalesce(NEW.major_events, '') IN ('', '[]', '{}') OR NEW.major_events IS OLD.major_events)
            AND (coalesce(NEW.study_status, '') IN ('', '[]', '{}') OR NEW.study_status IS OLD.study_status)
            AND (coalesce(NEW.interests, '') IN ('', '[]', '{}') OR NEW.interests IS OLD.interests)
            AND (coalesce(NEW.self_description, '') IN ('', '[]', '{}') OR NEW.self_description IS OLD.self_description)
            AND (coalesce(NEW.teacher_description, '') IN ('', '[]', '{}') OR NEW.teacher_description IS OLD.teacher_description)
            AND (coalesce(NEW.friendships, '') IN ('', '[]', '{}') OR NEW.friendships IS OLD.friendships)
            AND (coalesce(NEW.teacher_observation, '') IN ('', '[]', '{}') OR NEW.teacher_observation IS OLD.teacher_observation)
            AND (coalesce(NEW.home_visit_summary, '') IN ('', '[]', '{}') OR NEW.home_visit_summary IS OLD.home_visit_summary)
            AND (coalesce(NEW.special_groups, '') IN ('', '[]', '{}') OR NEW.special_groups IS OLD.special_groups)
            AND (coalesce(NEW.suggestion, '') IN ('', '[]', '{}') OR NEW.suggestion IS OLD.suggestion))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'reassign' AND entity = 'archive_card' AND entity_id = OLD.id)
            AND NEW.family_members IS OLD.family_members
            AND NEW.family_structure IS OLD.family_structure
            AND NEW.economic IS OLD.economic
            AND NEW.living IS OLD.living
            AND NEW.caretaker IS OLD.caretaker
            AND NEW.health_history IS OLD.health_history
            AND NEW.medication IS OLD.medication
            AND NEW.major_events IS OLD.major_events
            AND NEW.study_status IS OLD.study_status
            AND NEW.interests IS OLD.interests
            AND NEW.self_description IS OLD.self_description
            AND NEW.teacher_description IS OLD.teacher_description
            AND NEW.friendships IS OLD.friendships
            AND NEW.teacher_observation IS OLD.teacher_observation
            AND NEW.home_visit_summary IS OLD.home_visit_summary
            AND NEW.special_groups IS OLD.special_groups
            AND NEW.source IS OLD.source
            AND NEW.collected_on IS OLD.collected_on
            AND NEW.collected_by IS OLD.collected_by
            AND NEW.suggestion IS OLD.suggestion
            AND NEW.filed_at IS OLD.filed_at
            AND NEW.filed_by IS OLD.filed_by
            AND NEW.content_hash IS OLD.content_hash
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND NEW.voided_at IS OLD.voided_at
            AND NEW.voided_by IS OLD.voided_by
            AND NEW.void_reason IS OLD.void_reason)) IS NOT TRUE;
END;

CREATE TRIGGER protect_archive_card_delete BEFORE DELETE ON archive_card
WHEN OLD.filed_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'protected: archive_card')
    WHERE NOT EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'destroy' AND entity = 'archive_card' AND entity_id = OLD.id);
END;

CREATE TRIGGER protect_archive_item_update BEFORE UPDATE ON archive_item
WHEN OLD.filed_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'protected: archive_item')
    WHERE ((NEW.archive_id IS OLD.archive_id
            AND NEW.kind IS OLD.kind
            AND NEW.entity IS OLD.entity
            AND NEW.entity_id IS OLD.entity_id
            AND NEW.title IS OLD.title
            AND NEW.dated_on IS OLD.dated_on
            AND NEW.filed_at IS OLD.filed_at
            AND NEW.filed_by IS OLD.filed_by
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.updated_at IS OLD.updated_at
            AND NEW.updated_by IS OLD.updated_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND NEW.voided_at IS OLD.voided_at
            AND NEW.voided_by IS OLD.voided_by
            AND NEW.void_reason IS OLD.void_reason)
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'redact' AND entity = 'archive_item' AND entity_id = OLD.id)
            AND NEW.archive_id IS OLD.archive_id
            AND NEW.kind IS OLD.kind
            AND NEW.entity IS OLD.entity
            AND NEW.entity_id IS OLD.entity_id
            AND NEW.dated_on IS OLD.dated_on
            AND NEW.filed_at IS OLD.filed_at
            AND NEW.filed_by IS OLD.filed_by
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND (coalesce(NEW.title, '') IN ('', '[]', '{}') OR NEW.title IS OLD.title))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'reassign' AND entity = 'archive_item' AND entity_id = OLD.id)
            AND NEW.kind IS OLD.kind
            AND NEW.entity IS OLD.entity
            AND NEW.entity_id IS OLD.entity_id
            AND NEW.title IS OLD.title
            AND NEW.dated_on IS OLD.dated_on
            AND NEW.filed_at IS OLD.filed_at
            AND NEW.filed_by IS OLD.filed_by
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND NEW.voided_at IS OLD.voided_at
            AND NEW.voided_by IS OLD.voided_by
            AND NEW.void_reason IS OLD.void_reason)) IS NOT TRUE;
END;

CREATE TRIGGER protect_archive_item_delete BEFORE DELETE ON archive_item
WHEN OLD.filed_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'protected: archive_item')
    WHERE NOT EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'destroy' AND entity = 'archive_item' AND entity_id = OLD.id);
END;

CREATE TRIGGER protect_referral_update BEFORE UPDATE ON referral
WHEN OLD.issued_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'protected: referral')
    WHERE ((NEW.number IS OLD.number
            AND NEW.student_id IS OLD.student_id
            AND NEW.case_id IS OLD.case_id
            AND NEW.counsellor_id IS OLD.counsellor_id
            AND NEW.to_kind IS OLD.to_kind
            AND NEW.to_name IS OLD.to_name
            AND NEW.reason IS OLD.reason
            AND NEW.summary IS OLD.summary
            AND NEW.done_so_far IS OLD.done_so_far
            AND NEW.risk IS OLD.risk
            AND NEW.urgency IS OLD.urgency
            AND NEW.accompanied_by IS OLD.accompanied_by
            AND NEW.client_consent IS OLD.client_consent
            AND NEW.guardian_consent IS OLD.guardian_consent
            AND NEW.emergency_basis IS OLD.emergency_basis
            AND NEW.supervisor_opinion IS OLD.supervisor_opinion
            AND NEW.session_excerpt IS OLD.session_excerpt
            AND NEW.excerpt_approved_by IS OLD.excerpt_approved_by
            AND NEW.issued_at IS OLD.issued_at
            AND NEW.issued_by IS OLD.issued_by
            AND NEW.complete_by IS OLD.complete_by
            AND NEW.content_hash IS OLD.content_hash
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND NEW.voided_at IS OLD.voided_at
            AND NEW.voided_by IS OLD.voided_by
            AND NEW.void_reason IS OLD.void_reason
            AND (NEW.state IS OLD.state OR NEW.state NOT IN ('assessed', 'consented', 'waived')))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'redact' AND entity = 'referral' AND entity_id = OLD.id)
            AND NEW.number IS OLD.number
            AND NEW.student_id IS OLD.student_id
            AND NEW.case_id IS OLD.case_id
            AND NEW.counsellor_id IS OLD.counsellor_id
            AND NEW.to_kind IS OLD.to_kind
            AND NEW.urgency IS OLD.urgency
            AND NEW.client_consent IS OLD.client_consent
            AND NEW.guardian_consent IS OLD.guardian_consent
            AND NEW.excerpt_approved_by IS OLD.excerpt_approved_by
            AND NEW.state IS OLD.state
            AND NEW.issued_at IS OLD.issued_at
            AND NEW.issued_by IS OLD.issued_by
            AND NEW.complete_by IS OLD.complete_by
            AND NEW.content_hash IS OLD.content_hash
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND (coalesce(NEW.to_name, '') IN ('', '[]', '{}') OR NEW.to_name IS OLD.to_name)
            AND (coalesce(NEW.reason, '') IN ('', '[]', '{}') OR NEW.reason IS OLD.reason)
            AND (coalesce(NEW.summary, '') IN ('', '[]', '{}') OR NEW.summary IS OLD.summary)
            AND (coalesce(NEW.done_so_far, '') IN ('', '[]', '{}') OR NEW.done_so_far IS OLD.done_so_far)
            AND (coalesce(NEW.risk, '') IN ('', '[]', '{}') OR NEW.risk IS OLD.risk)
            AND (coalesce(NEW.accompanied_by, '') IN ('', '[]', '{}') OR NEW.accompanied_by IS OLD.accompanied_by)
            AND (coalesce(NEW.emergency_basis, '') IN ('', '[]', '{}') OR NEW.emergency_basis IS OLD.emergency_basis)
            AND (coalesce(NEW.supervisor_opinion, '') IN ('', '[]', '{}') OR NEW.supervisor_opinion IS OLD.supervisor_opinion)
            AND (coalesce(NEW.session_excerpt, '') IN ('', '[]', '{}') OR NEW.session_excerpt IS OLD.session_excerpt))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'reassign' AND entity = 'referral' AND entity_id = OLD.id)
            AND NEW.number IS OLD.number
            AND NEW.counsellor_id IS OLD.counsellor_id
            AND NEW.to_kind IS OLD.to_kind
            AND NEW.to_name IS OLD.to_name
            AND NEW.reason IS OLD.reason
            AND NEW.summary IS OLD.summary
            AND NEW.done_so_far IS OLD.done_so_far
            AND NEW.risk IS OLD.risk
            AND NEW.urgency IS OLD.urgency
            AND NEW.accompanied_by IS OLD.accompanied_by
            AND NEW.client_consent IS OLD.client_consent
            AND NEW.guardian_consent IS OLD.guardian_consent
            AND NEW.emergency_basis IS OLD.emergency_basis
            AND NEW.supervisor_opinion IS OLD.supervisor_opinion
            AND NEW.session_excerpt IS OLD.session_excerpt
            AND NEW.excerpt_approved_by IS OLD.excerpt_approved_by
            AND NEW.state IS OLD.state
            AND NEW.issued_at IS OLD.issued_at
            AND NEW.issued_by IS OLD.issued_by
            AND NEW.complete_by IS OLD.complete_by
            AND NEW.content_hash IS OLD.content_hash
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND NEW.voided_at IS OLD.voided_at
            AND NEW.voided_by IS OLD.voided_by
            AND NEW.void_reason IS OLD.void_reason)) IS NOT TRUE;
END;

CREATE TRIGGER protect_referral_delete BEFORE DELETE ON referral
WHEN OLD.issued_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'protected: referral')
    WHERE NOT EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'destroy' AND entity = 'referral' AND entity_id = OLD.id);
END;

CREATE TRIGGER protect_referral_feedback_update BEFORE UPDATE ON referral_feedback
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: referral_feedback')
    WHERE ((NEW.referral_id IS OLD.referral_id
            AND NEW.received_on IS OLD.received_on
            AND NEW.institution IS OLD.institution
            AND NEW.seen_on IS OLD.seen_on
            AND NEW.recommendation IS OLD.recommendation
            AND NEW.may_attend_school IS OLD.may_attend_school
            AND NEW.next_visit_on IS OLD.next_visit_on
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.updated_at IS OLD.updated_at
            AND NEW.updated_by IS OLD.updated_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND NEW.voided_at IS OLD.voided_at
            AND NEW.voided_by IS OLD.voided_by
            AND NEW.void_reason IS OLD.void_reason)
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'redact' AND entity = 'referral_feedback' AND entity_id = OLD.id)
            AND NEW.referral_id IS OLD.referral_id
            AND NEW.received_on IS OLD.received_on
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND (coalesce(NEW.institution, '') IN ('', '[]', '{}') OR NEW.institution IS OLD.institution)
            AND (coalesce(NEW.seen_on, '') IN ('', '[]', '{}') OR NEW.seen_on IS OLD.seen_on)
            AND (coalesce(NEW.recommendation, '') IN ('', '[]', '{}') OR NEW.recommendation IS OLD.recommendation)
            AND (coalesce(NEW.may_attend_school, '') IN ('', '[]', '{}') OR NEW.may_attend_school IS OLD.may_attend_school)
            AND (coalesce(NEW.next_visit_on, '') IN ('', '[]', '{}') OR NEW.next_visit_on IS OLD.next_visit_on))) IS NOT TRUE;
END;

CREATE TRIGGER protect_referral_feedback_delete BEFORE DELETE ON referral_feedback
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: referral_feedback')
    WHERE NOT EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'destroy' AND entity = 'referral_feedback' AND entity_id = OLD.id);
END;

CREATE TRIGGER protect_register_row_update BEFORE UPDATE ON register_row
WHEN OLD.state = 'filed'
BEGIN
    SELECT RAISE(ABORT, 'protected: register_row')
    WHERE ((NEW.register IS OLD.register
            AND NEW.form_id IS OLD.form_id
            AND NEW.form_version IS OLD.form_version
            AND NEW.form_hash IS OLD.form_hash
            AND NEW.subject_person IS OLD.subject_person
            AND NEW.org_unit IS OLD.org_unit
            AND NEW.occurred_on IS OLD.occurred_on
            AND NEW.owner IS OLD.owner
            AND NEW.state IS OLD.state
            AND NEW.data IS OLD.data
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND ((NEW.voided_at IS NULL) = (NEW.voided_by IS NULL) AND (NEW.voided_at IS NULL) = (NEW.void_reason IS NULL) AND (OLD.voided_at IS NULL OR (NEW.voided_at IS NULL AND OLD.data != '{}') OR (NEW.voided_at IS OLD.voided_at AND NEW.voided_by IS OLD.voided_by AND NEW.void_reason IS OLD.void_reason))))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'redact' AND entity = 'register_row' AND entity_id = OLD.id)
            AND NEW.register IS OLD.register
            AND NEW.form_id IS OLD.form_id
            AND NEW.form_version IS OLD.form_version
            AND NEW.form_hash IS OLD.form_hash
            AND NEW.subject_person IS OLD.subject_person
            AND NEW.org_unit IS OLD.org_unit
            AND NEW.occurred_on IS OLD.occurred_on
            AND NEW.owner IS OLD.owner
            AND NEW.state IS OLD.state
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND (coalesce(NEW.data, '') IN ('', '[]', '{}') OR NEW.data IS OLD.data))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'reassign' AND entity = 'register_row' AND entity_id = OLD.id)
            AND NEW.register IS OLD.register
            AND NEW.form_id IS OLD.form_id
            AND NEW.form_version IS OLD.form_version
            AND NEW.form_hash IS OLD.form_hash
            AND NEW.org_unit IS OLD.org_unit
            AND NEW.occurred_on IS OLD.occurred_on
            AND NEW.owner IS OLD.owner
            AND NEW.state IS OLD.state
            AND NEW.data IS OLD.data
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND NEW.voided_at IS OLD.voided_at
            AND NEW.voided_by IS OLD.voided_by
            AND NEW.void_reason IS OLD.void_reason)) IS NOT TRUE;
END;

CREATE TRIGGER protect_register_row_delete BEFORE DELETE ON register_row
WHEN OLD.state = 'filed'
BEGIN
    SELECT RAISE(ABORT, 'protected: register_row')
    WHERE NOT EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'destroy' AND entity = 'register_row' AND entity_id = OLD.id);
END;

CREATE TRIGGER protect_print_log_update BEFORE UPDATE ON print_log
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: print_log')
    WHERE ((NEW.id IS OLD.id
            AND NEW.printed_at IS OLD.printed_at
            AND NEW.printed_by IS OLD.printed_by
            AND NEW.form_id IS OLD.form_id
            AND NEW.form_hash IS OLD.form_hash
            AND NEW.entity IS OLD.entity
            AND NEW.entity_id IS OLD.entity_id
            AND NEW.subject_person IS OLD.subject_person
            AND NEW.secrecy IS OLD.secrecy
            AND NEW.audience IS OLD.audience
            AND NEW.recipient IS OLD.recipient
            AND NEW.purpose IS OLD.purpose
            AND NEW.copies IS OLD.copies
            AND NEW.copy_no IS OLD.copy_no
            AND NEW.sha256 IS OLD.sha256
            AND (NEW.state IS OLD.state OR (OLD.state IN ('printed', 'saved') AND NEW.state = 'voided')))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'redact' AND entity = 'print_log' AND entity_id = OLD.id)
            AND NEW.id IS OLD.id
            AND NEW.printed_at IS OLD.printed_at
            AND NEW.printed_by IS OLD.printed_by
            AND NEW.form_id IS OLD.form_id
            AND NEW.form_hash IS OLD.form_hash
            AND NEW.entity IS OLD.entity
            AND NEW.entity_id IS OLD.entity_id
            AND NEW.subject_person IS OLD.subject_person
            AND NEW.secrecy IS OLD.secrecy
            AND NEW.audience IS OLD.audience
            AND NEW.purpose IS OLD.purpose
            AND NEW.copies IS OLD.copies
            AND NEW.copy_no IS OLD.copy_no
            AND NEW.sha256 IS OLD.sha256
            AND NEW.state IS OLD.state
            AND (coalesce(NEW.recipient, '') IN ('', '[]', '{}') OR NEW.recipient IS OLD.recipient))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'reassign' AND entity = 'print_log' AND entity_id = OLD.id)
            AND NEW.id IS OLD.id
            AND NEW.printed_at IS OLD.printed_at
            AND NEW.printed_by IS OLD.printed_by
            AND NEW.form_id IS OLD.form_id
            AND NEW.form_hash IS OLD.form_hash
            AND NEW.entity IS OLD.entity
            AND NEW.entity_id IS OLD.entity_id
            AND NEW.secrecy IS OLD.secrecy
            AND NEW.audience IS OLD.audience
            AND NEW.recipient IS OLD.recipient
            AND NEW.purpose IS OLD.purpose
            AND NEW.copies IS OLD.copies
            AND NEW.copy_no IS OLD.copy_no
            AND NEW.sha256 IS OLD.sha256
            AND NEW.state IS OLD.state)) IS NOT TRUE;
END;

CREATE TRIGGER protect_print_log_delete BEFORE DELETE ON print_log
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: print_log')
    WHERE NOT EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'destroy' AND entity = 'print_log' AND entity_id = OLD.id);
END;

CREATE TRIGGER protect_audit_log_update BEFORE UPDATE ON audit_log
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: audit_log')
    WHERE ((NEW.seq IS OLD.seq
            AND NEW.at IS OLD.at
            AND NEW.actor_id IS OLD.actor_id
            AND NEW.roles IS OLD.roles
            AND NEW.action IS OLD.action
            AND NEW.entity IS OLD.entity
            AND NEW.entity_id IS OLD.entity_id
            AND NEW.reason IS OLD.reason
            AND NEW.digest IS OLD.digest
            AND NEW.generation IS OLD.generation
            AND NEW.epoch IS OLD.epoch
            AND NEW.deed_id IS OLD.deed_id
            AND NEW.prev_hash IS OLD.prev_hash
            AND NEW.hash IS OLD.hash)) IS NOT TRUE;
END;

CREATE TRIGGER protect_audit_log_delete BEFORE DELETE ON audit_log
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: audit_log');
END;

CREATE TRIGGER protect_audit_epoch_update BEFORE UPDATE ON audit_epoch
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: audit_epoch')
    WHERE ((NEW.epoch IS OLD.epoch
            AND NEW.started_seq IS OLD.started_seq
            AND (NEW.wrapped_key IS NOT NULL AND NEW.sealed_seq IS NOT NULL AND (OLD.sealed_seq IS NULL OR NEW.sealed_seq = OLD.sealed_seq)))) IS NOT TRUE;
END;

CREATE TRIGGER protect_audit_epoch_delete BEFORE DELETE ON audit_epoch
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: audit_epoch');
END;

CREATE TRIGGER protect_deed_update BEFORE UPDATE ON deed
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: deed')
    WHERE ((NEW.id IS OLD.id
            AND NEW.kind IS OLD.kind
            AND NEW.entity IS OLD.entity
            AND NEW.entity_id IS OLD.entity_id
            AND NEW.audit_seq IS OLD.audit_seq
            AND NEW.reason IS OLD.reason
            AND NEW.at IS OLD.at
            AND (NEW.open_token IS NULL))) IS NOT TRUE;
END;

CREATE TRIGGER protect_deed_delete BEFORE DELETE ON deed
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: deed');
END;
