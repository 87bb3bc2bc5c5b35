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
            AND NEW.void_reason IS OLD.void_reason
            AND NEW.topics IS OLD.topics)
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
            AND (coalesce(NEW.consent_exception, '') IN ('', '[]', '{}') OR NEW.consent_exception IS OLD.consent_exception)
            AND (coalesce(NEW.topics, '') IN ('', '[]', '{}') OR NEW.topics IS OLD.topics))
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
            AND NEW.void_reason IS OLD.void_reason
            AND NEW.topics IS OLD.topics)) IS NOT TRUE;
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
            AND NEW.void_reason IS OLD.void_reason
            AND NEW.author IS OLD.author
            AND NEW.pages IS OLD.pages
            AND NEW.carrier IS OLD.carrier
            AND NEW.remark IS OLD.remark)
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
            AND NEW.author IS OLD.author
            AND NEW.pages IS OLD.pages
            AND NEW.carrier IS OLD.carrier
            AND NEW.remark IS OLD.remark
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
            AND NEW.void_reason IS OLD.void_reason
            AND NEW.author IS OLD.author
            AND NEW.pages IS OLD.pages
            AND NEW.carrier IS OLD.carrier
            AND NEW.remark IS OLD.remark)) IS NOT TRUE;
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

CREATE TRIGGER protect_referral_supplement_update BEFORE UPDATE ON referral_supplement
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: referral_supplement')
    WHERE ((NEW.referral_id IS OLD.referral_id
            AND NEW.supervisor_opinion IS OLD.supervisor_opinion
            AND NEW.guardian_consent IS OLD.guardian_consent
            AND NEW.given_at IS OLD.given_at
            AND NEW.late_reason IS OLD.late_reason
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
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'redact' AND entity = 'referral_supplement' AND entity_id = OLD.id)
            AND NEW.referral_id IS OLD.referral_id
            AND NEW.given_at IS OLD.given_at
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND (coalesce(NEW.supervisor_opinion, '') IN ('', '[]', '{}') OR NEW.supervisor_opinion IS OLD.supervisor_opinion)
            AND (coalesce(NEW.guardian_consent, '') IN ('', '[]', '{}') OR NEW.guardian_consent IS OLD.guardian_consent)
            AND (coalesce(NEW.late_reason, '') IN ('', '[]', '{}') OR NEW.late_reason IS OLD.late_reason))) IS NOT TRUE;
END;

CREATE TRIGGER protect_referral_supplement_delete BEFORE DELETE ON referral_supplement
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: referral_supplement')
    WHERE NOT EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'destroy' AND entity = 'referral_supplement' AND entity_id = OLD.id);
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

