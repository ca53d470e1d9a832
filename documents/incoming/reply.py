"""答复 (条例 第二十四条(七)): answered by a paper, a letter or a call, or the record says why not (R46)."""

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from documents.incoming.assign import having, keys_of
from documents.incoming.duty import ask_office, hold
from documents.incoming.halt import halt
from documents.incoming.question import question_of
from documents.incoming.to_archive import ask_archivists
from documents.incoming.work import end_all
from documents.models import Assignment, Document, Incoming, IncomingNote, IncomingReply
from officehub.approvals.decide import DecisionRefused
from officehub.inbox.errands import finish_verb
from officehub.moves import move
from officehub.notifications.tell import tell

MANNER = IncomingReply.Manner
ASKING = re.compile(r"^(?:请求|恳请|申请|商请|请)(?=.)")
PLACE = re.compile(r"(省|市|县|区|旗|乡|镇)人民政府$")


def answer(
    incoming: Incoming, *, by, now: datetime, result: str, manner: str, words: str, whom: str = "",
    document: Document | None = None, unheard: bool = False,
) -> IncomingReply:  # fmt: skip
    """The lead reports the result and how the sender was answered. Raises DecisionRefused when either is not said, or
    when assisting departments have not given theirs; with `unheard` they are not waited for, and are told so."""
    trouble = []
    if not result.strip():
        trouble.append("请写明办理结果。")
    if not words.strip():
        trouble.append("请写明答复内容；无需答复的，写明理由（条例 第二十四条(七)）。")
    if manner == MANNER.PAPER and document is None:
        trouble.append("行文答复的，请起草复文；复文分发后本件自动记为已答复。")
    if trouble:
        raise DecisionRefused(trouble)
    with transaction.atomic():
        silent = list(assisting(hold(incoming)))
        names = [one.department.name for one in silent]
        if silent and not unheard:
            said = gettext("协办的%(names)s还没有报意见；确须先行答复的，请勾选“不再等协办意见”。")
            raise DecisionRefused([said % {"names": "、".join(names)}])
        facts = {"result": result.strip(), "manner": manner, "words": words.strip(), "whom": whom}
        if silent:
            facts["unheard"] = names
        if document:
            facts["document_number"] = document.document_number
        event = move(incoming, "answer", by=by, now=now, facts=facts)
        lead = incoming.assignments.get(is_lead=True, state=Assignment.State.ACCEPTED)
        IncomingNote.objects.create(
            incoming=incoming, assignment=lead, sort=IncomingNote.Sort.RESULT, words=result.strip(), by=by, at=now
        )
        made = IncomingReply.objects.create(
            incoming=incoming, manner=manner, words=words.strip(), whom=whom[:120], document=document, by=by, at=now
        )
        keys = [key for one in silent for key in keys_of(one)]
        people = having(incoming, keys)
        told = {"title": incoming.title, "number": incoming.number}
        tell("incoming.answered_unheard", incoming, people, now, key=f"answer:{event.seq}", **told)
        end_all(incoming, now)
        ask_office(incoming, now, event.seq)
    return made


def assisting(incoming: Incoming):
    """The assisting departments that have not said theirs."""
    rows = incoming.assignments.filter(is_lead=False, state__in=[Assignment.State.ASKED, Assignment.State.ACCEPTED])
    return rows.select_related("department").order_by("id")


def draft_reply(incoming: Incoming, *, by, now: datetime) -> Document:
    """起草复文: a 批复 for a 请示, a 复函 for anything else, with its question filled in. Asked again, it is
    the one that the same person is drafting already."""
    from documents.drafting import create

    kind = "批复" if incoming.kind == "请示" else "函"
    ending = "批复" if kind == "批复" else "复函"
    cited = f"《{incoming.title}》" + (f"（{incoming.document_number}）" if incoming.document_number else "")
    whom = addressed(incoming)
    fields = {
        "kind": kind,
        "issuers": [incoming.organ.name],
        "title": f"{incoming.organ.name}关于{subject_of(incoming)}的{ending}",
        "primary_recipients": incoming.sender.name if incoming.sender else incoming.sender_name,
        "body": f"{whom}{cited}收悉。经研究，现{'批复' if kind == '批复' else '函复'}如下：\n",
        "in_reply_to": incoming.document_number,
        "printing_office": incoming.organ.office.name if incoming.organ.office else incoming.organ.name,
    }
    with transaction.atomic():
        hold(incoming)
        begun = Document.objects.filter(answers=incoming, drafter=by, state=Document.State.DRAFTING).order_by("id")
        if begun.exists():
            return begun[0]
        made = create(by=by, now=now, organ=incoming.organ, fields=fields, facts={"answers": incoming.number})
        Document.objects.filter(pk=made.pk).update(answers=incoming)
        made.answers = incoming
    return made


def subject_of(incoming: Incoming) -> str:
    """事由: the title without its organ and kind, and without the asking, which is the sender's."""
    subject = incoming.title.partition("关于")[2] or incoming.title
    return ASKING.sub("", subject.removesuffix(incoming.kind).removesuffix("的"))


def addressed(incoming: Incoming) -> str:
    """How the sender is spoken to: 你县 of a county's government, 你单位 of any other organ."""
    if incoming.sender is None:
        return "你们"
    place = PLACE.search(incoming.sender.name)
    return f"你{place[1]}" if place else "你单位"


def distributed(document: Document, *, by, now: datetime) -> bool:
    """The answer went out: its question is answered by that, in the same transaction. True when it was waiting."""
    question = question_of(document, now)
    if question is None:
        return False
    incoming = hold(question)
    if incoming.state != Incoming.State.HANDLING:
        return False
    said = {"result": f"已以{document.document_number}答复。", "words": document.title}
    said |= {"manner": MANNER.PAPER, "whom": incoming.sender_name}
    answer(incoming, by=by, now=now, document=document, unheard=True, **said)
    return True


def put_away(incoming: Incoming, *, by, now: datetime, words: str, retention: str = "") -> None:
    """存查: a leader only noted the paper, no department handles it; the record says why nobody is answered (R46)."""
    if not words.strip():
        raise DecisionRefused(["请写明无需答复的理由（条例 第二十四条(七)）。"])
    with transaction.atomic():
        held = hold(incoming)
        facts = {"words": words.strip(), "retention": retention}
        move(held, "put_away", by=by, now=now, facts=facts, filed_at=now, retention=retention)
        IncomingReply.objects.create(incoming=held, manner=MANNER.NONE, words=words.strip(), by=by, at=now)
        halt(held, by=by, now=now, outcome="已存查", verb="put_away", reason=words.strip())
        ask_archivists(held, now)


def close(incoming: Incoming, *, by, now: datetime, retention: str = "") -> None:
    """办结归卷. R46: what had to be acted on is not closed before it is answered, or said why not."""
    acted_on = incoming.nature == Incoming.Nature.ACTION
    with transaction.atomic():
        if acted_on and not incoming.replies.filter(stands=True).exists():
            raise DecisionRefused(["批办性公文没有答复记录，不能办结；无需答复的，写明理由（条例 第二十四条(七)）。"])
        facts = {"retention": retention}
        move(incoming, "file", by=by, now=now, facts=facts, filed_at=now, retention=retention)
        finish_verb(incoming, "close", "已办结", now)
        ask_archivists(incoming, now)
