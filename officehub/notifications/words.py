"""The sentences of notices: each room registers its own by verb, whole sentences with named gaps; and what is said of
them outside the house, where a title may be too much."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from officehub.inbox.models import WorkItem
from officehub.notifications.models import Notice

_sentences: dict[str, str] = {}
_verbs: dict[str, str] = {}


def register(sentences: Mapping[str, str], verbs: Mapping[str, str] | None = None) -> None:
    """Called by `web` with what the hubs tell of themselves: sentences of notices, and what an errand's verb says."""
    _sentences.update(sentences)
    _verbs.update(verbs or {})


def sentence(notice: Notice) -> str:
    """The notice in the reader's language."""
    return str(_sentences[notice.verb]) % notice.params


def discreet(notice: Notice, errand: WorkItem | None) -> str:
    """What may be said of it in a group outside the house: that there is something to do, and by when; no title."""
    if errand is None:
        return _("您有一条“%(sort)s”，请登录查看") % {"sort": _(Notice.Sort(notice.sort).label)}
    verb = {"verb": str(_verbs.get(errand.verb, errand.verb))}
    if errand.due_at is None:
        return _("您有一项“%(verb)s”待办，请登录办理") % verb
    day = timezone.localtime(errand.due_at)
    return _("您有一项“%(verb)s”待办，时限 %(month)s月%(day)s日，请登录办理") % {
        **verb,
        "month": day.month,
        "day": day.day,
    }


def link(notice: Notice) -> str:
    """The address that opens the notice, and so tells that it was read."""
    return f"{settings.SITE_URL}{reverse('notice_link', args=[notice.pk])}"


@dataclass(frozen=True)
class Letter:
    """What a message says: one line, and a body whose first lines say the most."""

    subject: str
    body: str


def letter(notice: Notice) -> Letter:
    """The e-mail. The paper itself never leaves the system by mail, only the news of it."""
    said = sentence(notice)
    body = f"{notice.recipient.name}：\n\n{said}\n\n" + _("请登录办理：%(link)s") % {"link": link(notice)} + "\n"
    return Letter(_one_line(f"【OfficeHub】{said}"), body)


def spoken(notice: Notice, errand: WorkItem | None) -> str:
    """What a robot says in its group."""
    said = sentence(notice) if settings.ROBOT_SAYS_TITLE else discreet(notice, errand)
    return f"{notice.recipient.name}：{said}\n{link(notice)}"


def digest_letter(name: str, notices: Sequence[Notice]) -> Letter:
    """The day's e-mail: what gathered, each with its own link."""
    shown = [f"{n}. {sentence(one)}\n   {link(one)}" for n, one in enumerate(notices[: settings.DIGEST_LINES], 1)]
    opening = _("%(name)s：您有 %(count)s 条消息") % {"name": name, "count": len(notices)}
    lines = [opening, "", *shown, *_rest(notices), "", _("请登录办理：%(link)s") % {"link": _unread()}]
    head = _("每日摘要：%(count)s 条消息") % {"count": len(notices)}
    return Letter(_one_line(f"【OfficeHub】{head}"), "\n".join(lines))


def digest_spoken(name: str, notices: Sequence[Notice], errands: Mapping[int, WorkItem]) -> str:
    """The day's message of a robot: how many, the link, and a line for each."""
    said = sentence if settings.ROBOT_SAYS_TITLE else lambda one: discreet(one, errands.get(one.pk))
    shown = [f"{n}. {said(one)}" for n, one in enumerate(notices[: settings.DIGEST_LINES], 1)]
    opening = _("%(name)s：您有 %(count)s 条消息") % {"name": name, "count": len(notices)}
    return "\n".join([opening, _unread(), *shown, *_rest(notices)])


def _rest(notices: Sequence[Notice]) -> list[str]:
    more = len(notices) > settings.DIGEST_LINES
    return [_("等 %(count)s 项") % {"count": len(notices)}] if more else []


def _unread() -> str:
    return f"{settings.SITE_URL}{reverse('notices')}?unread=1"


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]  # a header is one line, whatever a title holds