CREATE TRIGGER protect_crisis_assessment_update BEFORE UPDATE ON crisis_assessment
WHEN OLD.signed_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'protected: crisis_assessment')
    WHERE ((NEW.student_id IS OLD.student_id
            AND NEW.counsellor_id IS OLD.counsellor_id
            AND NEW.case_id IS OLD.case_id
            AND NEW.assessed_at IS OLD.assessed_at
            AND NEW.place IS OLD.place
            AND NEW.source IS OLD.source
            AND NEW.source_entity IS OLD.source_entity
            AND NEW.source_id IS OLD.source_id
            AND NEW.criteria IS OLD.criteria
            AND NEW.own_criterion IS OLD.own_criterion
            AND NEW.life_events IS OLD.life_events
            AND NEW.emotion IS OLD.emotion
            AND NEW.somatic IS OLD.somatic
            AND NEW.cognition IS OLD.cognition
            AND NEW.behaviour IS OLD.behaviour
            AND NEW.coping_fails IS OLD.coping_fails
            AND NEW.ideation IS OLD.ideation
            AND NEW.plan_means IS OLD.plan_means
            AND NEW.history IS OLD.history
            AND NEW.protective IS OLD.protective
            AND NEW.target_of_harm IS OLD.target_of_harm
            AND NEW.level IS OLD.level
            AND NEW.in_school_manageable IS OLD.in_school_manageable
            AND NEW.opinion IS OLD.opinion
            AND NEW.advice IS OLD.advice
            AND NEW.reassess_on IS OLD.reassess_on
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
            AND NEW.void_reason IS OLD.void_reason
            AND ((OLD.reviewed_by IS NULL OR NEW.reviewed_by IS OLD.reviewed_by) AND (OLD.reviewed_at IS NULL OR NEW.reviewed_at IS OLD.reviewed_at)))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'redact' AND entity = 'crisis_assessment' AND entity_id = OLD.id)
            AND NEW.student_id IS OLD.student_id
            AND NEW.counsellor_id IS OLD.counsellor_id
            AND NEW.case_id IS OLD.case_id
            AND NEW.assessed_at IS OLD.assessed_at
            AND NEW.source IS OLD.source
            AND NEW.source_entity IS OLD.source_entity
            AND NEW.source_id IS OLD.source_id
            AND NEW.ideation IS OLD.ideation
            AND NEW.reassess_on IS OLD.reassess_on
            AND NEW.signed_at IS OLD.signed_at
            AND NEW.signed_by IS OLD.signed_by
            AND NEW.content_hash IS OLD.content_hash
            AND NEW.reviewed_by IS OLD.reviewed_by
            AND NEW.reviewed_at IS OLD.reviewed_at
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND (coalesce(NEW.place, '') IN ('', '[]', '{}') OR NEW.place IS OLD.place)
            AND (coalesce(NEW.criteria, '') IN ('', '[]', '{}') OR NEW.criteria IS OLD.criteria)
            AND (coalesce(NEW.own_criterion, '') IN ('', '[]', '{}') OR NEW.own_criterion IS OLD.own_criterion)
            AND (coalesce(NEW.life_events, '') IN ('', '[]', '{}') OR NEW.life_events IS OLD.life_events)
            AND (coalesce(NEW.emotion, '') IN ('', '[]', '{}') OR NEW.emotion IS OLD.emotion)
            AND (coalesce(NEW.somatic, '') IN ('', '[]', '{}') OR NEW.somatic IS OLD.somatic)
            AND (coalesce(NEW.cognition, '') IN ('', '[]', '{}') OR NEW.cognition IS OLD.cognition)
            AND (coalesce(NEW.behaviour, '') IN ('', '[]', '{}') OR NEW.behaviour IS OLD.behaviour)
            AND (coalesce(NEW.coping_fails, '') IN ('', '[]', '{}') OR NEW.coping_fails IS OLD.coping_fails)
            AND (coalesce(NEW.plan_means, '') IN ('', '[]', '{}') OR NEW.plan_means IS OLD.plan_means)
            AND (coalesce(NEW.history, '') IN ('', '[]', '{}') OR NEW.history IS OLD.history)
            AND (coalesce(NEW.protective, '') IN ('', '[]', '{}') OR NEW.protective IS OLD.protective)
            AND (coalesce(NEW.target_of_harm, '') IN ('', '[]', '{}') OR NEW.target_of_harm IS OLD.target_of_harm)
            AND (coalesce(NEW.level, '') IN ('', '[]', '{}') OR NEW.level IS OLD.level)
            AND (coalesce(NEW.in_school_manageable, '') IN ('', '[]', '{}') OR NEW.in_school_manageable IS OLD.in_school_manageable)
            AND (coalesce(NEW.opinion, '') IN ('', '[]', '{}') OR NEW.opinion IS OLD.opinion)
            AND (coalesce(NEW.advice, '') IN ('', '[]', '{}') OR NEW.advice IS OLD.advice))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'reassign' AND entity = 'crisis_assessment' AND entity_id = OLD.id)
            AND NEW.counsellor_id IS OLD.counsellor_id
            AND NEW.assessed_at IS OLD.assessed_at
            AND NEW.place IS OLD.place
            AND NEW.source IS OLD.source
            AND NEW.source_entity IS OLD.source_entity
            AND NEW.source_id IS OLD.source_id
            AND NEW.criteria IS OLD.criteria
            AND NEW.own_criterion IS OLD.own_criterion
            AND NEW.life_events IS OLD.life_events
            AND NEW.emotion IS OLD.emotion
            AND NEW.somatic IS OLD.somatic
            AND NEW.cognition IS OLD.cognition
            AND NEW.behaviour IS OLD.behaviour
            AND NEW.coping_fails IS OLD.coping_fails
            AND NEW.ideation IS OLD.ideation
            AND NEW.plan_means IS OLD.plan_means
            AND NEW.history IS OLD.history
            AND NEW.protective IS OLD.protective
            AND NEW.target_of_harm IS OLD.target_of_harm
            AND NEW.level IS OLD.level
            AND NEW.in_school_manageable IS OLD.in_school_manageable
            AND NEW.opinion IS OLD.opinion
            AND NEW.advice IS OLD.advice
            AND NEW.reassess_on IS OLD.reassess_on
            AND NEW.signed_at IS OLD.signed_at
            AND NEW.signed_by IS OLD.signed_by
            AND NEW.content_hash IS OLD.content_hash
            AND NEW.reviewed_by IS OLD.reviewed_by
            AND NEW.reviewed_at IS OLD.reviewed_at
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

CREATE TRIGGER protect_crisis_assessment_delete BEFORE DELETE ON crisis_assessment
WHEN OLD.signed_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'protected: crisis_assessment')
    WHERE NOT EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'destroy' AND entity = 'crisis_assessment' AND entity_id = OLD.id);
END;

