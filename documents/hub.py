"""What the documents room tells the house about itself."""

from datetime import timedelta

from django.db.models import Count
from django.urls import reverse

from documents.demo import fill
from documents.models import Document
from documents.search import find
from officehub.web.hubs import Hub, MenuEntry, Panel

PANEL_DAYS = 90
SHOWN = [  # state, its word on the panel, its colour
    ("in_approval", "审批中", "blue"),
    ("returned", "待修改", "red"),
    ("signed", "已签发", "amber"),
    ("distributed", "已分发", "green"),
    ("archived", "已归档", "grey"),
]


def my_papers(person, now) -> dict | None:
    """How the papers I drafted in the last 90 days stand; nothing for who drafts none."""
    recent = Document.objects.filter(drafter=person, sort_at__gte=now - timedelta(days=PANEL_DAYS))
    counted = dict(recent.values_list("state").annotate(count=Count("id")).order_by())
    issuing = sum(counted.pop(state, 0) for state in ("signed", "rechecked", "numbered", "sealed"))
    counted["signed"] = issuing
    total = sum(counted.get(state, 0) for state, _, _ in SHOWN)
    if not total:
        return None
    parts, at = [], 0.0
    for state, label, colour in SHOWN:
        width = 100 * counted.get(state, 0) / total
        parts.append({"label": label, "colour": colour, "count": counted.get(state, 0), "x": at, "width": width})
        at += width
    return {"parts": parts, "total": total, "days": PANEL_DAYS}


hub = Hub(
    mount="papers/",
    menu=[
        MenuEntry("办文", "拟稿与发文", "documents:list", "file-pen-line", on_phone=True),
        MenuEntry("办文", "发文登记簿", "documents:register", "book-open-text"),
        MenuEntry("办文", "公文规则", "documents:rules", "scale"),
    ],
    verbs={
        "review": "审核",
        "countersign": "会签",
        "vet": "核稿",
        "sign_off": "签发",
        "revise": "修改",
        "recheck": "复核",
        "number": "编号",
        "seal": "用印",
        "distribute": "分发",
        "read": "阅件",
        "archive": "归档",
    },
    sentences={
        "approval.asked": "请办理“%(title)s”（%(stage)s）",
        "documents.signed": "“%(title)s”已签发",
        "documents.returned": "%(who)s退回了“%(title)s”：%(reason)s",
        "documents.recheck_asked": "请复核“%(title)s”",
        "documents.number_asked": "请为“%(title)s”编号",
        "documents.seal_asked": "请为“%(title)s”用印",
        "documents.distribute_asked": "请分发“%(title)s”",
        "documents.archive_asked": "请将“%(title)s”归档",
        "documents.delivered": "收到%(number)s“%(title)s”，请阅",
    },
    doors={"documents.document": lambda document: reverse("documents:detail", args=[document.pk])},
    panels=[Panel("workbench.side", "documents/panel.html", my_papers)],
    search=find,
    search_label="公文",
    demo=fill,
)
