"""What a 批复 or 复函 answers (R13): the paper it was drafted from, or the one in the register whose number it gives.

Only a paper that the drafter may see: a guessed number betrays none.
"""

from datetime import datetime

from django.db.models import Q

from documents.consulting.replies import request_of
from documents.models import Document, Incoming
from documents.rules import Finding
from documents.rules.number import repaired
from officehub.people.grants import newest
from officehub.people.models import Organ, Person

WITHIN = 500  # the newest papers looked through for one that may be meant
OFFERED = 6
NOT_ANSWERED = (Incoming.State.VOIDED, Incoming.State.RETURNED)


def answers_something(kind: str, title: str) -> bool:
    return kind == "批复" or (kind == "函" and title.strip().endswith("复函"))


def registers_of(organ: Organ):
    """The organs for whose papers an organ may answer: itself, its office (办公厅、办公室), and whose office it is."""
    return Organ.objects.filter(Q(pk=organ.pk) | Q(pk=organ.office_id) | Q(office=organ))


def question_of(document: Document, now: datetime) -> Incoming | None:
    """The one paper a draft answers, or None: also when two in the register bear the number it gives."""
    number = repaired(document.content.get("in_reply_to", ""))
    if document.answers_id and number in ("", document.answers.document_number):
        return document.answers
    if not number or not answers_something(document.kind, document.title):
        return None
    found = Incoming.objects.filter(document_number=number, organ__in=registers_of(document.organ))
    rows = list(found.exclude(state__in=NOT_ANSWERED).visible_to(document.drafter, now).order_by("id")[:2])
    return rows[0] if len(rows) == 1 else None


def tie(document: Document, now: datetime) -> None:
    """Tie a draft to what it answers, or untie it; in the deed's own transaction."""
    found = question_of(document, now)
    if (found.pk if found else None) != document.answers_id:
        Document.objects.filter(pk=document.pk).update(answers=found)
        document.answers = found


def offered(person: Person, organ: Organ, kind: str, words: str, now: datetime) -> list[Incoming]:
    """Papers this person may see that a reply of this kind in this organ's name may answer: by number, title or sender;
    without words those under way. Newest first; a 批复 answers a 请示 only (条例 第八条(十二))."""
    rows = Incoming.objects.filter(pk__in=newest(Incoming, person, WITHIN, now), organ__in=registers_of(organ))
    rows = rows.exclude(document_number="").exclude(state__in=NOT_ANSWERED)
    if kind == "批复":
        rows = rows.filter(kind="请示")
    if words:
        number = repaired(words)
        rows = rows.filter(
            Q(document_number__icontains=number) | Q(title__icontains=words) | Q(sender_name__icontains=words)
        )
    else:
        rows = rows.filter(state__in=Incoming.UNANSWERED, nature=Incoming.Nature.ACTION)
    return list(rows.order_by("-sort_at")[:OFFERED])


def findings(document: Document, now: datetime) -> list[Finding]:
    """R13: a 批复 answers a 请示 that was received from its recipient, or one of our own, and cites its title."""
    if document.kind != "批复":
        return []
    question = question_of(document, now)
    if question is None and request_of(document) is not None:
        return []
    said = [message for message in _faults(document, question) if message]
    return [Finding("R13", "warn", "in_reply_to", message, "条例 第八条(十二)") for message in said]


def _faults(document: Document, question: Incoming | None):
    if question is None:
        yield "批复没有对应的已登记来文；请在“所答复来文的字号”处选择，或从收文的“起草复文”拟写。"
        return
    recipients = document.content.get("primary_recipients", "")
    names = {question.sender_name, *([question.sender.name, question.sender.short_name] if question.sender else [])}
    if question.kind != "请示":
        yield f"所答复的来文“{question.title}”是{question.kind}，不是请示；不相隶属机关之间用函答复。"
    if not any(name in recipients for name in names):
        yield f"主送机关不是请示的来文机关“{question.sender_name}”。"
    if question.title not in document.content.get("body", ""):
        yield f"正文没有引来文标题《{question.title}》。"