CREATE TRIGGER protect_crisis_event_update BEFORE UPDATE ON crisis_event
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: crisis_event')
    WHERE ((NEW.code IS OLD.code
            AND NEW.student_id IS OLD.student_id
            AND NEW.assessment_id IS OLD.assessment_id
            AND NEW.found_at IS OLD.found_at
            AND NEW.started_at IS OLD.started_at
            AND NEW.started_by IS OLD.started_by
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND (((OLD.closed_at IS NULL AND OLD.voided_at IS NULL) OR (NEW.case_id IS OLD.case_id AND NEW.counsellor_id IS OLD.counsellor_id AND NEW.deputy_id IS OLD.deputy_id AND NEW.occurred_at IS OLD.occurred_at AND NEW.found_by IS OLD.found_by AND NEW.place IS OLD.place AND NEW.kind IS OLD.kind AND NEW.level IS OLD.level AND NEW.facts IS OLD.facts AND NEW.measures IS OLD.measures AND NEW.commander IS OLD.commander AND NEW.care_point IS OLD.care_point AND NEW.state IS OLD.state AND NEW.plan IS OLD.plan AND NEW.restricted IS OLD.restricted AND NEW.closed_at IS OLD.closed_at AND NEW.closed_by IS OLD.closed_by AND NEW.close_reason IS OLD.close_reason AND NEW.outcome IS OLD.outcome)) AND (NEW.voided_at IS NULL) = (NEW.voided_by IS NULL) AND (NEW.voided_at IS NULL) = (NEW.void_reason IS NULL) AND (OLD.voided_at IS NULL OR (NEW.voided_at IS OLD.voided_at AND NEW.voided_by IS OLD.voided_by AND NEW.void_reason IS OLD.void_reason))))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'redact' AND entity = 'crisis_event' AND entity_id = OLD.id)
            AND NEW.code IS OLD.code
            AND NEW.student_id IS OLD.student_id
            AND NEW.case_id IS OLD.case_id
            AND NEW.assessment_id IS OLD.assessment_id
            AND NEW.counsellor_id IS OLD.counsellor_id
            AND NEW.deputy_id IS OLD.deputy_id
            AND NEW.found_at IS OLD.found_at
            AND NEW.kind IS OLD.kind
            AND NEW.level IS OLD.level
            AND NEW.state IS OLD.state
            AND NEW.plan IS OLD.plan
            AND NEW.restricted IS OLD.restricted
            AND NEW.started_at IS OLD.started_at
            AND NEW.started_by IS OLD.started_by
            AND NEW.closed_at IS OLD.closed_at
            AND NEW.closed_by IS OLD.closed_by
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND (coalesce(NEW.occurred_at, '') IN ('', '[]', '{}') OR NEW.occurred_at IS OLD.occurred_at)
            AND (coalesce(NEW.found_by, '') IN ('', '[]', '{}') OR NEW.found_by IS OLD.found_by)
            AND (coalesce(NEW.place, '') IN ('', '[]', '{}') OR NEW.place IS OLD.place)
            AND (coalesce(NEW.facts, '') IN ('', '[]', '{}') OR NEW.facts IS OLD.facts)
            AND (coalesce(NEW.measures, '') IN ('', '[]', '{}') OR NEW.measures IS OLD.measures)
            AND (coalesce(NEW.commander, '') IN ('', '[]', '{}') OR NEW.commander IS OLD.commander)
            AND (coalesce(NEW.care_point, '') IN ('', '[]', '{}') OR NEW.care_point IS OLD.care_point)
            AND (coalesce(NEW.close_reason, '') IN ('', '[]', '{}') OR NEW.close_reason IS OLD.close_reason)
            AND (coalesce(NEW.outcome, '') IN ('', '[]', '{}') OR NEW.outcome IS OLD.outcome))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'reassign' AND entity = 'crisis_event' AND entity_id = OLD.id)
            AND NEW.code IS OLD.code
            AND NEW.case_id IS OLD.case_id
            AND NEW.assessment_id IS OLD.assessment_id
            AND NEW.counsellor_id IS OLD.counsellor_id
            AND NEW.deputy_id IS OLD.deputy_id
            AND NEW.occurred_at IS OLD.occurred_at
            AND NEW.found_at IS OLD.found_at
            AND NEW.found_by IS OLD.found_by
            AND NEW.place IS OLD.place
            AND NEW.kind IS OLD.kind
            AND NEW.level IS OLD.level
            AND NEW.facts IS OLD.facts
            AND NEW.measures IS OLD.measures
            AND NEW.commander IS OLD.commander
            AND NEW.care_point IS OLD.care_point
            AND NEW.state IS OLD.state
            AND NEW.plan IS OLD.plan
            AND NEW.restricted IS OLD.restricted
            AND NEW.started_at IS OLD.started_at
            AND NEW.started_by IS OLD.started_by
            AND NEW.closed_at IS OLD.closed_at
            AND NEW.closed_by IS OLD.closed_by
            AND NEW.close_reason IS OLD.close_reason
            AND NEW.outcome IS OLD.outcome
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

CREATE TRIGGER protect_crisis_event_delete BEFORE DELETE ON crisis_event
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: crisis_event')
    WHERE NOT EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'destroy' AND entity = 'crisis_event' AND entity_id = OLD.id);
END;

