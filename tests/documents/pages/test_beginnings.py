"""What a paper may begin from, what is kept while one types, and how a draft ends that nobody else has seen."""

import tomllib
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents import attaching, discard, drafting
from documents.consulting import rounds, transmit
from documents.consulting.transmit import Source
from documents.interchange import KINDS, parse
from documents.models import (
    Attached,
    Concern,
    Document,
    Look,
    StockText,
    Template,
    Transmission,
    Unsaved,
    Version,
)
from documents.rules import Unregistered, check
from documents.stock import phrases_for, starts
from documents.stock.start import SOURCE, built_in
from documents.versions.keep import keep_by_hand
from officehub.audit.models import Event
from officehub.files.models import StoredFile
from officehub.moves import TooLate, events_of
from tests.cast import NOTICE
from tests.documents.guarding import refused


@pytest.fixture
def inside(cast, client):
    client.force_login(cast.drafter)
    return client


@pytest.fixture
def draft(inside, cast, now):
    return drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)


def begin(client, cast, **given):
    return client.post(reverse("documents:new"), {"organ": cast.office.pk, "kind": "通知", **given})


# --- templates and sentences ------------------------------------------------------------------------------------


def test_an_empty_office_has_a_template_and_a_sentence_for_every_kind(cast):
    assert {one.kind for one in built_in()} == set(KINDS)
    assert all(phrases_for(cast.drafter, kind) for kind in KINDS)


def test_our_templates_hold_only_what_a_template_keeps():
    rows = tomllib.loads(Path(SOURCE).read_text("utf-8"))["template"]
    kept = {"kind", "name", "title", "primary_recipients", "body", "remarks", "disclosure", "disclosure_reason"}
    assert [row["name"] for row in rows if set(row) - kept] == []


@pytest.mark.parametrize("start", built_in(), ids=lambda one: f"{one.kind}-{one.name}")
def test_a_template_left_as_it_is_is_a_paper_that_says_it_is_not_filled_in(start):
    fields = {key: value.replace("〈机关〉", "海青市人民政府") for key, value in start.fields.items()}
    paper = parse({**fields, "kind": start.kind, "issuers": ["海青市人民政府"]})
    assert "F04" in {finding.rule for finding in check(paper, Unregistered(), "draft")}


def test_a_paper_begins_from_a_template_of_its_kind(inside, cast):
    key = next(one.key for one in built_in() if one.name == "部署工作")
    begin(inside, cast, start=key)
    document = Document.objects.get()
    assert document.title == "海青市人民政府办公室关于做好××××工作的通知"
    assert events_of(document).get().facts["template"] == "部署工作"


def test_a_template_of_another_kind_is_not_offered(inside, cast):
    key = next(one.key for one in built_in() if one.kind == "请示")
    assert begin(inside, cast, start=key).status_code == 422
    assert Document.objects.count() == 0


def test_ones_own_template_is_ones_own_and_the_offices_replaces_ours(cast, now):
    row = {"kind": "通知", "fields": {"title": "甲"}, "updated_at": now}
    Template.objects.create(owner=cast.head, name="我的", **row)
    Template.objects.create(owner=None, name="部署工作", **row)
    found = [(one.name, one.whose) for one in starts(cast.drafter, "通知")]
    assert found == [("部署工作", "office"), ("印发文件", "built_in"), ("召开会议", "built_in")]
    assert ("我的", "own") in [(one.name, one.whose) for one in starts(cast.head, "通知")]


def test_only_who_vets_keeps_templates_for_all(inside, cast):
    typed = {"kind": "通知", "name": "全办范本", "for_all": "on", "title": "甲", "body": "乙"}
    inside.post(reverse("documents:template", args=["new"]), typed)
    assert Template.objects.get().owner == cast.drafter
    inside.force_login(cast.vetter)
    inside.post(reverse("documents:template", args=["new"]), typed)
    assert Template.objects.filter(owner=None).count() == 1
    inside.force_login(cast.drafter)
    key = f"t{Template.objects.get(owner=None).pk}"
    assert inside.post(reverse("documents:drop_template", args=[key])).status_code == 404


def test_a_second_template_of_the_same_name_is_refused_and_stays_typed(inside):
    typed = {"kind": "通知", "name": "值班", "title": "甲", "body": "乙"}
    inside.post(reverse("documents:template", args=["new"]), typed)
    answer = inside.post(reverse("documents:template", args=["new"]), {**typed, "body": "丙"})
    assert (answer.status_code, Template.objects.count()) == (422, 1)
    assert "丙" in answer.content.decode()


def test_a_draft_is_kept_as_a_template_without_what_is_its_own(draft, inside):
    inside.post(reverse("documents:keep_template", args=[draft.pk]), {"name": "值班通知"})
    kept = Template.objects.get()
    assert (kept.name, kept.kind, kept.fields["title"]) == ("值班通知", "通知", NOTICE["title"])
    assert "issuers" not in kept.fields


