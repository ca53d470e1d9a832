"""The elements of a paper (条例 第九条) and the office's facts of it: their names, and their values in words."""

import re
from typing import Any

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from documents.models.document import DIRECTION_WORDS

LABELS = {
    "title": _("标题"),
    "kind": _("文种"),
    "issuers": _("发文机关"),
    "masthead": _("发文机关标志"),
    "layout": _("版式"),
    "direction": _("行文方向"),
    "urgency": _("紧急程度"),
    "security_classification": _("密级"),
    "classification_period": _("保密期限"),
    "primary_recipients": _("主送机关"),
    "signature_units": _("署名"),
    "signature_stamp": _("签名章"),
    "seal": _("印章"),
    "remarks": _("附注"),
    "cc_recipients": _("抄送机关"),
    "printing_office": _("印发机关"),
    "print_run": _("印数"),
    "present": _("出席人员"),
    "excused": _("请假人员"),
    "observers": _("列席人员"),
    "disclosure": _("公开属性"),
    "disclosure_reason": _("不予公开的理由"),
    "in_reply_to": _("所答复来文的字号"),
    "important": _("重要公文"),
    "amount": _("金额（万元）"),
    "normative": _("规范性文件"),
    "affects_business": _("涉及经营者经济活动"),
}
LAYOUT_WORDS = {"general": _("通用格式"), "letter": _("信函格式"), "order": _("命令格式"), "minutes": _("纪要格式")}
ORGANS = ("primary_recipients", "cc_recipients")  # written in one line, as printed
LISTED = (*ORGANS, "issuers", "signature_units", "present", "excused", "observers")
FLAGS = ("important", "normative", "affects_business")
BETWEEN = re.compile(r"[，,、；;]")


def in_words(name: str, value: Any) -> str:
    """A value as an office would say it; empty when there is none."""
    if name in FLAGS or isinstance(value, bool):
        return gettext("是") if value else pgettext("否定", "否")
    if value is None or value == "":
        return ""
    if isinstance(value, list):
        return "、".join(map(str, value))
    if isinstance(value, dict):
        return " ".join(map(str, value.values()))
    if name == "direction":
        return gettext(DIRECTION_WORDS.get(value, value))
    return str(LAYOUT_WORDS.get(value, value)) if name == "layout" else str(value)


def parts_of(name: str, value: Any) -> list[str]:
    """The single names of an element that lists organs or people; nothing of any other."""
    if name not in LISTED or not value:
        return []
    return [str(one).strip() for one in value] if isinstance(value, list) else BETWEEN.split(value)