CREATE TRIGGER protect_crisis_step_update BEFORE UPDATE ON crisis_step
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: crisis_step')
    WHERE ((NEW.event_id IS OLD.event_id
            AND NEW.checklist IS OLD.checklist
            AND NEW.item IS OLD.item
            AND NEW.position IS OLD.position
            AND NEW.stage IS OLD.stage
            AND NEW.title IS OLD.title
            AND NEW.detail IS OLD.detail
            AND NEW.duty IS OLD.duty
            AND NEW.document IS OLD.document
            AND NEW.evidence_needed IS OLD.evidence_needed
            AND NEW.waits_for IS OLD.waits_for
            AND NEW.limit_minutes IS OLD.limit_minutes
            AND NEW.owner_role IS OLD.owner_role
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND ((OLD.runs_from_at IS NULL OR NEW.runs_from_at IS OLD.runs_from_at) AND (OLD.due_at IS NULL OR NEW.due_at IS OLD.due_at) AND (OLD.clock_at IS NULL OR NEW.clock_at IS OLD.clock_at) AND (OLD.clock_boot IS NULL OR NEW.clock_boot IS OLD.clock_boot) AND (OLD.clock_ms IS NULL OR NEW.clock_ms IS OLD.clock_ms) AND (NEW.voided_at IS NULL) = (NEW.voided_by IS NULL) AND (NEW.voided_at IS NULL) = (NEW.void_reason IS NULL) AND (OLD.voided_at IS NULL OR (NEW.voided_at IS OLD.voided_at AND NEW.voided_by IS OLD.voided_by AND NEW.void_reason IS OLD.void_reason)) AND ((OLD.state = 'open' AND OLD.voided_at IS NULL) OR (NEW.runs_from_at IS OLD.runs_from_at AND NEW.due_at IS OLD.due_at AND NEW.clock_at IS OLD.clock_at AND NEW.clock_boot IS OLD.clock_boot AND NEW.clock_ms IS OLD.clock_ms AND NEW.owner_id IS OLD.owner_id AND NEW.state IS OLD.state AND NEW.done_at IS OLD.done_at AND NEW.done_by IS OLD.done_by AND NEW.note IS OLD.note AND NEW.late_reason IS OLD.late_reason AND NEW.skip_reason IS OLD.skip_reason AND NEW.recorded_at IS OLD.recorded_at AND NEW.recorded_by IS OLD.recorded_by))))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'redact' AND entity = 'crisis_step' AND entity_id = OLD.id)
            AND NEW.event_id IS OLD.event_id
            AND NEW.checklist IS OLD.checklist
            AND NEW.item IS OLD.item
            AND NEW.position IS OLD.position
            AND NEW.stage IS OLD.stage
            AND NEW.duty IS OLD.duty
            AND NEW.document IS OLD.document
            AND NEW.evidence_needed IS OLD.evidence_needed
            AND NEW.waits_for IS OLD.waits_for
            AND NEW.limit_minutes IS OLD.limit_minutes
            AND NEW.owner_role IS OLD.owner_role
            AND NEW.owner_id IS OLD.owner_id
            AND NEW.runs_from_at IS OLD.runs_from_at
            AND NEW.due_at IS OLD.due_at
            AND NEW.clock_at IS OLD.clock_at
            AND NEW.clock_boot IS OLD.clock_boot
            AND NEW.clock_ms IS OLD.clock_ms
            AND NEW.state IS OLD.state
            AND NEW.recorded_at IS OLD.recorded_at
            AND NEW.recorded_by IS OLD.recorded_by
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND (coalesce(NEW.title, '') IN ('', '[]', '{}') OR NEW.title IS OLD.title)
            AND (coalesce(NEW.detail, '') IN ('', '[]', '{}') OR NEW.detail IS OLD.detail)
            AND (coalesce(NEW.done_at, '') IN ('', '[]', '{}') OR NEW.done_at IS OLD.done_at)
            AND (coalesce(NEW.done_by, '') IN ('', '[]', '{}') OR NEW.done_by IS OLD.done_by)
            AND (coalesce(NEW.note, '') IN ('', '[]', '{}') OR NEW.note IS OLD.note)
            AND (coalesce(NEW.late_reason, '') IN ('', '[]', '{}') OR NEW.late_reason IS OLD.late_reason)
            AND (coalesce(NEW.skip_reason, '') IN ('', '[]', '{}') OR NEW.skip_reason IS OLD.skip_reason))) IS NOT TRUE;
END;

CREATE TRIGGER protect_crisis_step_delete BEFORE DELETE ON crisis_step
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: crisis_step')
    WHERE NOT EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'destroy' AND entity = 'crisis_step' AND entity_id = OLD.id);
END;

CREATE TRIGGER protect_crisis_log_update BEFORE UPDATE ON crisis_log
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: crisis_log')
    WHERE ((NEW.event_id IS OLD.event_id
            AND NEW.at IS OLD.at
            AND NEW.kind IS OLD.kind
            AND NEW.said IS OLD.said
            AND NEW.told_by IS OLD.told_by
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
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'redact' AND entity = 'crisis_log' AND entity_id = OLD.id)
            AND NEW.event_id IS OLD.event_id
            AND NEW.at IS OLD.at
            AND NEW.kind IS OLD.kind
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND (coalesce(NEW.said, '') IN ('', '[]', '{}') OR NEW.said IS OLD.said)
            AND (coalesce(NEW.told_by, '') IN ('', '[]', '{}') OR NEW.told_by IS OLD.told_by))) IS NOT TRUE;
END;

CREATE TRIGGER protect_crisis_log_delete BEFORE DELETE ON crisis_log
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: crisis_log')
    WHERE NOT EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'destroy' AND entity = 'crisis_log' AND entity_id = OLD.id);
END;

CREATE TRIGGER protect_contact_attempt_update BEFORE UPDATE ON contact_attempt
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: contact_attempt')
    WHERE ((NEW.event_id IS OLD.event_id
            AND NEW.at IS OLD.at
            AND NEW.role IS OLD.role
            AND NEW.person_id IS OLD.person_id
            AND NEW.name IS OLD.name
            AND NEW.phone IS OLD.phone
            AND NEW.purpose IS OLD.purpose
            AND NEW.mode IS OLD.mode
            AND NEW.outcome IS OLD.outcome
            AND NEW.said IS OLD.said
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
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'redact' AND entity = 'contact_attempt' AND entity_id = OLD.id)
            AND NEW.event_id IS OLD.event_id
            AND NEW.at IS OLD.at
            AND NEW.role IS OLD.role
            AND NEW.person_id IS OLD.person_id
            AND NEW.purpose IS OLD.purpose
            AND NEW.mode IS OLD.mode
            AND NEW.outcome IS OLD.outcome
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND (coalesce(NEW.name, '') IN ('', '[]', '{}') OR NEW.name IS OLD.name)
            AND (coalesce(NEW.phone, '') IN ('', '[]', '{}') OR NEW.phone IS OLD.phone)
            AND (coalesce(NEW.said, '') IN ('', '[]', '{}') OR NEW.said IS OLD.said))) IS NOT TRUE;