def test_sentences_stand_ready_beside_the_text_ones_own_first(draft, inside, cast):
    typed = {"kind": "通知", "place": "closing", "text": "请认真贯彻执行。"}
    inside.post(reverse("documents:add_text"), typed)
    closing = next(part for part in phrases_for(cast.drafter, "通知") if part.label == "结尾")
    assert closing.texts[:2] == ("请认真贯彻执行。", "特此通知。")
    page = inside.get(reverse("documents:edit", args=[draft.pk])).content.decode()
    assert 'data-fills="id_body" data-words="请认真贯彻执行。"' in page
    inside.post(reverse("documents:drop_text", args=[StockText.objects.get().pk]))
    assert StockText.objects.count() == 0


def test_what_is_not_filled_in_is_pointed_out(draft, inside):
    typed = {**form_of(draft), "body": "请于×月×日前报送××材料。"}
    page = inside.post(reverse("documents:check", args=[draft.pk]), typed).content.decode()
    assert "处待填" in page


# --- kept while one types ---------------------------------------------------------------------------------------


def form_of(document, **changes):
    held = {
        "kind": document.kind,
        "title": document.title,
        "revision": document.revision,
        **document.content,
        **changes,
    }
    return {name: value for name, value in held.items() if isinstance(value, str | int)}


def test_what_is_typed_is_kept_without_saving_and_comes_back(draft, inside):
    page = inside.post(reverse("documents:check", args=[draft.pk]), form_of(draft, body="写到一半")).content.decode()
    assert "已自动留存" in page
    draft.refresh_from_db()
    assert (draft.content["body"], draft.revision) == (NOTICE["body"], 0)
    page = inside.get(reverse("documents:edit", args=[draft.pk])).content.decode()
    assert "写到一半</textarea>" in page
    assert "还没有保存的内容" in page
    listed = inside.get(reverse("documents:drafts")).content.decode()
    assert "有没保存的改动" in listed


def test_looking_alone_keeps_nothing(draft, inside):
    same = form_of(draft, body=NOTICE["body"].replace("\n", "\r\n"))
    assert "已自动留存" not in inside.post(reverse("documents:check", args=[draft.pk]), same).content.decode()
    assert Unsaved.objects.count() == 0


def test_saving_and_giving_up_forget_what_was_kept(draft, inside):
    for door, given in (("documents:edit", form_of(draft, body="写完")), ("documents:drop_unsaved", {})):
        draft.refresh_from_db()
        inside.post(reverse("documents:check", args=[draft.pk]), form_of(draft, body="一半", revision=draft.revision))
        assert Unsaved.objects.count() == 1
        inside.post(reverse(door, args=[draft.pk]), given)
        assert Unsaved.objects.count() == 0


def test_what_was_typed_on_an_older_text_does_not_come_back(draft, inside, cast, now):
    inside.post(reverse("documents:check", args=[draft.pk]), form_of(draft, body="旧窗口里的"))
    drafting.save(draft, by=cast.drafter, now=now, fields=NOTICE, revision=0)
    assert "旧窗口里的" not in inside.get(reverse("documents:edit", args=[draft.pk])).content.decode()


def test_an_attachment_added_meanwhile_does_not_lose_it(draft, inside, cast, now):
    inside.post(reverse("documents:check", args=[draft.pk]), form_of(draft, body="写到一半"))
    attaching.add(draft, by=cast.drafter, now=now, title="清单", body="一")
    assert "写到一半</textarea>" in inside.get(reverse("documents:edit", args=[draft.pk])).content.decode()


# --- copies -----------------------------------------------------------------------------------------------------


def test_a_copy_has_the_text_and_files_but_nothing_that_belongs_to_the_one_paper(draft, inside, cast, now):
    attaching.add(draft, by=cast.drafter, now=now, title="方案", upload=SimpleUploadedFile("方案.txt", "甲".encode()))
    Document.objects.filter(pk=draft.pk).update(overrides={"R01": "已经同意"})
    inside.post(reverse("documents:copy", args=[draft.pk]))
    copied = Document.objects.exclude(pk=draft.pk).get()
    assert (copied.title, copied.content["body"], copied.overrides) == (draft.title, NOTICE["body"], {})
    files = list(StoredFile.objects.values_list("sha256", "file"))
    assert (len({one[0] for one in files}), len({one[1] for one in files})) == (1, 2)
    assert events_of(copied).get(verb="create").facts["copied_from"] == draft.pk
    assert events_of(draft).get(verb="copied").facts == {"draft": copied.pk}


def test_a_stranger_copies_nothing(draft, inside, cast):
    inside.force_login(cast.stranger)
    assert inside.post(reverse("documents:copy", args=[draft.pk])).status_code == 404
    page = inside.get(reverse("documents:new"), {"q": NOTICE["title"][:6]}).content.decode()
    assert NOTICE["title"] not in page


