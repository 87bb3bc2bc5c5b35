-- The schema of version 0004 as it was created, word for word. Never changed: old vaults have it.

CREATE TABLE parameter (
	"key" VARCHAR NOT NULL, 
	value TEXT NOT NULL, 
	changed_at TEXT NOT NULL, 
	changed_by VARCHAR NOT NULL, 
	CONSTRAINT pk_parameter PRIMARY KEY ("key")
);

CREATE TABLE number_series (
	series VARCHAR NOT NULL, 
	branch INTEGER NOT NULL, 
	last_number INTEGER NOT NULL, 
	CONSTRAINT pk_number_series PRIMARY KEY (series, branch)
);

CREATE TABLE form_in_use (
	hash VARCHAR NOT NULL, 
	form_id VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	source VARCHAR NOT NULL, 
	first_used_at TEXT NOT NULL, 
	CONSTRAINT pk_form_in_use PRIMARY KEY (hash)
);

CREATE TABLE person (
	kind VARCHAR(32) NOT NULL, 
	name VARCHAR NOT NULL, 
	gender VARCHAR(32) NOT NULL, 
	birth_date DATE, 
	phone VARCHAR, 
	backup_phone VARCHAR, 
	address VARCHAR, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_person PRIMARY KEY (id)
);

CREATE TABLE vault_meta (
	"key" VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	CONSTRAINT pk_vault_meta PRIMARY KEY ("key")
);

CREATE TABLE audit_epoch (
	epoch INTEGER NOT NULL, 
	started_seq INTEGER NOT NULL, 
	sealed_seq INTEGER, 
	wrapped_key BLOB, 
	CONSTRAINT pk_audit_epoch PRIMARY KEY (epoch)
);

CREATE TABLE deed_gate (
	id INTEGER NOT NULL, 
	CONSTRAINT pk_deed_gate PRIMARY KEY (id)
);

CREATE TABLE search_entry (
	id INTEGER NOT NULL, 
	entity VARCHAR NOT NULL, 
	entity_id VARCHAR NOT NULL, 
	subject_person VARCHAR, 
	owner VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	restricted BOOLEAN NOT NULL, 
	occurred_on VARCHAR, 
	title VARCHAR NOT NULL, 
	CONSTRAINT pk_search_entry PRIMARY KEY (id)
);

CREATE INDEX ix_search_entry_subject_person ON search_entry (subject_person);

CREATE UNIQUE INDEX ix_search_entry_entity ON search_entry (entity, entity_id);

CREATE TABLE school (
	name VARCHAR NOT NULL, 
	code VARCHAR NOT NULL, 
	school_type VARCHAR(32) NOT NULL, 
	room_name VARCHAR NOT NULL, 
	room_phone VARCHAR, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_school PRIMARY KEY (id)
);

CREATE TABLE academic_year (
	name VARCHAR NOT NULL, 
	starts_on DATE NOT NULL, 
	ends_on DATE NOT NULL, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_academic_year PRIMARY KEY (id), 
	CONSTRAINT uq_academic_year_name UNIQUE (name)
);

CREATE TABLE calendar_day (
	day DATE NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	label VARCHAR NOT NULL, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_calendar_day PRIMARY KEY (id), 
	CONSTRAINT uq_calendar_day_day_kind UNIQUE (day, kind)
);

CREATE TABLE org_unit (
	kind VARCHAR(32) NOT NULL, 
	name VARCHAR NOT NULL, 
	parent_id VARCHAR, 
	entry_year INTEGER, 
	active BOOLEAN NOT NULL, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_org_unit PRIMARY KEY (id), 
	CONSTRAINT uq_org_unit_parent_id_kind_name UNIQUE (parent_id, kind, name), 
	CONSTRAINT fk_org_unit_parent_id FOREIGN KEY(parent_id) REFERENCES org_unit (id)
);

CREATE INDEX ix_org_unit_parent_id ON org_unit (parent_id);

CREATE TABLE room (
	name VARCHAR NOT NULL, 
	active BOOLEAN NOT NULL, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_room PRIMARY KEY (id), 
	CONSTRAINT uq_room_name UNIQUE (name)
);

CREATE TABLE appointment (
	number VARCHAR NOT NULL, 
	client_id VARCHAR NOT NULL, 
	client_type VARCHAR(32) NOT NULL, 
	counsellor_id VARCHAR NOT NULL, 
	room_id VARCHAR, 
	channel VARCHAR(32) NOT NULL, 
	mode VARCHAR(32) NOT NULL, 
	urgency VARCHAR(32) NOT NULL, 
	starts_at TEXT NOT NULL, 
	ends_at TEXT NOT NULL, 
	issue_brief VARCHAR, 
	state VARCHAR(32) NOT NULL, 
	cancelled_by VARCHAR(32), 
	cancel_reason VARCHAR, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_appointment PRIMARY KEY (id), 
	CONSTRAINT uq_appointment_number UNIQUE (number), 
	CONSTRAINT fk_appointment_client_id FOREIGN KEY(client_id) REFERENCES person (id), 
	CONSTRAINT fk_appointment_counsellor_id FOREIGN KEY(counsellor_id) REFERENCES person (id), 
	CONSTRAINT fk_appointment_room_id FOREIGN KEY(room_id) REFERENCES room (id)
);