END;

CREATE TRIGGER protect_contact_attempt_delete BEFORE DELETE ON contact_attempt
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: contact_attempt')
    WHERE NOT EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'destroy' AND entity = 'contact_attempt' AND entity_id = OLD.id);
END;

CREATE TRIGGER protect_guard_period_update BEFORE UPDATE ON guard_period
WHEN OLD.ended_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'protected: guard_period')
    WHERE ((NEW.event_id IS OLD.event_id
            AND NEW.starts_at IS OLD.starts_at
            AND NEW.place IS OLD.place
            AND NEW.reason IS OLD.reason
            AND NEW.ended_at IS OLD.ended_at
            AND NEW.end_reason IS OLD.end_reason
            AND NEW.handed_to IS OLD.handed_to
            AND NEW.gap_reason IS OLD.gap_reason
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
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'redact' AND entity = 'guard_period' AND entity_id = OLD.id)
            AND NEW.event_id IS OLD.event_id
            AND NEW.starts_at IS OLD.starts_at
            AND NEW.ended_at IS OLD.ended_at
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND (coalesce(NEW.place, '') IN ('', '[]', '{}') OR NEW.place IS OLD.place)
            AND (coalesce(NEW.reason, '') IN ('', '[]', '{}') OR NEW.reason IS OLD.reason)
            AND (coalesce(NEW.end_reason, '') IN ('', '[]', '{}') OR NEW.end_reason IS OLD.end_reason)
            AND (coalesce(NEW.handed_to, '') IN ('', '[]', '{}') OR NEW.handed_to IS OLD.handed_to)
            AND (coalesce(NEW.gap_reason, '') IN ('', '[]', '{}') OR NEW.gap_reason IS OLD.gap_reason))) IS NOT TRUE;
END;

CREATE TRIGGER protect_guard_period_delete BEFORE DELETE ON guard_period
WHEN OLD.ended_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'protected: guard_period')
    WHERE NOT EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'destroy' AND entity = 'guard_period' AND entity_id = OLD.id);
END;

CREATE TRIGGER protect_guard_shift_update BEFORE UPDATE ON guard_shift
WHEN OLD.handed_over_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'protected: guard_shift')
    WHERE ((NEW.period_id IS OLD.period_id
            AND NEW.person_id IS OLD.person_id
            AND NEW.name IS OLD.name
            AND NEW.role IS OLD.role
            AND NEW.starts_at IS OLD.starts_at
            AND NEW.ends_at IS OLD.ends_at
            AND NEW.handed_over_at IS OLD.handed_over_at
            AND NEW.handed_over_to IS OLD.handed_over_to
            AND NEW.handover_note IS OLD.handover_note
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
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'redact' AND entity = 'guard_shift' AND entity_id = OLD.id)
            AND NEW.period_id IS OLD.period_id
            AND NEW.person_id IS OLD.person_id
            AND NEW.role IS OLD.role
            AND NEW.starts_at IS OLD.starts_at
            AND NEW.ends_at IS OLD.ends_at
            AND NEW.handed_over_at IS OLD.handed_over_at
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND (coalesce(NEW.name, '') IN ('', '[]', '{}') OR NEW.name IS OLD.name)
            AND (coalesce(NEW.handed_over_to, '') IN ('', '[]', '{}') OR NEW.handed_over_to IS OLD.handed_over_to)
            AND (coalesce(NEW.handover_note, '') IN ('', '[]', '{}') OR NEW.handover_note IS OLD.handover_note))) IS NOT TRUE;
END;

CREATE TRIGGER protect_guard_shift_delete BEFORE DELETE ON guard_shift
WHEN OLD.handed_over_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'protected: guard_shift')
    WHERE NOT EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'destroy' AND entity = 'guard_shift' AND entity_id = OLD.id);
END;

CREATE TRIGGER protect_guardian_notice_update BEFORE UPDATE ON guardian_notice
WHEN OLD.issued_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'protected: guardian_notice')
    WHERE ((NEW.event_id IS OLD.event_id
            AND NEW.guardian_id IS OLD.guardian_id
            AND NEW.addressee IS OLD.addressee
            AND NEW.facts IS OLD.facts
            AND NEW.request IS OLD.request
            AND NEW.contact_person IS OLD.contact_person
            AND NEW.mode IS OLD.mode
            AND NEW.issued_at IS OLD.issued_at
            AND NEW.issued_by IS OLD.issued_by
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
            AND ((OLD.reply IS NULL OR NEW.reply IS OLD.reply) AND (OLD.expected_at IS NULL OR NEW.expected_at IS OLD.expected_at) AND (OLD.arrived_at IS NULL OR NEW.arrived_at IS OLD.arrived_at) AND (OLD.receipt_at IS NULL OR NEW.receipt_at IS OLD.receipt_at)))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'redact' AND entity = 'guardian_notice' AND entity_id = OLD.id)
            AND NEW.event_id IS OLD.event_id
            AND NEW.guardian_id IS OLD.guardian_id
            AND NEW.mode IS OLD.mode
            AND NEW.issued_at IS OLD.issued_at
            AND NEW.issued_by IS OLD.issued_by
            AND NEW.content_hash IS OLD.content_hash
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND (coalesce(NEW.addressee, '') IN ('', '[]', '{}') OR NEW.addressee IS OLD.addressee)
            AND (coalesce(NEW.facts, '') IN ('', '[]', '{}') OR NEW.facts IS OLD.facts)
            AND (coalesce(NEW.request, '') IN ('', '[]', '{}') OR NEW.request IS OLD.request)
            AND (coalesce(NEW.contact_person, '') IN ('', '[]', '{}') OR NEW.contact_person IS OLD.contact_person)
            AND (coalesce(NEW.reply, '') IN ('', '[]', '{}') OR NEW.reply IS OLD.reply)
            AND (coalesce(NEW.expected_at, '') IN ('', '[]', '{}') OR NEW.expected_at IS OLD.expected_at)
            AND (coalesce(NEW.arrived_at, '') IN ('', '[]', '{}') OR NEW.arrived_at IS OLD.arrived_at)
            AND (coalesce(NEW.receipt_at, '') IN ('', '[]', '{}') OR NEW.receipt_at IS OLD.receipt_at))) IS NOT TRUE;
