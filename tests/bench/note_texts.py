"""Invented session notes: the same number gives the same note, 300 to 600 characters of everyday Chinese.

Two words are planted in a known share of the notes and stand nowhere else, so that a search can be counted by hand.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

RARE = "自伤"
LESS_RARE = "失眠"
FREQUENT = "考试"
"""Stands in many notes, as the words of a school do; not planted, so its count is only compared."""
RARE_EVERY, LESS_RARE_EVERY = 50, 20
SHORTEST, LONGEST = 300, 600

_SLOTS = {
    name: words.split()
    for name, words in {
        "when": "上周三 这两周 开学以来 期中之后 国庆假期里 昨天晚上 最近一个月 月考前 分班以后 搬家以后 "
        "军训结束后 周末",
        "who": "同桌 室友 班主任 母亲 父亲 祖母 表姐 体育老师 以前的好朋友 社团里的学长 后排的男生 语文老师 妹妹",
        "topic": "考试名次 选科 作业量 手机使用 零花钱 座位调整 宿舍卫生 小组合作 竞选班委 转学的传言 减肥 一句玩笑话",
        "feeling": "委屈 烦躁 紧张 孤单 失望 生气又内疚 提不起劲 担心 害怕被笑话 说不清的难受 松了一口气 不甘心",
        "body": "胃口不好 手心出汗 头疼 心跳得快 早上起不来 肩膀发紧 容易掉眼泪 上课犯困 胸口闷",
        "place": "教室后门 操场看台 宿舍阳台 图书角 食堂 校门口的公交站 楼梯间 美术教室",
        "skill": "呼吸放松 情绪命名 三栏记录 角色扮演 我信息表达 渐进放松 优势清单 问题外化 时间安排表 安全岛想象",
        "task": "写三行心情 和同桌说一次早上好 每天走两圈操场 把担心写在纸上放进盒子 十点前放下手机 "
        "记下一件顺利的事 列出可以求助的五个人 整理一次书桌 给祖母打一次电话",
        "good": "愿意开口 字写得工整 记得上次的约定 会照顾妹妹 喜欢画画 跑步能坚持 对小动物有耐心 能说出自己的需要",
    }.items()
}
_SENTENCES = {
    "presenting": (
        "{when}因为{topic}与{who}起了争执，回到{place}后一直{feeling}。",
        "自述{when}常常{feeling}，{body}，担心下一次测验。",
        "说起{topic}时声音变小，觉得{who}不理解自己。",
        "由{who}建议前来，本人同意谈一谈{topic}。",
        "{when}在{place}独自待了很久，{feeling}，不想回教室。",
        "想弄明白为什么一提到{topic}就{feeling}。",
    ),
    "observation": (
        "进门时低头，坐下后慢慢抬起头来，语速偏慢。",
        "谈到{who}时停顿较久，手指反复捏衣角，{body}。",
        "衣着整洁，目光接触尚可，说到{topic}时眼圈发红。",
        "情绪由{feeling}渐渐平稳，末了能笑一笑。",
        "回答简短，问到{place}的事才多说几句。",
    ),
    "content": (
        "先一起回顾了上次的作业，本人{good}，{task}做到了四天。",
        "围绕{topic}谈了事情的经过：{when}，{who}说了一句话，本人当时{feeling}，没有回应就离开了{place}。",
        "请本人把当时的想法、感受和做法分开说，发现最难受的是觉得{who}不在乎。",
        "谈到家里对学习的期待，本人说希望{who}先听自己把话讲完。",
        "讨论了{topic}的几种处理办法，逐一说好处和代价，最后本人选了自己觉得做得到的一种。",
        "说到朋友时语气轻快，提到在{place}认识的{who}，周末常一起走路回家。",
        "对{topic}的看法有些松动，承认自己也有说重话的时候。",
        "说起将来想做的事，提到{who}的工作，觉得“也许可以试试”。",
    ),
    "analysis": (
        "初步看法：{topic}引起的{feeling}与近来休息不足有关，支持系统尚可，{who}是可以依靠的人。",
        "把一次失利看成全部的倾向比较明显，但能在提醒下找到反例，也{good}。",
        "回避{place}使{feeling}暂时减轻，却让误会一直留着，可从小步接触开始。",
        "家里对{topic}的说法前后不一，本人夹在中间，需要与{who}沟通一次。",
    ),
    "technique": (
        "倾听与复述，{skill}，一起把目标写小。",
        "练习{skill}两遍，示范后由本人来做。",
        "用{skill}整理{topic}，并约定遇到{feeling}时先停十秒。",
    ),
    "client_response": (
        "练习后表示“好一些了”，愿意下次再来。",
        "起初觉得{skill}有些好笑，做完说{body}的感觉轻了。",
        "表示会试试，但担心{who}不配合。",
    ),
    "homework": ("{task}；遇到{topic}时先记下来。", "{task}，下次带来一起看。", "每天{task}，做不到也没有关系。"),
    "next_plan": (
        "下次继续谈{topic}，视情况邀请{who}到校。",
        "复习{skill}，看{when}的约定执行得怎样。",
        "与班主任约一次短谈，只说需要留意的地方。",
    ),
}
_COUNTS = {"presenting": (1, 2), "observation": (1, 2), "content": (3, 6), "analysis": (1, 2)}
_MORE = (
    "另外补充了{when}在{place}的一件小事：{who}主动打了招呼，本人有些意外，也{feeling}。",
    "谈到{topic}时再次提起{who}，本人说这一次想自己先试，不成再请老师帮忙。",
    "结束前用五分钟做了{skill}，并把本周要做的事念了一遍。",
)
_PLANTED = {
    RARE: "说曾有自伤的念头，没有计划也没有工具，愿意在难受时先联系老师。",
    LESS_RARE: "{when}反复失眠，半夜醒来后会想{topic}。",
}


def planted(count: int, every: int) -> int:
    """Return in how many of the first `count` notes a word planted in every `every`th stands."""
    return count // every


def session_notes(count: int, seed: int = 20261012) -> Iterator[dict[str, str]]:
    """Yield the sections of `count` notes by the linkIds of F-11."""
    chance = random.Random(seed)
    for number in range(1, count + 1):
        sections = {
            section: "".join(_say(chance, pick) for pick in _picks(chance, section, choices))
            for section, choices in _SENTENCES.items()
        }
        if number % RARE_EVERY == 0:
            sections["content"] += _PLANTED[RARE]
        if number % LESS_RARE_EVERY == 0:
            sections["presenting"] += _say(chance, _PLANTED[LESS_RARE])
        wanted = chance.randint(SHORTEST, LONGEST - 60)
        while sum(map(len, sections.values())) < wanted:
            sections["content"] += _say(chance, chance.choice(_MORE))
        yield sections


def _picks(chance: random.Random, section: str, choices: tuple[str, ...]) -> list[str]:
    return chance.sample(choices, chance.randint(*_COUNTS.get(section, (1, 1))))


def _say(chance: random.Random, sentence: str) -> str:
    return sentence.format_map({name: chance.choice(words) for name, words in _SLOTS.items() if "{" + name in sentence})
