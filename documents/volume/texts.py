"""What the papers say: topics by kinds, each text checked by the format's own reader and hashed as a signer saw it."""

import json
from dataclasses import dataclass

from documents.drafting import columns_of, content_of
from documents.interchange import content_hash, parse
from documents.models import Series
from officehub.people.models import Organ

TOPICS = [
    *("安全生产专项检查", "防汛抗旱", "森林草原防火", "冬季供暖保障", "政务公开", "营商环境优化", "食品安全监管"),
    *("农村道路养护", "学校周边整治", "政府采购管理", "档案规范化建设", "人才引进", "社区养老服务", "河湖长制"),
    *("老旧小区改造", "应急演练", "统计数据质量", "节能降耗", "耕地保护", "公共卫生", "文化惠民", "信访接待"),
]
SUBJECTS = {  # kind -> how its title goes, how often it occurs in a hundred (rarely: less than one)
    "通知": ("关于做好{topic}工作的通知", 62.0),
    "函": ("关于商请支持{topic}工作的函", 20.0),
    "通报": ("关于{topic}工作情况的通报", 10.0),
    "意见": ("关于加强{topic}工作的意见", 7.5),
    "公告": ("关于{topic}有关事项的公告", 0.4),
    "决定": ("关于表彰{topic}先进集体的决定", 0.1),
}
BODY = """为进一步做好{topic}工作，现将有关事项通知如下。
一、提高认识
各单位要把{topic}列入年度重点，明确分管负责人和责任科室。
二、抓好落实
（一）摸清底数。对照职责逐项排查，建立台账，于月底前完成。
（二）限时整改。发现的问题要明确措施和时限，逐项销号。
三、及时反馈
工作进展每月25日前报送，重要情况随时报告。"""


@dataclass(frozen=True)
class Text:
    """One text with its columns, its JSON, its hash, the series that numbers it and how often it occurs."""

    series: Series
    columns: dict
    content: str
    hash: str
    weight: float


def texts() -> list[Text]:
    """Every topic in every kind, for each own organ that has a series for that kind."""
    found = []
    for series in Series.objects.filter(is_active=True).select_related("organ").order_by("id"):
        for kind, (title, weight) in SUBJECTS.items():
            if kind == "函" if series.kinds == ["函"] else not series.kinds:
                found += [_text(series, kind, title, topic, weight) for topic in TOPICS]
    return found


def _text(series: Series, kind: str, title: str, topic: str, weight: float) -> Text:
    organ: Organ = series.organ
    fields = {
        "kind": kind,
        "issuers": [organ.name],
        "title": organ.name + title.format(topic=topic),
        "primary_recipients": "" if kind in ("公告", "决定") else "各县（区）人民政府，市政府各部门",
        "body": BODY.format(topic=topic),
        "disclosure": "主动公开",
        "printing_office": organ.office.name if organ.office else organ.name,
    }
    content = content_of(fields)
    return Text(
        series, columns_of(fields), json.dumps(content, ensure_ascii=False), content_hash(parse(content)), weight
    )
