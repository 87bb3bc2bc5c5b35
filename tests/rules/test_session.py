"""What a note needs before it is signed, and what the signature covers (SYS-07, SYS-08)."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselroom.rules.counselling import ConsentKind, Mode, RiskLevel
from counselroom.rules.session import ConsentOnFile, SignObstacle, consent_holds, content_hash, obstacles_to_signing

CHINA = timezone(timedelta(hours=8))
HELD = datetime(2026, 11, 22, 14, 0, tzinfo=CHINA)
INSTANT = timedelta(microseconds=1)
MIDNIGHT = datetime(2026, 11, 23, tzinfo=CHINA)
SERVICE = ConsentKind.SERVICE


def consent(
    signed_at: datetime | None = HELD - timedelta(days=30),
    withdrawn_at: datetime | None = None,
    kind: ConsentKind = SERVICE,
) -> ConsentOnFile:
    return ConsentOnFile(kind, signed_at, withdrawn_at)


@pytest.mark.parametrize(
    ("signed_at", "holds"),
    [
        (HELD - timedelta(days=400), True),
        (HELD - INSTANT, True),
        (HELD, True),
        (HELD + timedelta(minutes=5), True),  # signed in the course of the first session
        (MIDNIGHT - INSTANT, True),
        (MIDNIGHT, False),
        (HELD + timedelta(days=1), False),
        (None, False),
    ],
)
def test_a_consent_covers_the_day_it_was_signed_and_all_days_after(signed_at: datetime | None, holds: bool) -> None:
    assert consent_holds((consent(signed_at),), SERVICE, HELD) is holds


@pytest.mark.parametrize(
    ("withdrawn_at", "holds"),
    [
        (None, True),
        (HELD + timedelta(days=1), True),
        (HELD + INSTANT, True),
        (HELD, False),
        (HELD - INSTANT, False),
        (HELD - timedelta(days=1), False),
    ],
)
def test_a_withdrawal_acts_at_its_very_moment(withdrawn_at: datetime | None, holds: bool) -> None:
    assert consent_holds((consent(withdrawn_at=withdrawn_at),), SERVICE, HELD) is holds


def test_the_day_is_that_of_the_place_where_the_session_was_held() -> None:
    late_evening_in_utc = datetime(2026, 11, 22, 15, 59, tzinfo=UTC)  # 23:59 of the same day here
    after_midnight_here = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
    assert consent_holds((consent(late_evening_in_utc),), SERVICE, HELD)
    assert not consent_holds((consent(after_midnight_here),), SERVICE, HELD)


def test_a_consent_holds_for_its_own_kind_only() -> None:
    for kind in ConsentKind:
        for asked in ConsentKind:
            assert consent_holds((consent(kind=kind),), asked, HELD) is (kind is asked)


def test_one_consent_that_holds_is_enough() -> None:
    withdrawn, unsigned, good = consent(withdrawn_at=HELD), consent(None), consent()
    assert consent_holds((withdrawn, unsigned, good), SERVICE, HELD)
    assert consent_holds((good, withdrawn, unsigned), SERVICE, HELD)
    assert not consent_holds((withdrawn, unsigned), SERVICE, HELD)
    assert not consent_holds((), SERVICE, HELD)


def test_a_new_consent_after_a_withdrawal_counts() -> None:
    again = (consent(withdrawn_at=HELD - timedelta(days=3)), consent(HELD - timedelta(days=1)))
    assert consent_holds(again, SERVICE, HELD)
    assert not consent_holds(again, SERVICE, HELD - timedelta(days=2))


def obstacles(
    sections: dict[str, str] | None = None,
    risk: RiskLevel | None = RiskLevel.NONE,
    consents: tuple[ConsentOnFile, ...] = (consent(),),
    exception: str | None = None,
) -> tuple[SignObstacle, ...]:
    return obstacles_to_signing({"content": "谈话"} if sections is None else sections, risk, consents, HELD, exception)


def test_a_complete_note_may_be_signed() -> None:
    assert obstacles() == ()


@pytest.mark.parametrize("sections", [{}, {"a": ""}, {"a": " \n\t"}, {"a": "", "b": "　"}])
def test_a_note_without_text_may_not(sections: dict[str, str]) -> None:
    assert obstacles(sections) == (SignObstacle.EMPTY,)


@pytest.mark.parametrize("sections", [{"a": "", "b": "x"}, {"a": "x", "b": ""}, {"a": " 谈 "}])
def test_one_section_with_text_is_enough(sections: dict[str, str]) -> None:
    assert obstacles(sections) == ()


def test_a_note_without_a_safety_assessment_may_not() -> None:
    assert obstacles(risk=None) == (SignObstacle.NO_SAFETY_ASSESSMENT,)


@pytest.mark.parametrize("risk", RiskLevel)
def test_every_answer_of_the_safety_assessment_is_an_answer(risk: RiskLevel) -> None:
    assert obstacles(risk=risk) == ()


@pytest.mark.parametrize("exception", [None, "", "  \n"])
def test_a_note_without_consent_and_without_a_stated_crisis_may_not(exception: str | None) -> None:
    assert obstacles(consents=(), exception=exception) == (SignObstacle.NO_CONSENT,)


def test_a_stated_crisis_replaces_the_consent() -> None:
    assert obstacles(consents=(), exception="有自伤行为，先行处置") == ()


@pytest.mark.parametrize("kind", [kind for kind in ConsentKind if kind is not SERVICE])
def test_only_the_consent_to_the_service_counts(kind: ConsentKind) -> None:
    assert obstacles(consents=(consent(kind=kind),)) == (SignObstacle.NO_CONSENT,)


def test_a_consent_withdrawn_before_the_session_does_not_count_and_one_withdrawn_later_does() -> None:
    assert obstacles(consents=(consent(withdrawn_at=HELD),)) == (SignObstacle.NO_CONSENT,)
    assert obstacles(consents=(consent(withdrawn_at=HELD + INSTANT),)) == ()


def test_everything_missing_is_told_at_once_in_the_order_of_the_page() -> None:
    assert obstacles({}, None, ()) == (
        SignObstacle.EMPTY,
        SignObstacle.NO_SAFETY_ASSESSMENT,
        SignObstacle.NO_CONSENT,
    )


# ----- what the signature covers -----


def test_the_hash_is_that_of_canonical_json_for_ever() -> None:
    content = {"b": 2, "a": "谈话", "at": HELD, "on": date(2026, 11, 22), "mode": Mode.FACE, "none": None}
    text = '{"a":"谈话","at":"2026-11-22T14:00:00+08:00","b":2,"mode":"face","none":null,"on":"2026-11-22"}'
    assert content_hash(content) == hashlib.sha256(text.encode("utf-8")).hexdigest()
    assert content_hash({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def test_the_order_of_writing_does_not_matter() -> None:
    assert content_hash({"a": "1", "b": {"x": 1, "y": 2}}) == content_hash({"b": {"y": 2, "x": 1}, "a": "1"})


def test_the_order_within_a_list_does() -> None:
    assert content_hash({"a": [1, 2]}) != content_hash({"a": [2, 1]})


@settings(deadline=None)
@given(
    st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=5), st.text(st.characters(codec="utf-8"))),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=3),
)
def test_one_more_character_anywhere_is_another_hash(sections: dict[str, str], added: str) -> None:
    whole = content_hash({"sections": sections})
    for key in sections:
        assert content_hash({"sections": {**sections, key: sections[key] + added}}) != whole
    assert content_hash({"sections": sections}) == whole


@pytest.mark.parametrize("value", [{"a", "b"}, frozenset({"a"}), b"bytes", object()])
def test_what_has_no_one_text_is_not_hashed(value: object) -> None:
    with pytest.raises(TypeError, match=rf"\Ano canonical text for a {type(value).__name__}\Z"):
        content_hash({"value": value})
