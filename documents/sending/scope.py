"""分送范围 (条例 第三十一条): proposed with the draft, registered at the first distribution, widened by the issuer."""

from datetime import datetime

from django.db import transaction
from django.db.models import Case, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from documents.models import Document, InScope
from documents.sending.whom import Whom
from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import record
from officehub.moves import TooLate

Origin = InScope.Origin


def scope_of(document: Document) -> Whom:
    """Whom the issuer lets have the paper."""
    rows = list(document.scope.select_related("department__organ", "person__department").order_by("id"))
    return Whom([row.department for row in rows if row.department], [row.person for row in rows if row.person])


def said(document: Document, most: int) -> str:
    """The first few of the scope and how many there are, departments first; no more is read than is said."""
    rows = document.scope.alias(to_person=Case(When(department=None, then=1), default=0)).order_by("to_person", "id")
    names = list(rows.values_list(Coalesce("department__name", "person__name"), flat=True)[: most + 1])
    shown = "、".join(names[:most])
    return shown if len(names) <= most else f"{shown}等{document.scope.count()}个"


def register(document: Document, whom: Whom, origin: str, by, now: datetime) -> None:
    """Take them into the scope, inside the deed's transaction; who is in it already stays as they are."""
    shared = {"document": document, "origin": origin, "by": by, "at": now}
    rows = [InScope(department=department, **shared) for department in whom.departments]
    rows += [InScope(person=person, **shared) for person in whom.people]
    InScope.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def propose(document: Document, whom: Whom, *, by, now: datetime) -> None:
    """The drafter says whom the paper shall go to; whoever approves the paper sees it. Replaces what was proposed."""
    with transaction.atomic():
        held = Document.objects.select_for_update(no_key=True).get(pk=document.pk)
        if held.state not in Document.EDITABLE:
            raise TooLate(document, "propose_scope")
        document.scope.filter(origin=Origin.PROPOSED).delete()
        register(document, whom, Origin.PROPOSED, by, now)
        facts = {"departments": [d.name for d in whom.departments], "people": [p.name for p in whom.people]}
        record(document, "propose_scope", by=by, now=now, facts=facts, held=True)


def beyond(document: Document, to: Whom) -> Whom:
    """Those of them outside the scope; where none was proposed yet, nobody is."""
    agreed = scope_of(document)
    return to - agreed if agreed else Whom()


def refuse_beyond(document: Document, to: Whom, reason: str) -> None:
    """Who was approved together with the paper is the scope; the clerk goes beyond it only with a reason."""
    outside = beyond(document, to)
    if outside and not reason.strip():
        raise DecisionRefused(
            [gettext("%(names)s不在拟定的分送范围内；确需分送的，请写明理由。") % {"names": outside.said()}]
        )
