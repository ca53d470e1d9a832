"""答复 (条例 第二十四条(七)): answered by a paper, a letter or a call, or the record says why not (R46)."""

from datetime import datetime

from django.db import transaction

from documents.incoming.duty import ask_office, hold
from documents.incoming.work import end_all
from documents.models import Assignment, Document, Incoming, IncomingNote, IncomingReply
from documents.rules import Finding
from documents.rules.number import repaired
from officehub.approvals.decide import DecisionRefused
from officehub.inbox.errands import finish_verb
from officehub.moves import move

MANNER = IncomingReply.Manner


def answer(
    incoming: Incoming, *, by, now: datetime, result: str, manner: str, words: str, whom: str = "",
    document: Document | None = None,
) -> IncomingReply:  # fmt: skip
    """The lead reports the result and how the sender was answered. Raises DecisionRefused when either is not said."""
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
        facts = {"result": result.strip(), "manner": manner, "words": words.strip(), "whom": whom}
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
        end_all(incoming, now)
        ask_office(incoming, now, event.seq)
    return made


def draft_reply(incoming: Incoming, *, by, now: datetime) -> Document:
    """起草复文: a 批复 for a 请示, a 复函 for anything else, with its question filled in. Asked again, it is
    the one that the same person is drafting already."""
    from documents.drafting import create

    kind = "批复" if incoming.kind == "请示" else "函"
    ending = "批复" if kind == "批复" else "复函"
    cited = f"《{incoming.title}》" + (f"（{incoming.document_number}）" if incoming.document_number else "")
    whom = "你们" if incoming.sender is None else "你单位"
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
    """事由: the title without its organ and kind."""
    subject = incoming.title.partition("关于")[2] or incoming.title
    return subject.removesuffix(incoming.kind).removesuffix("的")


def question_of(document: Document) -> Incoming | None:
    """The paper an outgoing one answers: the one it was drafted from, or the only one in the issuing organ's register
    that bears the number it says it answers."""
    if document.answers_id:
        return document.answers
    number = document.content.get("in_reply_to", "")
    if not number or not (document.kind == "批复" or document.title.endswith("复函")):
        return None
    found = Incoming.objects.filter(organ=document.organ, document_number=repaired(number))
    rows = list(found.exclude(state__in=[Incoming.State.VOIDED, Incoming.State.RETURNED]).order_by("id")[:2])
    return rows[0] if len(rows) == 1 else None


def distributed(document: Document, *, by, now: datetime) -> bool:
    """The answer went out: its question is answered by that, in the same transaction. True when it was waiting."""
    incoming = question_of(document)
    if incoming is None or incoming.state != Incoming.State.HANDLING:
        return False
    said = {"result": f"已以{document.document_number}答复。", "words": document.title}
    answer(incoming, by=by, now=now, manner=MANNER.PAPER, whom=incoming.sender_name, document=document, **said)
    return True


def findings(document: Document) -> list[Finding]:
    """R13: a 批复 answers a 请示 that was received from its recipient, and cites its title."""
    if document.kind != "批复":
        return []
    said = [message for message in _faults(document, question_of(document)) if message]
    return [Finding("R13", "warn", "in_reply_to", message, "条例 第八条(十二)") for message in said]


def _faults(document: Document, question: Incoming | None):
    if question is None:
        yield "批复没有对应的已登记来文；请从收文的“起草复文”拟写，或核对所答复的来文字号。"
        return
    recipients = document.content.get("primary_recipients", "")
    names = {question.sender_name, *([question.sender.name, question.sender.short_name] if question.sender else [])}
    if question.kind != "请示":
        yield f"所答复的来文“{question.title}”是{question.kind}，不是请示；不相隶属机关之间用函答复。"
    if not any(name in recipients for name in names):
        yield f"主送机关不是请示的来文机关“{question.sender_name}”。"
    if question.title not in document.content.get("body", ""):
        yield f"正文没有引来文标题《{question.title}》。"


def close(incoming: Incoming, *, by, now: datetime, retention: str = "") -> None:
    """办结归卷. R46: what had to be acted on is not closed before it is answered, or said why not."""
    acted_on = incoming.nature == Incoming.Nature.ACTION
    with transaction.atomic():
        if acted_on and not incoming.replies.filter(stands=True).exists():
            raise DecisionRefused(["批办性公文没有答复记录，不能办结；无需答复的，写明理由（条例 第二十四条(七)）。"])
        facts = {"retention": retention}
        move(incoming, "file", by=by, now=now, facts=facts, filed_at=now, retention=retention)
        finish_verb(incoming, "close", "已办结", now)
