"""Invented answers for the shipped forms: the usual ones, and the longest that a counsellor might write."""

from __future__ import annotations

import itertools
from datetime import date, time

from counselroom.printing.form_values import FormValue

_STUDENT: dict[str, FormValue] = {
    "name": "陈假名",
    "gender": "男",
    "birth_date": date(2008, 11, 3),
    "student_no": "0020240512",
    "grade": "高二",
    "class_name": "高二(5)班",
    "dorm": "3 号楼 412",
    "phone": "13700000005",
    "guardian_name": "陈占位",
    "guardian_relation": "母亲",
    "guardian_phone": "13700000003",
    "guardian_backup_phone": "0000-1234567",
    "guardian_address": "青禾市示例区虚构路 18 号 3 单元 502 室",
}
VALUES: dict[str, dict[str, FormValue]] = {
    "F-06": {
        "number": "Y2026-0312",
        "mode": "face",
        "date": date(2026, 3, 19),
        "time_span": "14:00–14:50",
        "place": "心理辅导室 2 号间",
        "minutes": 50,
        "counsellor": "林示例",
        "reschedule_phone": "0000-1234568",
    },
    "F-11": {
        "code": "G2026-017",
        "seq": 3,
        "date": date(2026, 3, 12),
        "start": time(14, 0),
        "end": time(14, 50),
        "minutes": 50,
        "mode": "face",
        "place": "2 号间",
        "presenting": "近两周入睡困难，凌晨一两点仍醒着；担心月考成绩，食欲下降。",
        "observation": "语速偏慢，谈到家里时低头、停顿较多；**情绪低落**，未见激越。",
        "content": "回顾上次约定的睡前放松练习，完成 4 次。\n来访者谈到父母近期争吵，觉得“都是因为我”。"
        "一起梳理了争吵前后的事情，区分哪些是自己能决定的、哪些不是。\n- 能决定的：作息、求助、与母亲谈一次\n"
        "- 不能决定的：父母之间的关系",
        "analysis": "睡眠与情绪变化和考试压力、家庭冲突同时出现，把责任归于自己是维持因素之一。",
        "technique": "倾听与情感反映；认知三栏表；放松训练复习。",
        "client_response": "愿意填写三栏表，结束时说“轻松一点”。",
        "risk_level": "mild",
        "risk_action": "未谈及自伤；已告知紧急求助方式。",
        "decision_deferral": "提示暂缓决定转班，月考后再谈。",
        "goal_progress": "睡眠由每晚约 4 小时增到 5 小时。",
        "homework": "三栏表 3 次；睡前放松每晚一次。",
        "next_plan": "检视三栏表；讨论与母亲谈话的安排。",
        "next_time": "2026年3月19日 14:00",
        "counsellor": "林示例",
    },
    "F-19": {
        **_STUDENT,
        "ethnicity": "汉族",
        "political_status": "共青团员",
        "archive_no": "QH-2025-XL-0017",
        "family_members": [
            {
                "relation": "父亲",
                "name": "陈样本",
                "age": 45,
                "occupation": "货车司机",
                "education": "初中",
                "phone": "13700000004",
            },
            {
                "relation": "母亲",
                "name": "陈占位",
                "age": 43,
                "occupation": "超市店员",
                "education": "高中",
                "phone": "13700000003",
            },
            {"relation": "妹妹", "name": "陈虚拟", "age": 9, "occupation": "小学生", "education": "小学"},
        ],
        "family_structure": "complete",
        "economic": "一般",
        "living": "住校，周末回家",
        "caretaker": "母亲",
        "health_history": "2019 年阑尾手术（示例市医院出院小结），余无特殊。",
        "medication": "无。",
        "major_events": [
            {"date": date(2023, 9, 1), "description": "随父母由外县转学到本市"},
            {"date": "2025 年春", "description": "祖父去世，由祖父带大"},
        ],
        "study_status": "成绩中上，数学较好；本学期作业拖延增多。",
        "interests": "篮球、画画。",
        "self_description": "话不多，认真，遇事爱往心里去。",
        "teacher_description": "踏实守纪，近期沉默。",
        "friendships": "与同宿舍两人来往较多。",
        "teacher_observation": "近一个月上课走神，午饭吃得少。",
        "home_visit_summary": "2026 年 2 月家访，母亲表示近期夫妻有争吵，愿意配合学校。",
        "special_groups": ["migrant"],
        "source": "home_visit",
        "collected_on": date(2026, 3, 2),
        "collected_by": "王样例",
        "suggestion": "留意睡眠与饮食；由咨询师每两周谈一次；考前不加任务。",
    },
    "F-50": {
        **_STUDENT,
        "to_kind": "hospital",
        "to_name": "示例医院儿童青少年心理门诊",
        "urgency": "soon",
        "risk": "moderate",
        "reason": "近两周睡眠明显减少，情绪低落，对日常活动兴趣减退，经评估认为已超出学校辅导的能力范围。",
        "summary": "3 月 12 日班主任报告后由辅导室接待。学校未作任何医学诊断，建议由专科医师作进一步评估。",
        "done_so_far": "已安排专人陪伴；已电话联系监护人，监护人愿意带学生就医；已报告学校分管领导。",
        "client_consent": "agreed",
        "guardian_consent": "agreed",
        "accompanied_by": "陈占位",
        "supervisor_opinion": "同意转介，请两周内回访。",
        "issued_by": "林示例",
        "issued_on": date(2026, 3, 12),
        "session_excerpt": "来访者自述“最近总是睡不着，也不想吃饭”。",
    },
}


def _long(seed: str, length: int) -> str:
    """Return a note of `length` characters in which no sentence comes twice."""
    sentences = (
        f"{seed}{number}：来访者谈到近期的学习、睡眠与家庭（含 3 次月考、11:30 入睡等细节），语速较慢，但愿意谈下去。"
        for number in range(length)
    )
    return "".join(itertools.islice(sentences, length // 50 + 1))[:length]


LONG: dict[str, dict[str, FormValue]] = {
    form: {
        key: (_long(key, 1800) if isinstance(value, str) and "。" in value else value) for key, value in values.items()
    }
    for form, values in VALUES.items()
}
LONG["F-06"]["place"] = (
    "青禾市示例中学综合楼五层东侧心理健康教育与辅导中心第二个别辅导室（由北门进入，乘电梯至五层右转）"
)
LONG["F-19"]["family_members"] = [
    {
        "relation": f"亲属{number}",
        "name": "买买提江·阿卜杜热西提",
        "age": 30 + number,
        "occupation": "青禾市示例区综合行政执法大队协管员",
        "education": "大学本科",
        "phone": "13700000009",
    }
    for number in range(40)
]
LONG["F-19"]["name"] = "阿布都热西提·买买提依明江"
LONG["F-50"]["name"] = "欧阳𬱖𫖯𬭚𬀩䶮㛃鿏龘"
LONG["F-50"]["emergency_basis"] = (
    "3 月 12 日 13:05 在教学楼五层走廊被值班教师发现情绪激动，已由两名教师陪同并先行送医，随后补办手续"
)
