"""What the documents room tells the house about itself."""

from datetime import timedelta

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from documents.demo import fill
from documents.doctor import checks
from documents.elements import KINDS
from documents.incoming.told import SENTENCES as INCOMING_SENTENCES
from documents.incoming.told import VERBS as INCOMING_VERBS
from documents.incoming.told import received
from documents.models import Document
from documents.search import find
from officehub.people.models import Role
from officehub.web.hubs import Hub, MenuEntry, Panel

PANEL_DAYS = 90
REPORTED_TO = frozenset({Role.OFFICE_DIRECTOR, Role.PRINCIPAL_LEADER, Role.SUPERVISOR})  # duties not kept apart
SHOWN = [  # state, its word on the panel, its colour
    ("in_approval", _("审批中"), "blue"),
    ("returned", _("待修改"), "red"),
    ("signed", _("已签发"), "amber"),
    ("distributed", _("已分发"), "green"),
    ("archived", _("已归档"), "grey"),
]


def my_papers(person, now) -> dict | None:
    """How the papers I drafted in the last 90 days stand; nothing for who drafts none."""
    recent = Document.objects.filter(drafter=person, sort_at__gte=now - timedelta(days=PANEL_DAYS))
    counted = dict(recent.values_list("state").annotate(count=Count("id")).order_by())
    issuing = sum(counted.pop(state, 0) for state in ("signed", "rechecked", "numbered", "sealed"))
    counted["signed"] = issuing
    total = sum(counted.get(shown[0], 0) for shown in SHOWN)
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
        MenuEntry(_("办文"), _("拟稿与发文"), "documents:list", "file-pen-line", staff=False, on_phone=True),
        MenuEntry(_("办文"), _("发文登记簿"), "documents:register", "book-open-text", staff=False),
        MenuEntry(_("办文"), _("收文"), "documents:incoming", "inbox", staff=False, on_phone=True),
        MenuEntry(_("办文"), _("公文规则"), "documents:rules", "scale", staff=False),
        MenuEntry(_("办文"), _("分离例外"), "documents:bypasses", "users", roles=REPORTED_TO, staff=False),
    ],
    verbs={
        "review": _("审核"),
        "countersign": _("会签"),
        "vet": _("核稿"),
        "sign_off": _("签发"),
        "revise": _("修改"),
        "recheck": _("复核"),
        "number": _("编号"),
        "seal": _("用印"),
        "distribute": _("分发"),
        "read": _("阅件"),
        "advise": _("答复意见"),
        "archive": _("归档"),
        **INCOMING_VERBS,
    },
    sentences={
        "approval.asked": _("请办理“%(title)s”（%(stage)s）"),
        "approval.advise_asked": _("%(who)s请您对“%(title)s”提出意见"),
        "approval.advised": _("%(who)s已答复对“%(title)s”的意见"),
        "approval.chased": _("%(who)s催办“%(title)s”，请尽快办理"),
        "documents.terminated": _("%(who)s终止了“%(title)s”：%(reason)s"),
        "documents.signed": _("“%(title)s”已签发"),
        "documents.returned": _("%(who)s退回了“%(title)s”：%(reason)s"),
        "documents.recheck_asked": _("请复核“%(title)s”"),
        "documents.number_asked": _("请为“%(title)s”编号"),
        "documents.seal_asked": _("请为“%(title)s”用印"),
        "documents.distribute_asked": _("请分发“%(title)s”"),
        "documents.archive_asked": _("请将“%(title)s”归档"),
        "documents.delivered": _("收到%(number)s“%(title)s”，请阅"),
        **INCOMING_SENTENCES,
    },
    doors={
        "documents.document": lambda document: reverse("documents:detail", args=[document.pk]),
        "documents.incoming": lambda incoming: reverse("documents:incoming_detail", args=[incoming.pk]),
    },
    panels=[
        Panel("workbench.side", "documents/panel.html", my_papers),
        Panel("workbench.side", "documents/incoming_panel.html", received),
    ],
    kinds=KINDS,
    holdings={"paper": _("名下公文")},
    search=find,
    search_label=_("公文"),
    doctor_checks=[checks],
    demo=fill,
)
