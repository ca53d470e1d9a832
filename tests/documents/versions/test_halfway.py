"""A deed cut short before any of its statements has done nothing at all, and can then be done."""

from itertools import count

import pytest
from django.db import connection

from documents.annulling import deed
from documents.annulling.deed import Decision
from documents.models import Annulment, Document, Version
from documents.versions import correct as correcting
from documents.versions.faults import faults
from officehub.audit.models import Event
from officehub.audit.record import broken
from officehub.inbox.models import WorkItem
from officehub.notifications.models import Notice
from tests.approvals.rows import snapshot
from tests.documents.lists.test_queries import sent
from tests.documents.versions.test_correct import SLIP, SUBSTANCE

KEPT = (Document, Version, Annulment, Event, WorkItem, Notice)


class CutShort(BaseException):
    """As sudden as a kill: nothing in the deed expects it."""


def rows() -> list:
    return [list(model.objects.order_by("pk").values()) for model in KEPT] + [snapshot()]


def cut(number: int):
    place = count(1)

    def wrapped(execute, sql, *given):
        if "SAVEPOINT" not in sql and next(place) == number:  # savepoints are the test's own transaction
            raise CutShort
        return execute(sql, *given)

    return connection.execute_wrapper(wrapped)


def correction(changes, do):
    def done(cast, now, document):
        document = Document.objects.get(pk=document.pk)
        given = {"changes": changes, "revision": document.revision, "reason": "改正"}
        do(document, by=cast.rechecker, now=now, **given)

    return done


def annul(cast, now, document):
    decision = Decision("revoked", cast.office, "违法", None, "海政办发〔2027〕1号", "关于撤销部分文件的通知")
    deed.annul(Document.objects.get(pk=document.pk), decision, by=cast.clerk, now=now)


@pytest.mark.parametrize(
    ("make", "do"),
    [
        ("signed_paper", correction(SLIP, correcting.correct)),
        ("signed_paper", correction(SUBSTANCE, correcting.reapprove)),
        (None, annul),
    ],
    ids=["correct", "reapprove", "annul"],
)
def test_before_every_statement(cast, now, request, make, do):
    document = request.getfixturevalue(make) if make else sent(cast, now)
    before = rows()
    for number in count(1):
        try:
            with cut(number):
                do(cast, now, document)
        except CutShort:
            assert rows() == before, f"cut short before statement {number}"
        else:
            break
    assert number > 10
    assert rows() != before
    assert (list(faults()), list(broken())) == ([], [])