CREATE INDEX ix_appointment_counsellor_starts ON appointment (counsellor_id, starts_at);

CREATE INDEX ix_appointment_client_starts ON appointment (client_id, starts_at);

CREATE INDEX ix_appointment_room_starts ON appointment (room_id, starts_at);

CREATE TABLE consent (
	client_id VARCHAR NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	text_version VARCHAR NOT NULL, 
	signed_by VARCHAR NOT NULL, 
	signer_relation VARCHAR NOT NULL, 
	signed_at TEXT, 
	scope VARCHAR, 
	withdrawn_at TEXT, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_consent PRIMARY KEY (id), 
	CONSTRAINT fk_consent_client_id FOREIGN KEY(client_id) REFERENCES person (id)
);

CREATE INDEX ix_consent_client_id ON consent (client_id);

CREATE TABLE case_file (
	code VARCHAR NOT NULL, 
	client_id VARCHAR NOT NULL, 
	counsellor_id VARCHAR NOT NULL, 
	opened_on DATE NOT NULL, 
	status VARCHAR(32) NOT NULL, 
	goals TEXT NOT NULL, 
	restricted BOOLEAN NOT NULL, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_case_file PRIMARY KEY (id), 
	CONSTRAINT uq_case_file_code UNIQUE (code), 
	CONSTRAINT fk_case_file_client_id FOREIGN KEY(client_id) REFERENCES person (id), 
	CONSTRAINT fk_case_file_counsellor_id FOREIGN KEY(counsellor_id) REFERENCES person (id)
);

CREATE INDEX ix_case_file_counsellor_status ON case_file (counsellor_id, status);

CREATE INDEX ix_case_file_client_id ON case_file (client_id);

CREATE TABLE amendment (
	entity VARCHAR NOT NULL, 
	entity_id VARCHAR NOT NULL, 
	subject_person VARCHAR NOT NULL, 
	section VARCHAR, 
	text VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_amendment PRIMARY KEY (id), 
	CONSTRAINT fk_amendment_subject_person FOREIGN KEY(subject_person) REFERENCES person (id)
);

CREATE INDEX ix_amendment_entity ON amendment (entity, entity_id);

CREATE INDEX ix_amendment_subject_person ON amendment (subject_person);

CREATE TABLE scratch_note (
	owner_id VARCHAR NOT NULL, 
	noted_at TEXT NOT NULL, 
	said VARCHAR NOT NULL, 
	subject_person VARCHAR, 
	entity VARCHAR, 
	entity_id VARCHAR, 
	given_at TEXT, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_scratch_note PRIMARY KEY (id), 
	CONSTRAINT fk_scratch_note_owner_id FOREIGN KEY(owner_id) REFERENCES person (id), 
	CONSTRAINT fk_scratch_note_subject_person FOREIGN KEY(subject_person) REFERENCES person (id)
);

CREATE INDEX ix_scratch_note_subject_person ON scratch_note (subject_person);

CREATE INDEX ix_scratch_note_owner_noted ON scratch_note (owner_id, noted_at);

CREATE TABLE duty_shift (
	on_day DATE NOT NULL, 
	starts_at TEXT NOT NULL, 
	ends_at TEXT NOT NULL, 
	counsellor_id VARCHAR NOT NULL, 
	substitute_id VARCHAR, 
	channel VARCHAR(32) NOT NULL, 
	remark VARCHAR, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_duty_shift PRIMARY KEY (id), 
	CONSTRAINT fk_duty_shift_counsellor_id FOREIGN KEY(counsellor_id) REFERENCES person (id), 
	CONSTRAINT fk_duty_shift_substitute_id FOREIGN KEY(substitute_id) REFERENCES person (id)
);

CREATE INDEX ix_duty_shift_starts ON duty_shift (starts_at);

CREATE TABLE student (
	id VARCHAR NOT NULL, 
	student_no VARCHAR, 
	class_id VARCHAR, 
	status VARCHAR(32) NOT NULL, 
	left_on DATE, 
	dorm VARCHAR, 
	ethnicity VARCHAR, 
	political_status VARCHAR, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_student PRIMARY KEY (id), 
	CONSTRAINT fk_student_id FOREIGN KEY(id) REFERENCES person (id), 
	CONSTRAINT uq_student_student_no UNIQUE (student_no), 
	CONSTRAINT fk_student_class_id FOREIGN KEY(class_id) REFERENCES org_unit (id)
);

CREATE INDEX ix_student_class_id ON student (class_id);

CREATE INDEX ix_student_status_number ON student (status, student_no);

CREATE TABLE account (
	person_id VARCHAR NOT NULL, 
	slot_id VARCHAR, 
	roles TEXT NOT NULL, 
	closed_at TEXT, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_account PRIMARY KEY (id), 
	CONSTRAINT uq_account_person_id UNIQUE (person_id), 
	CONSTRAINT fk_account_person_id FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT uq_account_slot_id UNIQUE (slot_id)
);

