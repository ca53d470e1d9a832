"""Appraisal: what has run out is kept on, handed over, or destroyed by three hands; and what is destroyed is gone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from documents.keeping import appraisal
from documents.models import Appraisal, ArchivalItem, Attached, DestructionRegister, Document
from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import broken
from officehub.files.keep import keep
from officehub.moves import TooLate, events_of
from officehub.people.models import Role, RoleHolding
from tests.cast import person

LATER = datetime(2037, 1, 2, 2, tzinfo=UTC)  # a ten-year paper of 2026 has run out


@pytest.fixture
def director(cast):
    return person("director", cast.clerk.department, "办公室副主任", False, [Role.OFFICE_DIRECTOR])


@pytest.fixture
def second(cast):
    return person("second", cast.clerk.department, "档案员乙", False, [Role.ARCHIVIST])


def codes(items) -> list[str]:
    return [item.reference_code for item in items]


def test_an_item_is_listed_from_the_day_after_its_period(filed, now):
    item = filed()
    assert codes(appraisal.expired(["0102"], item.expires_on)) == []
    assert codes(appraisal.expired(["0102"], item.expires_on + timedelta(days=1))) == [item.reference_code]
    assert codes(appraisal.expired(["0101"], LATER.date())) == []


def test_what_is_kept_on_gets_a_new_day_and_keeps_its_code(filed, cast):
    item = filed()
    appraisal.extend(item, retention="D30", reason="仍有查考价值", by=cast.archivist, now=LATER)
    again = ArchivalItem.objects.get(pk=item.pk)
    assert (again.expires_on.year, again.reference_code) == (2066, item.reference_code)
    with pytest.raises(TooLate):
        appraisal.extend(item, retention="Y", reason="他人已鉴定", by=cast.archivist, now=LATER)
    assert events_of(item.document).get(verb="appraised").facts["said"] == "续存30年，至2066年底"


def test_nothing_is_destroyed_by_one_pair_of_hands(filed, cast, director, second):
    register = appraisal.propose([filed()], reason="已无保存价值", by=cast.archivist, now=LATER)
    with pytest.raises(DecisionRefused, match="提出人不能审批"):
        appraisal.answer(register, agreed=True, words="", by=cast.archivist, now=LATER)
    with pytest.raises(TooLate):
        appraisal.destroy(register, by=cast.archivist, now=LATER)  # not approved yet
    appraisal.answer(register, agreed=True, words="同意", by=director, now=LATER)
    with pytest.raises(DecisionRefused, match="审批人不能执行"):
        appraisal.destroy(register, by=director, now=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        DestructionRegister.objects.filter(pk=register.pk).update(approved_by=register.by)
    assert appraisal.destroy(register, by=second, now=LATER) == 1
    with pytest.raises(TooLate):
        appraisal.destroy(register, by=second, now=LATER)


def test_what_is_destroyed_is_gone_and_its_proof_stays(
    filed, cast, director, client, django_capture_on_commit_callbacks
):
    item, other = filed(), filed()
    stored = keep(ContentFile("清单".encode(), "清单.txt"), by=cast.drafter, now=LATER)
    shared = keep(ContentFile("共用".encode(), "共用.txt"), by=cast.drafter, now=LATER)
    for document, file, order in ((item.document, stored, 1), (item.document, shared, 2), (other.document, shared, 1)):
        Attached.objects.create(document=document, order=order, title="清单", stored=file)
    gone = [Path(file.file.path) for file in item.files.all()]
    gone += [Path(one.pdf.path) for one in item.document.renditions.all()] + [Path(stored.file.path)]
    kept = [Path(file.file.path) for file in other.files.all()] + [Path(shared.file.path)]
    register = appraisal.propose([item], reason="已无保存价值", by=cast.archivist, now=LATER)
    appraisal.answer(register, agreed=True, words="", by=director, now=LATER)
    with django_capture_on_commit_callbacks(execute=True):
        appraisal.destroy(register, by=cast.archivist, now=LATER)
    assert [path.exists() for path in gone] == [False] * len(gone)
    assert [path.exists() for path in kept] == [True] * len(kept)
    document = Document.objects.get(pk=item.document_id)
    assert "备足燃料" not in str(document.content)
    assert document.title == item.document.title
    assert document.document_number == item.document.document_number
    assert item.files.count() == 6
    assert events_of(document).get(verb="destroyed").facts["digest"] == item.digest
    assert list(broken()) == []
    assert not appraisal.waiting().exists()
    client.force_login(cast.archivist)
    page = client.get(reverse("documents:detail", args=[document.pk])).content.decode()
    assert "本件已依法销毁" in page
    assert client.get(reverse("documents:pdf", args=[document.pk])).status_code == 404
    file = item.files.first()
    assert client.get(reverse("documents:archived_file", args=[document.pk, file.pk])).status_code == 404


def test_a_worker_killed_while_wiping_is_followed_by_the_sweep(filed, cast, director, monkeypatch):
    register = appraisal.propose([filed()], reason="已无保存价值", by=cast.archivist, now=LATER)
    appraisal.answer(register, agreed=True, words="", by=director, now=LATER)
    appraisal.destroy(register, by=cast.archivist, now=LATER)
    register.refresh_from_db()
    names = list(register.to_wipe)
    wiped: list[str] = []

    def dies(name):
        wiped.append(name)
        if len(wiped) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(appraisal.default_storage, "delete", dies, raising=False)
        with pytest.raises(KeyboardInterrupt):
            appraisal.wipe(register.pk, LATER)
    assert list(appraisal.waiting()) == [register]
    assert appraisal.wipe(register.pk, LATER) == len(names)
    assert not any(Path(appraisal.default_storage.path(name)).exists() for name in names)
    assert appraisal.wipe(register.pk, LATER) == 0


def test_what_was_not_approved_may_be_appraised_anew_and_says_why(filed, cast, director):
    item = filed()
    register = appraisal.propose([item], reason="已无保存价值", by=cast.archivist, now=LATER)
    with pytest.raises(TooLate):
        appraisal.propose([item], reason="再提一次", by=cast.archivist, now=LATER)
    with pytest.raises(DecisionRefused, match="写明理由"):
        appraisal.answer(register, agreed=False, words=" ", by=director, now=LATER)
    appraisal.answer(register, agreed=False, words="仍须保存", by=director, now=LATER)
    assert codes(appraisal.expired(["0102"], LATER.date())) == [item.reference_code]


def test_old_permanent_papers_are_due_for_the_archives(filed):
    item = filed()
    ArchivalItem.objects.filter(pk=item.pk).update(retention="Y", expires_on=None)
    assert codes(appraisal.to_transfer(["0102"], 2045, 20)) == []
    assert codes(appraisal.to_transfer(["0102"], 2046, 20)) == [item.reference_code]
    assert codes(appraisal.to_transfer(["0102"], 2036, 10)) == [item.reference_code]  # a county's


# --- the pages ------------------------------------------------------------------------------------------------------


def test_from_the_list_to_the_register_to_the_destruction(filed, cast, director, client):
    items = [filed(), filed()]
    ArchivalItem.objects.update(expires_on="2026-01-31")
    client.force_login(cast.archivist)
    listed = reverse("documents:archives") + "?tab=expired"
    assert len(client.get(listed).context["page"].rows) == 2
    address, reason = reverse("documents:appraise"), "已无保存价值"
    slip = client.post(address, {"items": [items[0].pk], "decision": "extend", "reason": reason}, follow=True)
    assert "请选择续存期限" in slip.content.decode()
    none = client.post(address, {"decision": "destroy", "reason": reason}, follow=True)
    assert "请先勾选文件" in none.content.decode()
    client.post(address, {"items": [items[0].pk], "decision": "extend", "retention": "D10", "reason": reason})
    client.post(address, {"items": [items[1].pk], "decision": "destroy", "reason": reason})
    assert set(Appraisal.objects.values_list("decision", flat=True)) == {"extend", "destroy"}
    register = DestructionRegister.objects.get()
    page = reverse("documents:register_of_destruction", args=[register.pk])
    answer = reverse("documents:answer_destruction", args=[register.pk])
    assert "批准销毁" not in client.get(page).content.decode()
    assert "提出人不能审批" in client.post(answer, {"decision": "approve"}, follow=True).content.decode()
    client.force_login(director)
    assert "批准销毁" in client.get(page).content.decode()
    client.post(answer, {"decision": "approve", "words": "同意"})
    assert "执行销毁" not in client.get(page).content.decode()
    client.force_login(cast.archivist)
    done = client.post(reverse("documents:carry_out_destruction", args=[register.pk]), follow=True)
    assert "已销毁 1 件" in done.content.decode()
    client.force_login(cast.drafter)
    assert client.get(page).status_code == 404


@pytest.mark.parametrize(("tab", "queries"), [("expired", 13), ("transfer", 13), ("registers", 13)])
def test_these_lists_ask_the_same_for_one_and_for_three(
    sent, cast, client, now, django_assert_num_queries, tab, queries
):
    from documents import archive as archiving

    client.force_login(cast.archivist)
    address = f"{reverse('documents:archives')}?tab={tab}"
    for count in (1, 2):
        for _ in range(count):
            item = archiving.archive(sent(), retention="D10", by=cast.archivist, now=now)
            changes = {"expires_on": "2026-01-31"}
            if tab == "transfer":
                changes = {"retention": "Y", "year": 2000, "reference_code": f"old-{item.pk}", "item_number": item.pk}
            ArchivalItem.objects.filter(pk=item.pk).update(**changes)
            item.refresh_from_db()
            if tab == "registers":
                appraisal.propose([item], reason="已无保存价值", by=cast.archivist, now=now)
        client.get(address)
        with django_assert_num_queries(queries):
            page = client.get(address)
    assert len(page.context["page"].rows) == 3


def test_an_archivist_of_another_organ_sees_nothing_of_it(filed, cast, client):
    filed()
    other = person("other", cast.bureau, "档案员", False, [])
    RoleHolding.objects.create(person=other, role=Role.ARCHIVIST)
    ArchivalItem.objects.update(expires_on="2026-01-31", fonds_number="0999")
    client.force_login(other)
    assert client.get(reverse("documents:archives") + "?tab=expired").status_code == 404  # a bureau's own