END;

CREATE TRIGGER protect_guardian_notice_delete BEFORE DELETE ON guardian_notice
WHEN OLD.issued_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'protected: guardian_notice')
    WHERE NOT EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'destroy' AND entity = 'guardian_notice' AND entity_id = OLD.id);
END;

CREATE TRIGGER protect_crisis_report_update BEFORE UPDATE ON crisis_report
WHEN OLD.issued_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'protected: crisis_report')
    WHERE ((NEW.event_id IS OLD.event_id
            AND NEW.persons IS OLD.persons
            AND NEW.course IS OLD.course
            AND NEW.cause IS OLD.cause
            AND NEW.nature IS OLD.nature
            AND NEW.measures IS OLD.measures
            AND NEW.help_needed IS OLD.help_needed
            AND NEW.other IS OLD.other
            AND NEW.enclosures IS OLD.enclosures
            AND NEW.due_at IS OLD.due_at
            AND NEW.issued_at IS OLD.issued_at
            AND NEW.issued_by IS OLD.issued_by
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
            AND ((OLD.approved_at IS NULL OR NEW.approved_at IS OLD.approved_at) AND (OLD.approved_by IS NULL OR NEW.approved_by IS OLD.approved_by)))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'redact' AND entity = 'crisis_report' AND entity_id = OLD.id)
            AND NEW.event_id IS OLD.event_id
            AND NEW.enclosures IS OLD.enclosures
            AND NEW.due_at IS OLD.due_at
            AND NEW.issued_at IS OLD.issued_at
            AND NEW.issued_by IS OLD.issued_by
            AND NEW.content_hash IS OLD.content_hash
            AND NEW.approved_at IS OLD.approved_at
            AND NEW.approved_by IS OLD.approved_by
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND (coalesce(NEW.persons, '') IN ('', '[]', '{}') OR NEW.persons IS OLD.persons)
            AND (coalesce(NEW.course, '') IN ('', '[]', '{}') OR NEW.course IS OLD.course)
            AND (coalesce(NEW.cause, '') IN ('', '[]', '{}') OR NEW.cause IS OLD.cause)
            AND (coalesce(NEW.nature, '') IN ('', '[]', '{}') OR NEW.nature IS OLD.nature)
            AND (coalesce(NEW.measures, '') IN ('', '[]', '{}') OR NEW.measures IS OLD.measures)
            AND (coalesce(NEW.help_needed, '') IN ('', '[]', '{}') OR NEW.help_needed IS OLD.help_needed)
            AND (coalesce(NEW.other, '') IN ('', '[]', '{}') OR NEW.other IS OLD.other))) IS NOT TRUE;
END;

CREATE TRIGGER protect_crisis_report_delete BEFORE DELETE ON crisis_report
WHEN OLD.issued_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'protected: crisis_report')
    WHERE NOT EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'destroy' AND entity = 'crisis_report' AND entity_id = OLD.id);
END;