CREATE TABLE register_row (
	register VARCHAR NOT NULL, 
	form_id VARCHAR NOT NULL, 
	form_version INTEGER NOT NULL, 
	form_hash VARCHAR NOT NULL, 
	subject_person VARCHAR, 
	org_unit VARCHAR, 
	occurred_on DATE NOT NULL, 
	owner VARCHAR, 
	state VARCHAR(32) NOT NULL, 
	data TEXT NOT NULL, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_register_row PRIMARY KEY (id), 
	CONSTRAINT fk_register_row_subject_person FOREIGN KEY(subject_person) REFERENCES person (id), 
	CONSTRAINT fk_register_row_org_unit FOREIGN KEY(org_unit) REFERENCES org_unit (id), 
	CONSTRAINT fk_register_row_owner FOREIGN KEY(owner) REFERENCES person (id)
);

CREATE INDEX ix_register_row_org_unit ON register_row (org_unit);

CREATE INDEX ix_register_row_subject_occurred ON register_row (subject_person, occurred_on);

CREATE INDEX ix_register_row_owner ON register_row (owner);

CREATE INDEX ix_register_row_register_occurred ON register_row (register, occurred_on);

CREATE TABLE deed (
	id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	entity VARCHAR NOT NULL, 
	entity_id VARCHAR NOT NULL, 
	audit_seq INTEGER NOT NULL, 
	reason VARCHAR NOT NULL, 
	at TEXT NOT NULL, 
	open_token INTEGER, 
	CONSTRAINT pk_deed PRIMARY KEY (id), 
	CONSTRAINT fk_deed_open_token FOREIGN KEY(open_token) REFERENCES deed_gate (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_deed_entity ON deed (entity, entity_id);

CREATE TABLE attachment (
	entity VARCHAR NOT NULL, 
	entity_id VARCHAR NOT NULL, 
	subject_person VARCHAR, 
	name VARCHAR NOT NULL, 
	media_type VARCHAR NOT NULL, 
	size INTEGER NOT NULL, 
	sha256 VARCHAR NOT NULL, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_attachment PRIMARY KEY (id), 
	CONSTRAINT fk_attachment_subject_person FOREIGN KEY(subject_person) REFERENCES person (id)
);

CREATE INDEX ix_attachment_subject_person ON attachment (subject_person);

CREATE INDEX ix_attachment_entity ON attachment (entity, entity_id);

CREATE TABLE search_name (
	person_id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	reading VARCHAR NOT NULL, 
	CONSTRAINT pk_search_name PRIMARY KEY (person_id, kind, reading), 
	CONSTRAINT fk_search_name_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_search_name_reading ON search_name (reading, person_id);

CREATE TABLE term (
	academic_year_id VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	starts_on DATE NOT NULL, 
	ends_on DATE NOT NULL, 
	appointment_stop_on DATE NOT NULL, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_term PRIMARY KEY (id), 
	CONSTRAINT uq_term_academic_year_id_number UNIQUE (academic_year_id, number), 
	CONSTRAINT fk_term_academic_year_id FOREIGN KEY(academic_year_id) REFERENCES academic_year (id)
);

CREATE TABLE psych_archive (
	student_id VARCHAR NOT NULL, 
	archive_no VARCHAR NOT NULL, 
	opened_on DATE NOT NULL, 
	open_reason VARCHAR(32) NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_psych_archive PRIMARY KEY (id), 
	CONSTRAINT uq_psych_archive_student_id UNIQUE (student_id), 
	CONSTRAINT fk_psych_archive_student_id FOREIGN KEY(student_id) REFERENCES student (id), 
	CONSTRAINT uq_psych_archive_archive_no UNIQUE (archive_no)
);

CREATE TABLE tier_record (
	student_id VARCHAR NOT NULL, 
	tier VARCHAR(32) NOT NULL, 
	subtype VARCHAR(32) NOT NULL, 
	change VARCHAR(32) NOT NULL, 
	previous_id VARCHAR, 
	event_id VARCHAR, 
	counsellor_id VARCHAR NOT NULL, 
	contact_id VARCHAR, 
	contact_name VARCHAR, 
	evidence TEXT NOT NULL, 
	reason VARCHAR, 
	rules TEXT NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	proposed_at TEXT NOT NULL, 
	proposed_by VARCHAR NOT NULL, 
	decided_at TEXT, 
	decided_by VARCHAR, 
	effective_on DATE, 
	review_due_on DATE, 
	ended_at TEXT, 
	ended_by VARCHAR, 
	end_reason VARCHAR, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_tier_record PRIMARY KEY (id), 
	CONSTRAINT fk_tier_record_student_id FOREIGN KEY(student_id) REFERENCES student (id), 
	CONSTRAINT fk_tier_record_counsellor_id FOREIGN KEY(counsellor_id) REFERENCES person (id), 
	CONSTRAINT fk_tier_record_contact_id FOREIGN KEY(contact_id) REFERENCES person (id)
);

CREATE INDEX ix_tier_record_counsellor_id ON tier_record (counsellor_id);

CREATE INDEX ix_tier_record_student_state ON tier_record (student_id, state);

CREATE TABLE follow_up_task (
	rule VARCHAR NOT NULL, 
	student_id VARCHAR NOT NULL, 
	origin VARCHAR(32) NOT NULL, 
	origin_id VARCHAR, 
	task VARCHAR NOT NULL, 
	owner_role VARCHAR NOT NULL, 
	owner_id VARCHAR, 
	nth INTEGER NOT NULL, 
	opens_on DATE NOT NULL, 
	due_on DATE NOT NULL, 
	is_safety BOOLEAN NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	closed_at TEXT, 
	closed_by VARCHAR, 
	close_reason VARCHAR, 
	replaced_by VARCHAR, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_follow_up_task PRIMARY KEY (id), 
	CONSTRAINT fk_follow_up_task_student_id FOREIGN KEY(student_id) REFERENCES student (id), 
	CONSTRAINT fk_follow_up_task_owner_id FOREIGN KEY(owner_id) REFERENCES person (id)
);

CREATE INDEX ix_follow_up_task_open_due ON follow_up_task (due_on) WHERE state = 'open' AND voided_at IS NULL;

CREATE INDEX ix_follow_up_task_student_due ON follow_up_task (student_id, due_on);

CREATE INDEX ix_follow_up_task_open_owner_due ON follow_up_task (owner_id, due_on) WHERE state = 'open' AND voided_at IS NULL;

CREATE INDEX ix_follow_up_task_origin ON follow_up_task (origin, origin_id);

CREATE TABLE session_record (
	case_id VARCHAR NOT NULL, 
	client_id VARCHAR NOT NULL, 
	counsellor_id VARCHAR NOT NULL, 
	appointment_id VARCHAR, 
	seq INTEGER NOT NULL, 
	held_on DATE NOT NULL, 
	starts_at TEXT NOT NULL, 
	ends_at TEXT NOT NULL, 
	mode VARCHAR(32) NOT NULL, 
	place VARCHAR, 
	form_id VARCHAR NOT NULL, 
	form_hash VARCHAR NOT NULL, 
	sections TEXT NOT NULL, 
	risk_level VARCHAR(32), 
	consent_exception VARCHAR, 
	next_at TEXT, 
	signed_at TEXT, 
	signed_by VARCHAR, 
	content_hash VARCHAR, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_session_record PRIMARY KEY (id), 
	CONSTRAINT uq_session_record_case_id_seq UNIQUE (case_id, seq), 
	CONSTRAINT fk_session_record_case_id FOREIGN KEY(case_id) REFERENCES case_file (id), 
	CONSTRAINT fk_session_record_client_id FOREIGN KEY(client_id) REFERENCES person (id), 
	CONSTRAINT fk_session_record_counsellor_id FOREIGN KEY(counsellor_id) REFERENCES person (id), 
	CONSTRAINT uq_session_record_appointment_id UNIQUE (appointment_id), 
	CONSTRAINT fk_session_record_appointment_id FOREIGN KEY(appointment_id) REFERENCES appointment (id)
);

CREATE INDEX ix_session_record_unsigned ON session_record (counsellor_id) WHERE signed_at IS NULL;

CREATE INDEX ix_session_record_client_held ON session_record (client_id, held_on);

CREATE INDEX ix_session_record_counsellor_id ON session_record (counsellor_id);

CREATE TABLE referral (
	number VARCHAR NOT NULL, 
	student_id VARCHAR NOT NULL, 
	case_id VARCHAR, 
	counsellor_id VARCHAR NOT NULL, 
	to_kind VARCHAR(32) NOT NULL, 
	to_name VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	summary VARCHAR NOT NULL, 
	done_so_far VARCHAR, 
	risk VARCHAR(32), 
	urgency VARCHAR(32) NOT NULL, 
	accompanied_by VARCHAR, 
	client_consent VARCHAR(32) NOT NULL, 
	guardian_consent VARCHAR(32) NOT NULL, 
	emergency_basis VARCHAR, 
	supervisor_opinion VARCHAR, 
	session_excerpt VARCHAR, 
	excerpt_approved_by VARCHAR, 
	state VARCHAR(32) NOT NULL, 
	issued_at TEXT, 
	issued_by VARCHAR, 
	complete_by TEXT, 
	content_hash VARCHAR, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_referral PRIMARY KEY (id), 
	CONSTRAINT uq_referral_number UNIQUE (number), 
	CONSTRAINT fk_referral_student_id FOREIGN KEY(student_id) REFERENCES student (id), 
	CONSTRAINT fk_referral_case_id FOREIGN KEY(case_id) REFERENCES case_file (id), 
	CONSTRAINT fk_referral_counsellor_id FOREIGN KEY(counsellor_id) REFERENCES person (id)
);

CREATE INDEX ix_referral_student_id ON referral (student_id);

CREATE TABLE crisis_assessment (
	student_id VARCHAR NOT NULL, 
	counsellor_id VARCHAR NOT NULL, 
	case_id VARCHAR, 
	assessed_at TEXT NOT NULL, 
	place VARCHAR, 
	source VARCHAR(32) NOT NULL, 
	source_entity VARCHAR, 
	source_id VARCHAR, 
	criteria TEXT NOT NULL, 
	own_criterion VARCHAR, 
	life_events VARCHAR, 
	emotion VARCHAR, 
	somatic VARCHAR, 
	cognition VARCHAR, 
	behaviour VARCHAR, 
	coping_fails BOOLEAN NOT NULL, 
	ideation VARCHAR(32) NOT NULL, 
	plan_means VARCHAR, 
	history VARCHAR, 
	protective VARCHAR, 
	target_of_harm VARCHAR, 
	level VARCHAR(32), 
	in_school_manageable BOOLEAN NOT NULL, 
	opinion VARCHAR, 
	advice VARCHAR, 
	reassess_on DATE, 
	signed_at TEXT, 
	signed_by VARCHAR, 
	content_hash VARCHAR, 
	reviewed_by VARCHAR, 
	reviewed_at TEXT, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_crisis_assessment PRIMARY KEY (id), 
	CONSTRAINT fk_crisis_assessment_student_id FOREIGN KEY(student_id) REFERENCES student (id), 
	CONSTRAINT fk_crisis_assessment_counsellor_id FOREIGN KEY(counsellor_id) REFERENCES person (id), 
	CONSTRAINT fk_crisis_assessment_case_id FOREIGN KEY(case_id) REFERENCES case_file (id)
);

CREATE INDEX ix_crisis_assessment_student_id ON crisis_assessment (student_id);

CREATE INDEX ix_crisis_assessment_source ON crisis_assessment (source_entity, source_id);

CREATE TABLE crisis_event (
	code VARCHAR NOT NULL, 
	student_id VARCHAR NOT NULL, 
	case_id VARCHAR, 
	assessment_id VARCHAR, 
	counsellor_id VARCHAR NOT NULL, 
	deputy_id VARCHAR, 
	occurred_at TEXT, 
	found_at TEXT NOT NULL, 
	found_by VARCHAR, 
	place VARCHAR, 
	kind VARCHAR(32) NOT NULL, 
	level VARCHAR(32) NOT NULL, 
	facts VARCHAR, 
	measures VARCHAR, 
	commander VARCHAR, 
	care_point VARCHAR, 
	state VARCHAR(32) NOT NULL, 
	"plan" TEXT NOT NULL, 
	restricted BOOLEAN NOT NULL, 
	started_at TEXT NOT NULL, 
	started_by VARCHAR NOT NULL, 
	closed_at TEXT, 
	closed_by VARCHAR, 
	close_reason VARCHAR, 
	outcome VARCHAR, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_crisis_event PRIMARY KEY (id), 
	CONSTRAINT uq_crisis_event_code UNIQUE (code), 
	CONSTRAINT fk_crisis_event_student_id FOREIGN KEY(student_id) REFERENCES student (id), 
	CONSTRAINT fk_crisis_event_case_id FOREIGN KEY(case_id) REFERENCES case_file (id), 
	CONSTRAINT fk_crisis_event_counsellor_id FOREIGN KEY(counsellor_id) REFERENCES person (id), 
	CONSTRAINT fk_crisis_event_deputy_id FOREIGN KEY(deputy_id) REFERENCES person (id)
);

CREATE INDEX ix_crisis_event_open ON crisis_event (found_at) WHERE closed_at IS NULL AND voided_at IS NULL;

CREATE INDEX ix_crisis_event_counsellor_id ON crisis_event (counsellor_id);

CREATE INDEX ix_crisis_event_student_id ON crisis_event (student_id);

CREATE TABLE waiting_entry (
	client_id VARCHAR NOT NULL, 
	counsellor_id VARCHAR, 
	asked_at TEXT NOT NULL, 
	channel VARCHAR(32) NOT NULL, 
	referrer VARCHAR, 
	urgency VARCHAR(32) NOT NULL, 
	mode VARCHAR(32) NOT NULL, 
	minutes INTEGER NOT NULL, 
	wanted_times VARCHAR, 
	issue_brief VARCHAR, 
	state VARCHAR(32) NOT NULL, 
	appointment_id VARCHAR, 
	closed_at TEXT, 
	close_reason VARCHAR, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_waiting_entry PRIMARY KEY (id), 
	CONSTRAINT fk_waiting_entry_client_id FOREIGN KEY(client_id) REFERENCES person (id), 
	CONSTRAINT fk_waiting_entry_counsellor_id FOREIGN KEY(counsellor_id) REFERENCES person (id), 
	CONSTRAINT fk_waiting_entry_appointment_id FOREIGN KEY(appointment_id) REFERENCES appointment (id)
);

CREATE INDEX ix_waiting_entry_waiting ON waiting_entry (asked_at) WHERE state = 'waiting';

CREATE INDEX ix_waiting_entry_client_id ON waiting_entry (client_id);

CREATE TABLE print_log (
	id VARCHAR NOT NULL, 
	printed_at TEXT NOT NULL, 
	printed_by VARCHAR NOT NULL, 
	form_id VARCHAR NOT NULL, 
	form_hash VARCHAR NOT NULL, 
	entity VARCHAR NOT NULL, 
	entity_id VARCHAR NOT NULL, 
	subject_person VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	audience VARCHAR NOT NULL, 
	recipient VARCHAR, 
	purpose VARCHAR, 
	copies INTEGER NOT NULL, 
	copy_no INTEGER NOT NULL, 
	sha256 VARCHAR NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_print_log PRIMARY KEY (id), 
	CONSTRAINT fk_print_log_printed_by FOREIGN KEY(printed_by) REFERENCES account (id), 
	CONSTRAINT fk_print_log_subject_person FOREIGN KEY(subject_person) REFERENCES person (id)
);

CREATE INDEX ix_print_log_subject_person ON print_log (subject_person);

CREATE INDEX ix_print_log_entity ON print_log (entity, entity_id);

CREATE TABLE guardian (
	student_id VARCHAR NOT NULL, 
	person_id VARCHAR NOT NULL, 
	relation VARCHAR(32) NOT NULL, 
	position INTEGER NOT NULL, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_guardian PRIMARY KEY (id), 
	CONSTRAINT uq_guardian_student_id_person_id UNIQUE (student_id, person_id), 
	CONSTRAINT fk_guardian_student_id FOREIGN KEY(student_id) REFERENCES student (id), 
	CONSTRAINT fk_guardian_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_guardian_student_id ON guardian (student_id);

CREATE INDEX ix_guardian_person_id ON guardian (person_id);

CREATE TABLE special_group_member (
	student_id VARCHAR NOT NULL, 
	special_group VARCHAR(32) NOT NULL, 
	since DATE, 
	contact_person_id VARCHAR, 
	"plan" VARCHAR, 
	ended_on DATE, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_special_group_member PRIMARY KEY (id), 
	CONSTRAINT fk_special_group_member_student_id FOREIGN KEY(student_id) REFERENCES student (id), 
	CONSTRAINT fk_special_group_member_contact_person_id FOREIGN KEY(contact_person_id) REFERENCES person (id)
);

CREATE INDEX ix_special_group_member_student_id ON special_group_member (student_id);

CREATE TABLE access_grant (
	id VARCHAR NOT NULL, 
	account_id VARCHAR NOT NULL, 
	entity VARCHAR NOT NULL, 
	entity_id VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	granted_by VARCHAR NOT NULL, 
	granted_at TEXT NOT NULL, 
	expires_at TEXT NOT NULL, 
	CONSTRAINT pk_access_grant PRIMARY KEY (id), 
	CONSTRAINT fk_access_grant_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_access_grant_account_id ON access_grant (account_id);

CREATE TABLE audit_log (
	seq INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	actor_id VARCHAR NOT NULL, 
	roles VARCHAR NOT NULL, 
	action VARCHAR NOT NULL, 
	entity VARCHAR NOT NULL, 
	entity_id VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	generation INTEGER NOT NULL, 
	epoch INTEGER NOT NULL, 
	deed_id VARCHAR, 
	prev_hash BLOB NOT NULL, 
	hash BLOB NOT NULL, 
	CONSTRAINT pk_audit_log PRIMARY KEY (seq), 
	CONSTRAINT fk_audit_log_deed_id FOREIGN KEY(deed_id) REFERENCES deed (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_audit_log_entity ON audit_log (entity, entity_id);

CREATE TABLE draft (
	id VARCHAR NOT NULL, 
	account_id VARCHAR NOT NULL, 
	place VARCHAR NOT NULL, 
	entity VARCHAR, 
	entity_id VARCHAR, 
	state TEXT NOT NULL, 
	saved_at TEXT NOT NULL, 
	CONSTRAINT pk_draft PRIMARY KEY (id), 
	CONSTRAINT fk_draft_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_draft_entity ON draft (entity, entity_id);

CREATE UNIQUE INDEX ix_draft_account_place ON draft (account_id, place);

CREATE TABLE attachment_chunk (
	attachment_id VARCHAR NOT NULL, 
	seq INTEGER NOT NULL, 
	data BLOB NOT NULL, 
	sha256 BLOB NOT NULL, 
	CONSTRAINT pk_attachment_chunk PRIMARY KEY (attachment_id, seq), 
	CONSTRAINT fk_attachment_chunk_attachment_id FOREIGN KEY(attachment_id) REFERENCES attachment (id)
);

CREATE TABLE archive_card (
	archive_id VARCHAR NOT NULL, 
	student_id VARCHAR NOT NULL, 
	family_members TEXT NOT NULL, 
	family_structure VARCHAR(32), 
	economic VARCHAR, 
	living VARCHAR, 
	caretaker VARCHAR, 
	health_history VARCHAR, 
	medication VARCHAR, 
	major_events TEXT NOT NULL, 
	study_status VARCHAR, 
	interests VARCHAR, 
	self_description VARCHAR, 
	teacher_description VARCHAR, 
	friendships VARCHAR, 
	teacher_observation VARCHAR, 
	home_visit_summary VARCHAR, 
	special_groups TEXT NOT NULL, 
	source VARCHAR(32), 
	collected_on DATE, 
	collected_by VARCHAR, 
	suggestion VARCHAR, 
	filed_at TEXT, 
	filed_by VARCHAR, 
	content_hash VARCHAR, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_archive_card PRIMARY KEY (id), 
	CONSTRAINT fk_archive_card_archive_id FOREIGN KEY(archive_id) REFERENCES psych_archive (id), 
	CONSTRAINT fk_archive_card_student_id FOREIGN KEY(student_id) REFERENCES student (id)
);

CREATE INDEX ix_archive_card_archive_id ON archive_card (archive_id);

CREATE INDEX ix_archive_card_student_id ON archive_card (student_id);

CREATE TABLE archive_item (
	archive_id VARCHAR NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	entity VARCHAR NOT NULL, 
	entity_id VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	dated_on DATE NOT NULL, 
	filed_at TEXT, 
	filed_by VARCHAR, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_archive_item PRIMARY KEY (id), 
	CONSTRAINT fk_archive_item_archive_id FOREIGN KEY(archive_id) REFERENCES psych_archive (id)
);

CREATE INDEX ix_archive_item_archive_id ON archive_item (archive_id);

CREATE INDEX ix_archive_item_entity ON archive_item (entity, entity_id);

CREATE TABLE follow_up_record (
	task_id VARCHAR, 
	student_id VARCHAR NOT NULL, 
	counsellor_id VARCHAR NOT NULL, 
	done_by VARCHAR, 
	held_on DATE NOT NULL, 
	mode VARCHAR(32) NOT NULL, 
	mood VARCHAR, 
	sleep VARCHAR, 
	study VARCHAR, 
	social VARCHAR, 
	family VARCHAR, 
	peers_say VARCHAR, 
	risk VARCHAR(32) NOT NULL, 
	change VARCHAR, 
	measures VARCHAR, 
	tier_change_wanted BOOLEAN NOT NULL, 
	next_on DATE, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_follow_up_record PRIMARY KEY (id), 
	CONSTRAINT fk_follow_up_record_task_id FOREIGN KEY(task_id) REFERENCES follow_up_task (id), 
	CONSTRAINT fk_follow_up_record_student_id FOREIGN KEY(student_id) REFERENCES student (id), 
	CONSTRAINT fk_follow_up_record_counsellor_id FOREIGN KEY(counsellor_id) REFERENCES person (id)
);

CREATE INDEX ix_follow_up_record_student_id ON follow_up_record (student_id);

CREATE INDEX ix_follow_up_record_task_id ON follow_up_record (task_id);

CREATE TABLE referral_feedback (
	referral_id VARCHAR NOT NULL, 
	received_on DATE NOT NULL, 
	institution VARCHAR NOT NULL, 
	seen_on DATE, 
	recommendation VARCHAR NOT NULL, 
	may_attend_school VARCHAR, 
	next_visit_on DATE, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_referral_feedback PRIMARY KEY (id), 
	CONSTRAINT fk_referral_feedback_referral_id FOREIGN KEY(referral_id) REFERENCES referral (id)
);

CREATE INDEX ix_referral_feedback_referral_id ON referral_feedback (referral_id);

CREATE TABLE referral_supplement (
	referral_id VARCHAR NOT NULL, 
	supervisor_opinion VARCHAR, 
	guardian_consent VARCHAR(32), 
	given_at TEXT NOT NULL, 
	late_reason VARCHAR, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_referral_supplement PRIMARY KEY (id), 
	CONSTRAINT fk_referral_supplement_referral_id FOREIGN KEY(referral_id) REFERENCES referral (id)
);

CREATE INDEX ix_referral_supplement_referral_id ON referral_supplement (referral_id);

CREATE TABLE crisis_step (
	event_id VARCHAR NOT NULL, 
	checklist VARCHAR NOT NULL, 
	item VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	stage VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	detail VARCHAR, 
	duty VARCHAR(32), 
	document VARCHAR, 
	evidence_needed BOOLEAN NOT NULL, 
	waits_for TEXT NOT NULL, 
	limit_minutes INTEGER, 
	owner_role VARCHAR NOT NULL, 
	owner_id VARCHAR, 
	runs_from_at TEXT, 
	due_at TEXT, 
	clock_at TEXT, 
	clock_boot VARCHAR, 
	clock_ms INTEGER, 
	state VARCHAR(32) NOT NULL, 
	done_at TEXT, 
	done_by VARCHAR, 
	note VARCHAR, 
	late_reason VARCHAR, 
	skip_reason VARCHAR, 
	recorded_at TEXT, 
	recorded_by VARCHAR, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_crisis_step PRIMARY KEY (id), 
	CONSTRAINT fk_crisis_step_event_id FOREIGN KEY(event_id) REFERENCES crisis_event (id), 
	CONSTRAINT fk_crisis_step_owner_id FOREIGN KEY(owner_id) REFERENCES person (id)
);

CREATE INDEX ix_crisis_step_owner_id ON crisis_step (owner_id);

CREATE INDEX ix_crisis_step_open_due ON crisis_step (due_at) WHERE state = 'open' AND voided_at IS NULL;

CREATE INDEX ix_crisis_step_event_id ON crisis_step (event_id);

CREATE TABLE crisis_log (
	event_id VARCHAR NOT NULL, 
	at TEXT NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	said VARCHAR NOT NULL, 
	told_by VARCHAR, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_crisis_log PRIMARY KEY (id), 
	CONSTRAINT fk_crisis_log_event_id FOREIGN KEY(event_id) REFERENCES crisis_event (id)
);

CREATE INDEX ix_crisis_log_event_at ON crisis_log (event_id, at);

CREATE TABLE contact_attempt (
	event_id VARCHAR NOT NULL, 
	at TEXT NOT NULL, 
	role VARCHAR(32) NOT NULL, 
	person_id VARCHAR, 
	name VARCHAR NOT NULL, 
	phone VARCHAR, 
	purpose VARCHAR(32) NOT NULL, 
	mode VARCHAR(32) NOT NULL, 
	outcome VARCHAR(32) NOT NULL, 
	said VARCHAR, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_contact_attempt PRIMARY KEY (id), 
	CONSTRAINT fk_contact_attempt_event_id FOREIGN KEY(event_id) REFERENCES crisis_event (id), 
	CONSTRAINT fk_contact_attempt_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_contact_attempt_event_at ON contact_attempt (event_id, at);

CREATE TABLE guard_period (
	event_id VARCHAR NOT NULL, 
	starts_at TEXT NOT NULL, 
	place VARCHAR, 
	reason VARCHAR, 
	ended_at TEXT, 
	end_reason VARCHAR(32), 
	handed_to VARCHAR, 
	gap_reason VARCHAR, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_guard_period PRIMARY KEY (id), 
	CONSTRAINT fk_guard_period_event_id FOREIGN KEY(event_id) REFERENCES crisis_event (id)
);

CREATE INDEX ix_guard_period_event_id ON guard_period (event_id);

CREATE TABLE guardian_notice (
	event_id VARCHAR NOT NULL, 
	guardian_id VARCHAR, 
	addressee VARCHAR NOT NULL, 
	facts VARCHAR NOT NULL, 
	request VARCHAR NOT NULL, 
	contact_person VARCHAR, 
	mode VARCHAR(32) NOT NULL, 
	issued_at TEXT, 
	issued_by VARCHAR, 
	content_hash VARCHAR, 
	reply VARCHAR, 
	expected_at TEXT, 
	arrived_at TEXT, 
	receipt_at TEXT, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_guardian_notice PRIMARY KEY (id), 
	CONSTRAINT fk_guardian_notice_event_id FOREIGN KEY(event_id) REFERENCES crisis_event (id), 
	CONSTRAINT fk_guardian_notice_guardian_id FOREIGN KEY(guardian_id) REFERENCES guardian (id)
);

CREATE INDEX ix_guardian_notice_event_id ON guardian_notice (event_id);

CREATE TABLE crisis_report (
	event_id VARCHAR NOT NULL, 
	persons VARCHAR NOT NULL, 
	course VARCHAR NOT NULL, 
	cause VARCHAR, 
	nature VARCHAR, 
	measures VARCHAR NOT NULL, 
	help_needed VARCHAR, 
	other VARCHAR, 
	enclosures VARCHAR, 
	due_at TEXT, 
	issued_at TEXT, 
	issued_by VARCHAR, 
	content_hash VARCHAR, 
	approved_at TEXT, 
	approved_by VARCHAR, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_crisis_report PRIMARY KEY (id), 
	CONSTRAINT fk_crisis_report_event_id FOREIGN KEY(event_id) REFERENCES crisis_event (id)
);

CREATE INDEX ix_crisis_report_event_id ON crisis_report (event_id);

CREATE TABLE draft_version (
	id VARCHAR NOT NULL, 
	draft_id VARCHAR NOT NULL, 
	state TEXT NOT NULL, 
	saved_at TEXT NOT NULL, 
	CONSTRAINT pk_draft_version PRIMARY KEY (id), 
	CONSTRAINT fk_draft_version_draft_id FOREIGN KEY(draft_id) REFERENCES draft (id) ON DELETE CASCADE
);

CREATE INDEX ix_draft_version_draft_id ON draft_version (draft_id);

CREATE TABLE guard_shift (
	period_id VARCHAR NOT NULL, 
	person_id VARCHAR, 
	name VARCHAR NOT NULL, 
	role VARCHAR(32) NOT NULL, 
	starts_at TEXT NOT NULL, 
	ends_at TEXT NOT NULL, 
	handed_over_at TEXT, 
	handed_over_to VARCHAR, 
	handover_note VARCHAR, 
	id VARCHAR NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by VARCHAR NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by VARCHAR NOT NULL, 
	academic_year VARCHAR, 
	term VARCHAR, 
	secrecy VARCHAR(32) NOT NULL, 
	voided_at TEXT, 
	voided_by VARCHAR, 
	void_reason VARCHAR, 
	CONSTRAINT pk_guard_shift PRIMARY KEY (id), 
	CONSTRAINT fk_guard_shift_period_id FOREIGN KEY(period_id) REFERENCES guard_period (id), 
	CONSTRAINT fk_guard_shift_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_guard_shift_period_id ON guard_shift (period_id);

CREATE VIRTUAL TABLE search_text USING fts5(body, content='', contentless_delete=1, tokenize='ascii');

CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);

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
