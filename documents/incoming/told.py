"""The words of this part of the room: its errands, its notices, and its card on the workbench."""

from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from documents.incoming.duty import kept_organs
from documents.models import Incoming

VERBS = {
    "screen": _("初审"),
    "route": _("组织传阅"),
    "circulate": _("传阅"),
    "propose": _("拟办"),
    "settle": _("审定拟办"),
    "instruct": _("批示"),
    "assign": _("分办"),
    "allocate": _("接办"),
    "handle": _("承办"),
    "assist": _("协办"),
    "extend": _("批延期"),
    "close": _("办结"),
}
SENTENCES = {
    "incoming.screen_asked": _("收到%(number)s“%(title)s”，请初审"),
    "incoming.route_asked": _("请组织传阅%(number)s“%(title)s”"),
    "incoming.circulate_asked": _("请阅%(number)s“%(title)s”"),
    "incoming.propose_asked": _("请对%(number)s“%(title)s”提出拟办意见"),
    "incoming.settle_asked": _("请审定%(number)s“%(title)s”的拟办意见"),
    "incoming.instruct_asked": _("请对%(number)s“%(title)s”批示"),
    "incoming.assign_asked": _("请分办%(number)s“%(title)s”"),
    "incoming.allocate_asked": _("%(number)s“%(title)s”请本部门承办，请确定承办人"),
    "incoming.handle_asked": _("请承办%(number)s“%(title)s”"),
    "incoming.assist_asked": _("请协办%(number)s“%(title)s”"),
    "incoming.extend_asked": _("%(number)s“%(title)s”申请延期，请批复"),
    "incoming.close_asked": _("%(number)s“%(title)s”已办毕，请办结归卷"),
    "incoming.chaser_named": _("请负责催办%(number)s“%(title)s”"),
    "incoming.returned": _("%(organ)s退回了“%(title)s”：%(reason)s"),
    "incoming.refused": _("%(department)s退回了“%(title)s”：%(reason)s"),
    "incoming.part_given": _("%(department)s已报“%(title)s”的协办意见"),
    "incoming.extended": _("“%(title)s”同意延期至%(day)s"),
    "incoming.not_extended": _("“%(title)s”不同意延期：%(words)s"),
    "incoming.do_again": _("“%(title)s”退回重办：%(reason)s"),
    "incoming.chased": _("%(who)s催办“%(title)s”：%(words)s"),
    "incoming.hop_overdue": _("%(number)s“%(title)s”在%(person)s处超过时限，请催办或改送"),
    "incoming.files_added": _("%(number)s“%(title)s”补充了文件：%(names)s"),
    "incoming.voided": _("%(number)s“%(title)s”登记已作废，您不必再办：%(reason)s"),
    "incoming.sent_back": _("%(number)s“%(title)s”已退文，您不必再办：%(reason)s"),
    "incoming.for_information": _("%(number)s“%(title)s”已转为阅知，您不必再办：%(reason)s"),
    "incoming.for_action": _("%(number)s“%(title)s”已转为批办，您不必再阅：%(reason)s"),
    "incoming.put_away": _("%(number)s“%(title)s”已存查，您不必再办：%(reason)s"),
    "incoming.taken_back": _("%(number)s“%(title)s”已收回，您不必再办：%(reason)s"),
    "incoming.reassigned": _("%(number)s“%(title)s”已改派，您不必再办：%(reason)s"),
    "incoming.handler_changed": _("%(number)s“%(title)s”已更换承办人，您不必再办：%(reason)s"),
    "incoming.answered_unheard": _("%(number)s“%(title)s”主办部门已答复，您不必再报协办意见"),
    "incoming.reply_annulled": _("答复%(number)s“%(title)s”的%(reply)s已撤销，请研究是否重新答复"),
    "incoming.overdue": _("%(number)s“%(title)s”超过办理时限，请催办"),
}


def received(person, now: datetime) -> dict | None:
    """How the papers in stand whose register one keeps; nothing for who keeps none."""
    organs = kept_organs(person)
    open_states = [state for state in Incoming.State.values if state not in Incoming.ENDED]
    mine = Incoming.objects.filter(organ__in=organs, state__in=open_states)
    late = Q(due_at__lt=now, state__in=[Incoming.State.ASSIGNED, Incoming.State.HANDLING])
    found = mine.aggregate(
        screening=Count("id", filter=Q(state=Incoming.State.REGISTERED)),
        leaders=Count("id", filter=Q(state__in=[Incoming.State.INSTRUCTING, Incoming.State.CIRCULATING])),
        handling=Count("id", filter=Q(state__in=[Incoming.State.ASSIGNED, Incoming.State.HANDLING])),
        late=Count("id", filter=late),
        total=Count("id"),
    )
    return found if found["total"] else None
