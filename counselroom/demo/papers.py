"""The paper of the day: archive card, referral, and the forms printed blank and filled."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

from counselroom.demo.stage import Stage, require
from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.printing.definitions import Audience
from counselroom.rules.archive import CollectionSource, FamilyStructure, OpenReason
from counselroom.rules.counselling import RiskLevel
from counselroom.rules.people import SpecialGroup
from counselroom.rules.referral import ConsentAnswer, IssueObstacle, ReferralTarget
from counselroom.services import archives, prints, referrals
from counselroom.services.archives import CardData, FamilyMember, MajorEvent
from counselroom.services.forms import all_forms
from counselroom.services.referrals import NotReadyToIssue, ReferralData

CARD = CardData(
    family_members=(
        FamilyMember("父亲", "张建国", "45", "货车司机", "高中", "13900000101"),
        FamilyMember("母亲", "李秀英", "43", "外出务工", "初中", "13900000102"),
        FamilyMember("祖母", "王桂兰", "70", "务农", "小学", "13900000103"),
    ),
    family_structure=FamilyStructure.COMPLETE,
    economic="一般",
    living="与祖母同住，周末回村",
    caretaker="祖母",
    health_history="小学四年级患过肺炎，已痊愈",
    medication="无",
    major_events=(MajorEvent("2023年9月", "母亲外出务工"), MajorEvent("2025年3月", "搬家转学")),
    study_status="成绩中等，数学较吃力",
    interests="篮球、画画",
    self_description="慢热，熟了以后话多",
    teacher_description="守纪律，近来上课容易发呆",
    friendships="与同桌交往较多，近期有误会",
    teacher_observation="课间常一个人坐着",
    home_visit_summary="祖母反映孩子睡得晚",
    special_groups=frozenset({SpecialGroup.LEFT_BEHIND}),
    source=CollectionSource.HOME_VISIT,
    collected_on=date(2026, 9, 20),
    collected_by="陈老师",
    suggestion="请任课老师多给课堂发言的机会，有异常及时告诉辅导室。",
)


def file_the_card(stage: Stage) -> str:
    """Type the archive card in, file it, and see it refuse an edit."""
    actor, desk = stage.actor, stage.desk
    archive = archives.open_archive(actor, desk, stage.ids["student"], OpenReason.COUNSELLING).value
    again = archives.open_archive(actor, desk, stage.ids["student"], OpenReason.SCREENING).value
    require(again.id == archive.id, _("A second archive was opened for one student."))
    card = archives.save_card(actor, desk, archive.id, CARD).value
    stage.ids["card"] = card.id
    filed = archives.file_card(actor, desk, card.id).value
    require(filed.filed_at is not None and filed.data == CARD, _("The filed card is not what was typed in."))
    try:
        archives.save_card(actor, desk, archive.id, CARD)
    except UserError:
        pass
    else:
        require(held=False, sentence=_("A filed card was edited."))
    stage.markers += [CARD.home_visit_summary or "", CARD.family_members[0].phone, CARD.suggestion or ""]
    return _("Archive {number}: card typed in and filed; an edit was refused.").format(number=archive.archive_no)


def issue_the_referral(stage: Stage) -> str:
    """Write a referral, see it refused without the guardian's consent (R-13), complete and issue it."""
    actor, desk = stage.actor, stage.desk
    data = ReferralData(
        student_id=stage.ids["student"],
        to_kind=ReferralTarget.HOSPITAL,
        to_name="示例医院儿童青少年心理门诊",
        reason="近两周睡眠明显减少，情绪低落，对日常活动兴趣减退，已超出学校辅导的能力范围，建议由专科医师作进一步评估。",
        summary="10月12日接待一次，已与班主任沟通，家长知情。",
        done_so_far="已安排专人陪伴；已电话联系监护人，监护人愿意带学生就医。",
        risk=RiskLevel.MILD,
        accompanied_by="祖母、陈老师",
        client_consent=ConsentAnswer.AGREED,
        supervisor_opinion="同意转介专科门诊评估。",
        case_id=stage.ids["case"],
    )
    referral = referrals.draft_referral(actor, desk, data).value
    stage.ids["referral"] = referral.id
    try:
        referrals.issue_referral(actor, desk, referral.id)
    except NotReadyToIssue as refusal:
        require(
            refusal.obstacles == (IssueObstacle.NO_GUARDIAN_CONSENT,), _("The referral was refused for another reason.")
        )
    else:
        require(held=False, sentence=_("A referral was issued without the guardian's consent."))
    agreed = ReferralData(**{**vars(data), "guardian_consent": ConsentAnswer.AGREED})
    referrals.edit_referral(actor, desk, referral.id, agreed)
    issued = referrals.issue_referral(actor, desk, referral.id).value
    require(issued.issued_at is not None, _("The referral is not issued."))
    stage.markers += [data.reason, data.summary, data.done_so_far or ""]
    return _("Referral {number}: refused without the guardian's consent, then issued.").format(number=issued.number)


def print_the_papers(stage: Stage) -> str:
    """Print every form blank, and the day's papers filled; read a referral back where poppler is at hand."""
    folder = stage.out / "printed"
    folder.mkdir(exist_ok=True)
    for form in all_forms().values():
        (folder / f"{form.id}-blank.pdf").write_bytes(prints.print_blank(form.id))
    wanted = (
        ("F-06", "appointment", Audience.CLIENT),
        ("F-11", "session", Audience.ROOM),
        ("F-19", "card", Audience.ARCHIVE),
        ("F-50", "referral", Audience.HOSPITAL),
        ("F-50", "referral", Audience.GUARDIAN),
    )
    for form_id, what, audience in wanted:
        request = prints.PrintRequest(form_id, stage.ids[what], audience, saved=True)
        printed = prints.print_form(stage.actor, stage.desk, request).value
        require(printed.pdf.startswith(b"%PDF-") and not printed.warnings, _("A printed page has a fault."))
        (folder / f"{form_id}-{audience}.pdf").write_bytes(printed.pdf)
    lines = prints.list_prints(stage.actor, stage.desk, "F-50", stage.ids["referral"])
    require([line.copy_no for line in lines] == [1, 2], _("The copy numbers are wrong."))
    stage.ids["print"] = lines[0].print_id
    read_back = _read_back(folder / "F-50-hospital.pdf")
    if read_back is not None:
        require("示例医院儿童青少年心理门诊" in read_back, _("The printed referral lacks its recipient."))
        require("自伤" not in read_back, _("The printed referral holds words of the session."))
    return _("{blank} forms printed blank, {filled} pages filled, each with copy number and log line.").format(
        blank=len(all_forms()), filled=len(wanted)
    )


def _read_back(path: Path) -> str | None:
    """Return the text of a PDF without blanks, or None where poppler's pdftotext is not installed."""
    tool = shutil.which("pdftotext")
    if tool is None:
        return None
    done = subprocess.run([tool, str(path), "-"], capture_output=True, check=True)  # noqa: S603 - our own file
    return "".join(done.stdout.decode().split())