CREATE TRIGGER protect_tier_record_update BEFORE UPDATE ON tier_record
WHEN OLD.state != 'proposed'
BEGIN
    SELECT RAISE(ABORT, 'protected: tier_record')
    WHERE ((NEW.student_id IS OLD.student_id
            AND NEW.tier IS OLD.tier
            AND NEW.subtype IS OLD.subtype
            AND NEW.change IS OLD.change
            AND NEW.previous_id IS OLD.previous_id
            AND NEW.event_id IS OLD.event_id
            AND NEW.evidence IS OLD.evidence
            AND NEW.reason IS OLD.reason
            AND NEW.rules IS OLD.rules
            AND NEW.proposed_at IS OLD.proposed_at
            AND NEW.proposed_by IS OLD.proposed_by
            AND NEW.decided_at IS OLD.decided_at
            AND NEW.decided_by IS OLD.decided_by
            AND NEW.effective_on IS OLD.effective_on
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND NEW.voided_at IS OLD.voided_at
            AND NEW.voided_by IS OLD.voided_by
            AND NEW.void_reason IS OLD.void_reason
            AND ((OLD.state = 'confirmed' AND NEW.state IN ('confirmed', 'changed', 'ended')) OR (NEW.state IS OLD.state AND NEW.ended_at IS OLD.ended_at AND NEW.ended_by IS OLD.ended_by AND NEW.end_reason IS OLD.end_reason AND NEW.counsellor_id IS OLD.counsellor_id AND NEW.contact_id IS OLD.contact_id AND NEW.contact_name IS OLD.contact_name AND NEW.review_due_on IS OLD.review_due_on)))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'redact' AND entity = 'tier_record' AND entity_id = OLD.id)
            AND NEW.student_id IS OLD.student_id
            AND NEW.tier IS OLD.tier
            AND NEW.subtype IS OLD.subtype
            AND NEW.change IS OLD.change
            AND NEW.previous_id IS OLD.previous_id
            AND NEW.event_id IS OLD.event_id
            AND NEW.counsellor_id IS OLD.counsellor_id
            AND NEW.contact_id IS OLD.contact_id
            AND NEW.rules IS OLD.rules
            AND NEW.state IS OLD.state
            AND NEW.proposed_at IS OLD.proposed_at
            AND NEW.proposed_by IS OLD.proposed_by
            AND NEW.decided_at IS OLD.decided_at
            AND NEW.decided_by IS OLD.decided_by
            AND NEW.effective_on IS OLD.effective_on
            AND NEW.review_due_on IS OLD.review_due_on
            AND NEW.ended_at IS OLD.ended_at
            AND NEW.ended_by IS OLD.ended_by
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND (coalesce(NEW.contact_name, '') IN ('', '[]', '{}') OR NEW.contact_name IS OLD.contact_name)
            AND (coalesce(NEW.evidence, '') IN ('', '[]', '{}') OR NEW.evidence IS OLD.evidence)
            AND (coalesce(NEW.reason, '') IN ('', '[]', '{}') OR NEW.reason IS OLD.reason)
            AND (coalesce(NEW.end_reason, '') IN ('', '[]', '{}') OR NEW.end_reason IS OLD.end_reason))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'reassign' AND entity = 'tier_record' AND entity_id = OLD.id)
            AND NEW.tier IS OLD.tier
            AND NEW.subtype IS OLD.subtype
            AND NEW.change IS OLD.change
            AND NEW.previous_id IS OLD.previous_id
            AND NEW.event_id IS OLD.event_id
            AND NEW.counsellor_id IS OLD.counsellor_id
            AND NEW.contact_id IS OLD.contact_id
            AND NEW.contact_name IS OLD.contact_name
            AND NEW.evidence IS OLD.evidence
            AND NEW.reason IS OLD.reason
            AND NEW.rules IS OLD.rules
            AND NEW.state IS OLD.state
            AND NEW.proposed_at IS OLD.proposed_at
            AND NEW.proposed_by IS OLD.proposed_by
            AND NEW.decided_at IS OLD.decided_at
            AND NEW.decided_by IS OLD.decided_by
            AND NEW.effective_on IS OLD.effective_on
            AND NEW.review_due_on IS OLD.review_due_on
            AND NEW.ended_at IS OLD.ended_at
            AND NEW.ended_by IS OLD.ended_by
            AND NEW.end_reason IS OLD.end_reason
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

CREATE TRIGGER protect_tier_record_delete BEFORE DELETE ON tier_record
WHEN OLD.state != 'proposed'
BEGIN
    SELECT RAISE(ABORT, 'protected: tier_record')
    WHERE NOT EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'destroy' AND entity = 'tier_record' AND entity_id = OLD.id);
END;

CREATE TRIGGER protect_follow_up_task_update BEFORE UPDATE ON follow_up_task
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: follow_up_task')
    WHERE ((NEW.rule IS OLD.rule
            AND NEW.student_id IS OLD.student_id
            AND NEW.origin IS OLD.origin
            AND NEW.origin_id IS OLD.origin_id
            AND NEW.task IS OLD.task
            AND NEW.owner_role IS OLD.owner_role
            AND NEW.nth IS OLD.nth
            AND NEW.opens_on IS OLD.opens_on
            AND NEW.due_on IS OLD.due_on
            AND NEW.is_safety IS OLD.is_safety
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND ((NEW.voided_at IS NULL) = (NEW.voided_by IS NULL) AND (NEW.voided_at IS NULL) = (NEW.void_reason IS NULL) AND (OLD.voided_at IS NULL OR (NEW.voided_at IS OLD.voided_at AND NEW.voided_by IS OLD.voided_by AND NEW.void_reason IS OLD.void_reason)) AND ((OLD.state = 'open' AND OLD.voided_at IS NULL) OR (NEW.owner_id IS OLD.owner_id AND NEW.state IS OLD.state AND NEW.closed_at IS OLD.closed_at AND NEW.closed_by IS OLD.closed_by AND NEW.close_reason IS OLD.close_reason AND NEW.replaced_by IS OLD.replaced_by))))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'redact' AND entity = 'follow_up_task' AND entity_id = OLD.id)
            AND NEW.rule IS OLD.rule
            AND NEW.student_id IS OLD.student_id
            AND NEW.origin IS OLD.origin
            AND NEW.origin_id IS OLD.origin_id
            AND NEW.owner_role IS OLD.owner_role
            AND NEW.owner_id IS OLD.owner_id
            AND NEW.nth IS OLD.nth
            AND NEW.opens_on IS OLD.opens_on
            AND NEW.due_on IS OLD.due_on
            AND NEW.is_safety IS OLD.is_safety
            AND NEW.state IS OLD.state
            AND NEW.closed_at IS OLD.closed_at
            AND NEW.closed_by IS OLD.closed_by
            AND NEW.replaced_by IS OLD.replaced_by
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND (coalesce(NEW.task, '') IN ('', '[]', '{}') OR NEW.task IS OLD.task)
            AND (coalesce(NEW.close_reason, '') IN ('', '[]', '{}') OR NEW.close_reason IS OLD.close_reason))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'reassign' AND entity = 'follow_up_task' AND entity_id = OLD.id)
            AND NEW.rule IS OLD.rule
            AND NEW.origin IS OLD.origin
            AND NEW.origin_id IS OLD.origin_id
            AND NEW.task IS OLD.task
            AND NEW.owner_role IS OLD.owner_role
            AND NEW.owner_id IS OLD.owner_id
            AND NEW.nth IS OLD.nth
            AND NEW.opens_on IS OLD.opens_on
            AND NEW.due_on IS OLD.due_on
            AND NEW.is_safety IS OLD.is_safety
            AND NEW.state IS OLD.state
            AND NEW.closed_at IS OLD.closed_at
            AND NEW.closed_by IS OLD.closed_by
            AND NEW.close_reason IS OLD.close_reason
            AND NEW.replaced_by IS OLD.replaced_by
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

