"""What the documents room tells the house about itself."""

from datetime import timedelta

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from documents.course import DEEDS
from documents.demo import fill
from documents.doctor import checks
from documents.elements import KINDS
from documents.incoming.course import DEEDS as INCOMING_DEEDS
from documents.incoming.told import SENTENCES as INCOMING_SENTENCES
from documents.incoming.told import VERBS as INCOMING_VERBS
from documents.incoming.told import received
from documents.keeping.kept import ARCHIVE_KEEPERS, DISCLOSURE_KEEPERS, disclosure_badge
from documents.models import Document
from documents.search import find
from documents.versions.faults import faults
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
        MenuEntry(_("办文"), _("收文"), "documents:incoming", "inbox", staff=False, on_phone=True),
        MenuEntry(_("办文"), _("我的草稿"), "documents:drafts", "pencil-line", staff=False),
        MenuEntry(_("办文"), _("范本与常用语"), "documents:stock", "library", staff=False),
        MenuEntry(_("办文"), _("发文登记簿"), "documents:register", "book-open-text", staff=False),
        MenuEntry(_("办文"), _("撤销与废止"), "documents:annulled", "ban", staff=False),
        MenuEntry(_("办文"), _("常用分送范围"), "documents:sending_lists", "send", staff=False),
        MenuEntry(
            _("办文"),
            _("信息公开"),
            "documents:disclosure",
            "globe",
            badge=disclosure_badge,
            roles=DISCLOSURE_KEEPERS,
            staff=False,
        ),
        MenuEntry(_("办文"), _("档案"), "documents:archives", "archive", roles=ARCHIVE_KEEPERS, staff=False),
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
        "consult": _("征求意见"),
        "legality": _("合法性审核"),
        "fair_competition": _("公平竞争审查"),
        "archive": _("归档"),
        "widen": _("批准扩大分送"),
        "give_back": _("清退"),
        "disclose": _("公开"),
        "review_disclosure": _("公开审查"),
        **INCOMING_VERBS,
    },
    deeds={**INCOMING_DEEDS, **DEEDS, "submit": _("提交审批")},
    sentences={
        "approval.asked": _("请办理“%(title)s”（%(stage)s）"),
        "approval.advise_asked": _("%(who)s请您对“%(title)s”提出意见"),
        "approval.advised": _("%(who)s已答复对“%(title)s”的意见"),
        "approval.chased": _("%(who)s催办“%(title)s”，请尽快办理"),
        "documents.terminated": _("%(who)s终止了“%(title)s”：%(reason)s"),
        "documents.consult_asked": _("%(who)s就“%(title)s”征求%(unit)s的意见"),
        "documents.consult_answered": _("%(unit)s已答复对“%(title)s”的意见"),
        "documents.consult_silent": _("%(unit)s逾期未答复“%(title)s”，视为无不同意见"),
        "documents.consult_chased": _("%(who)s催复对“%(title)s”的意见"),
        "documents.consult_extended": _("%(who)s延长了对“%(title)s”征求意见的时限"),
        "documents.consult_withdrawn": _("%(who)s撤回了对“%(title)s”的征求意见：%(reason)s"),
        "documents.signed": _("“%(title)s”已签发"),
        "documents.returned": _("%(who)s退回了“%(title)s”：%(reason)s"),
        "documents.recheck_asked": _("请复核“%(title)s”"),
        "documents.number_asked": _("请为“%(title)s”编号"),
        "documents.seal_asked": _("请为“%(title)s”用印"),
        "documents.distribute_asked": _("请分发“%(title)s”"),
        "documents.archive_asked": _("请将“%(title)s”归档"),
        "documents.reservation_expired": _("预留的%(numbers)s（留给%(holder)s）已过期，请编号使用或释放"),
        "documents.corrected": _("%(who)s复核时改正了“%(title)s”：%(reason)s"),
        "documents.reapprove_asked": _("%(who)s复核“%(title)s”时作了改动，报签发人复审：%(reason)s"),
        "documents.annul": _("%(number)s“%(title)s”：%(what)s"),
        "documents.annul_undone": _("%(number)s“%(title)s”的失效登记有误，已更正：%(reason)s"),
        "documents.disclose_asked": _("请主动公开“%(title)s”"),
        "documents.review_disclosure_asked": _("“%(title)s”到期审查是否公开"),
        "documents.disclosed_changed": _("“%(title)s”%(what)s，请在已公开处更新"),
        "documents.delivered": _("收到%(number)s“%(title)s”，请阅"),
        "documents.chased": _("%(who)s催办“%(title)s”，请尽快阅后签收"),
        "documents.widening_asked": _("%(who)s请求扩大“%(title)s”的分送范围，请批准"),
        "documents.widening_agreed": _("%(who)s已批准扩大“%(title)s”的分送范围"),
        "documents.widening_refused": _("%(who)s未批准扩大“%(title)s”的分送范围：%(reason)s"),
        "documents.recalled": _("%(number)s“%(title)s”须清退：%(reason)s"),
        "documents.return_chased": _("%(who)s催办清退“%(title)s”，请尽快办理"),
        "incoming.archive_asked": _("请将%(number)s“%(title)s”归档"),
        **INCOMING_SENTENCES,
    },
    doors={
        "documents.document": lambda document: reverse("documents:detail", args=[document.pk]),
        "documents.widening": lambda widening: reverse("documents:widening", args=[widening.pk]),
        "documents.recall": lambda called: reverse("documents:recalled", args=[called.pk]),
        "documents.reservation": lambda reservation: f"{reverse('documents:gaps')}?sort=overdue",
        "documents.consulted": lambda consulted: reverse("documents:consulted", args=[consulted.pk]),
        "documents.consultation": lambda sent: reverse("documents:consultations", args=[sent.document_id]),
        "documents.incoming": lambda incoming: reverse("documents:incoming_detail", args=[incoming.pk]),
    },
    panels=[
        Panel("workbench.side", "documents/panel.html", my_papers),
        Panel("workbench.side", "documents/incoming_panel.html", received),
    ],
    kinds=KINDS,
    holdings={"paper": _("名下公文"), "copy": _("份号印件")},
    search=find,
    search_label=_("公文"),
    doctor_checks=[checks],
    proofs=[faults],
    demo=fill,
)