# --- my drafts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_my_drafts_are_found_in_a_fixed_number_of_queries(inside, cast, now, count, django_assert_num_queries):
    for at in range(count):
        drafting.create(by=cast.drafter, now=now, organ=cast.office, fields={**NOTICE, "title": f"第{at}件通知"})
    inside.get(reverse("documents:drafts"))
    with django_assert_num_queries(14):
        page = inside.get(reverse("documents:drafts")).content.decode()
    assert page.count("件通知</a>") == count


def test_my_drafts_are_mine_and_sorted_as_i_like(inside, cast, now):
    for who, title in ((cast.drafter, "乙通知"), (cast.drafter, "丙通知"), (cast.head, "他人通知")):
        drafting.create(by=who, now=now, organ=cast.office, fields={**NOTICE, "title": title})
    page = inside.get(reverse("documents:drafts"), {"sort": "title"}).content.decode()
    assert page.index("丙通知</a>") < page.index("乙通知</a>")
    assert "他人通知" not in page
    assert "丙通知" not in inside.get(reverse("documents:drafts"), {"q": "乙"}).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_deleted_draft_leaves_its_hash_and_no_file(draft, inside, cast, now):
    added = attaching.add(draft, by=cast.drafter, now=now, title="方案", upload=ContentFile("甲".encode(), "方案.txt"))
    storage, name = added.stored.file.storage, added.stored.file.name
    told = draft.content_hash()
    inside.post(reverse("documents:delete", args=[draft.pk]))
    assert (Document.objects.count(), Attached.objects.count(), StoredFile.objects.count()) == (0, 0, 0)
    assert not storage.exists(name)
    facts = Event.objects.get(verb="discard").facts
    assert (facts["title"], facts["content_hash"], len(facts["files"])) == (NOTICE["title"], told, 1)


def test_what_others_have_dealt_with_is_not_deleted(draft, inside, cast, now):
    drafting.submit(draft, by=cast.drafter, now=now, chosen=[], reasons={})
    draft.refresh_from_db()
    assert inside.post(reverse("documents:delete", args=[draft.pk])).status_code == 409
    drafting.withdraw(draft, by=cast.drafter, now=now)
    inside.post(reverse("documents:delete", args=[draft.pk]))
    assert Document.objects.count() == 1
    draft.refresh_from_db()
    with pytest.raises(TooLate):
        discard.discard(draft, by=cast.drafter, now=now)


def test_a_draft_goes_with_what_its_drafter_kept_of_it(draft, inside, cast, now, guarded):
    kept, _new = keep_by_hand(draft, by=cast.drafter, now=now, revision=draft.revision, note="初稿")
    Look.objects.create(document=draft, person=cast.drafter, version=kept)
    Concern.objects.create(document=draft, department=cast.bureau, by=cast.drafter, at=now)
    inside.post(reverse("documents:delete", args=[draft.pk]))
    assert (Document.objects.count(), Version.objects.count()) == (0, 0)
    assert Event.objects.get(verb="discard").facts["versions"] == [kept.content_hash]


def test_a_draft_that_transmits_a_paper_is_deleted_too(inside, cast, now):
    source = Source("关于印发方案的意见", "东岭省人民政府", body="方案。")
    draft = transmit.begin(by=cast.drafter, now=now, organ=cast.office, pattern="forward", source=source)
    inside.post(reverse("documents:delete", args=[draft.pk]))
    assert (Document.objects.count(), Transmission.objects.count()) == (0, 0)


def test_a_draft_departments_were_asked_about_is_not(draft, inside, cast, now):
    rounds.open_round(draft, by=cast.drafter, now=now, departments=[cast.bureau])
    inside.post(reverse("documents:delete", args=[draft.pk]))
    assert Document.objects.count() == 1
    assert not discard.may_discard(draft, cast.drafter)


def test_the_guard_lets_no_version_go_that_others_acted_on(draft, cast, now, guarded):
    keep_by_hand(draft, by=cast.drafter, now=now, revision=draft.revision)
    other = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields={**NOTICE, "title": "关于别的事的通知"})
    keep_by_hand(other, by=cast.drafter, now=now, revision=other.revision)
    saved = {**NOTICE, "body": f"{NOTICE['body']}\n附则。"}
    drafting.save(draft, by=cast.drafter, now=now, fields=saved, revision=draft.revision)
    draft.refresh_from_db()
    drafting.submit(draft, by=cast.drafter, now=now, chosen=[], reasons={})
    assert refused(lambda: draft.versions.filter(why="keep").delete())
    drafting.withdraw(draft, by=cast.drafter, now=now)
    assert refused(lambda: draft.versions.filter(why="keep").delete())
    assert not refused(lambda: other.versions.all().delete())