CREATE TRIGGER protect_follow_up_task_delete BEFORE DELETE ON follow_up_task
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: follow_up_task')
    WHERE NOT EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'destroy' AND entity = 'follow_up_task' AND entity_id = OLD.id);
END;

CREATE TRIGGER protect_follow_up_record_update BEFORE UPDATE ON follow_up_record
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: follow_up_record')
    WHERE ((NEW.task_id IS OLD.task_id
            AND NEW.student_id IS OLD.student_id
            AND NEW.counsellor_id IS OLD.counsellor_id
            AND NEW.done_by IS OLD.done_by
            AND NEW.held_on IS OLD.held_on
            AND NEW.mode IS OLD.mode
            AND NEW.mood IS OLD.mood
            AND NEW.sleep IS OLD.sleep
            AND NEW.study IS OLD.study
            AND NEW.social IS OLD.social
            AND NEW.family IS OLD.family
            AND NEW.peers_say IS OLD.peers_say
            AND NEW.risk IS OLD.risk
            AND NEW.change IS OLD.change
            AND NEW.measures IS OLD.measures
            AND NEW.tier_change_wanted IS OLD.tier_change_wanted
            AND NEW.next_on IS OLD.next_on
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND ((NEW.voided_at IS NULL) = (NEW.voided_by IS NULL) AND (NEW.voided_at IS NULL) = (NEW.void_reason IS NULL) AND (OLD.voided_at IS NULL OR (NEW.voided_at IS OLD.voided_at AND NEW.voided_by IS OLD.voided_by AND NEW.void_reason IS OLD.void_reason))))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'redact' AND entity = 'follow_up_record' AND entity_id = OLD.id)
            AND NEW.task_id IS OLD.task_id
            AND NEW.student_id IS OLD.student_id
            AND NEW.counsellor_id IS OLD.counsellor_id
            AND NEW.held_on IS OLD.held_on
            AND NEW.mode IS OLD.mode
            AND NEW.risk IS OLD.risk
            AND NEW.next_on IS OLD.next_on
            AND NEW.id IS OLD.id
            AND NEW.created_at IS OLD.created_at
            AND NEW.created_by IS OLD.created_by
            AND NEW.academic_year IS OLD.academic_year
            AND NEW.term IS OLD.term
            AND NEW.secrecy IS OLD.secrecy
            AND (coalesce(NEW.done_by, '') IN ('', '[]', '{}') OR NEW.done_by IS OLD.done_by)
            AND (coalesce(NEW.mood, '') IN ('', '[]', '{}') OR NEW.mood IS OLD.mood)
            AND (coalesce(NEW.sleep, '') IN ('', '[]', '{}') OR NEW.sleep IS OLD.sleep)
            AND (coalesce(NEW.study, '') IN ('', '[]', '{}') OR NEW.study IS OLD.study)
            AND (coalesce(NEW.social, '') IN ('', '[]', '{}') OR NEW.social IS OLD.social)
            AND (coalesce(NEW.family, '') IN ('', '[]', '{}') OR NEW.family IS OLD.family)
            AND (coalesce(NEW.peers_say, '') IN ('', '[]', '{}') OR NEW.peers_say IS OLD.peers_say)
            AND (coalesce(NEW.change, '') IN ('', '[]', '{}') OR NEW.change IS OLD.change)
            AND (coalesce(NEW.measures, '') IN ('', '[]', '{}') OR NEW.measures IS OLD.measures)
            AND (coalesce(NEW.tier_change_wanted, '') IN ('', '[]', '{}') OR NEW.tier_change_wanted IS OLD.tier_change_wanted))
        OR (EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'reassign' AND entity = 'follow_up_record' AND entity_id = OLD.id)
            AND NEW.task_id IS OLD.task_id
            AND NEW.counsellor_id IS OLD.counsellor_id
            AND NEW.done_by IS OLD.done_by
            AND NEW.held_on IS OLD.held_on
            AND NEW.mode IS OLD.mode
            AND NEW.mood IS OLD.mood
            AND NEW.sleep IS OLD.sleep
            AND NEW.study IS OLD.study
            AND NEW.social IS OLD.social
            AND NEW.family IS OLD.family
            AND NEW.peers_say IS OLD.peers_say
            AND NEW.risk IS OLD.risk
            AND NEW.change IS OLD.change
            AND NEW.measures IS OLD.measures
            AND NEW.tier_change_wanted IS OLD.tier_change_wanted
            AND NEW.next_on IS OLD.next_on
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

CREATE TRIGGER protect_follow_up_record_delete BEFORE DELETE ON follow_up_record
WHEN 1
BEGIN
    SELECT RAISE(ABORT, 'protected: follow_up_record')
    WHERE NOT EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'destroy' AND entity = 'follow_up_record' AND entity_id = OLD.id);
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
