"""The editor of stages: every field of a stage, only what is called for, and each fault at its field."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from pytest_django.asserts import assertContains

from documents import drafting
from documents.models import Document
from officehub.approvals import guard
from officehub.approvals.models import Bypass, Route, RouteVersion, Stage, Step
from officehub.audit.models import Event
from tests.admin.test_routes import act, clause, stages
from tests.cast import NOTICE


@pytest.fixture
def published(cast):
    return RouteVersion.objects.get()


@pytest.fixture
def draft(published):
    return RouteVersion.objects.create(route=published.route, number=2)


@pytest.fixture
def kept(as_, draft):
    """Send one stage of a draft from the form: the stage, or nothing and the faults by field."""

    def send(**row):
        url = reverse("admin:approvals_routeversion_change", args=[draft.pk])
        answer = as_("sys_admin").post(url, {"route": draft.route_id, **stages(row)})
        if answer.status_code == 302:
            return draft.stages.get(), {}
        form = answer.context["inline_admin_formsets"][0].formset.forms[0]
        return None, {name: " ".join(faults) for name, faults in form.errors.items()}

    return send


def test_every_field_of_a_stage_is_kept(kept, cast):
    stage, faults = kept(
        name="会签",
        verb="countersign",
        who="chosen_heads",
        branch="业务",
        mode="ratio",
        quota=60,
        weights="市财政局 2\n\nhead：3票",
        dissent="record",
        internal="on",
        silence_consents="on",
        permits=["return", "edit"],
        after_return="straight",
        if_changed="keep",
        limit_value=7,
    )
    assert faults == {}
    assert (stage.branch, stage.quota, stage.weights) == ("业务", 60, {"市财政局": 2, "head": 3})
    assert (stage.dissent, stage.after_return, stage.if_changed) == ("record", "straight", "keep")
    assert (stage.internal, stage.silence_consents, stage.permits) == (True, True, ["return", "edit"])


def test_what_is_not_called_for_may_stay_empty(kept):
    stage, faults = kept(quota="", mode="", dissent="", after_return="", if_changed="")
    assert faults == {}
    assert (stage.mode, stage.quota, stage.dissent, stage.after_return) == ("any", 67, "return", "choice")


@pytest.mark.parametrize(
    ("row", "field", "says"),
    [
        ({"who": "person"}, "person", "填写人员"),
        ({"who": "post"}, "post", "填写岗位"),
        ({"who": "drafting_role"}, "role", "填写角色"),
        ({"who": "named_head"}, "department", "填写指定部门"),
        ({"who": "sender"}, "candidates", "请写明候选人"),
        ({"internal": "on"}, "internal", "只用于各会签部门"),
        ({"silence_consents": "on"}, "silence_consents", "只用于会签"),
        ({"quota": 101}, "quota", "100"),
        ({"weights": "月球局 2"}, "weights", "第 1 行：没有名为“月球局”的部门或登录名"),
        ({"weights": "市财政局 2\n市财政局"}, "weights", "第 2 行：“市财政局”应写成"),
        ({"weights": "市财政局 2\n市财政局 3"}, "weights", "第 2 行：“市财政局”前面已经写过"),
        ({"weights": "市财政局 0"}, "weights", "第 1 行：票数应是 1 到 99"),
        ({"permits": ["dance"]}, "permits", "dance"),
    ],
)
def test_each_fault_is_said_at_its_field(kept, row, field, says):
    stage, faults = kept(**row)
    assert (stage, set(faults)) == (None, {field})
    assert says in faults[field]


def test_no_administrator_is_a_candidate(kept, cast):
    assert "管理员（三员）" in kept(who="sender", candidates=[cast.sys_admin.pk])[1]["candidates"]
    assert kept(who="sender", candidates=[cast.clerk.pk])[0].candidates.get() == cast.clerk


@pytest.mark.parametrize("who", ["chosen_heads", "chosen_leaders", "sender"])
def test_a_departments_own_route_leaves_nothing_to_the_sender(as_, cast, who):
    kind = ContentType.objects.get_for_model(Document)
    own = Route.objects.create(name="市财政局会签", subject_type=kind, department=cast.bureau)
    row = {"who": who, "candidates": [cast.clerk.pk]}
    answer = as_("sys_admin").post(reverse("admin:approvals_routeversion_add"), {"route": own.pk, **stages(row)})
    assertContains(answer, "部门内部流程里没有拟稿人的选择")
    assert not own.versions.exists()


def test_a_route_with_such_stages_becomes_no_departments_own(as_, cast, published):
    fields = {"name": "发文", "subject_type": published.route.subject_type_id, "priority": 1, **clause("", "is", "")}
    url = reverse("admin:approvals_route_change", args=[published.route_id])
    answer = as_("sys_admin").post(url, {**fields, "department": cast.bureau.pk, "is_active": "on"})
    assertContains(answer, "部门内部流程里没有拟稿人的选择")


@pytest.mark.parametrize(
    ("branches", "says"), [(["甲", "乙", "甲"], "分支“甲”"), (["甲", "", "甲"], "分支“甲”"), (["甲", "甲", "乙"], "")]
)
def test_a_branch_stands_together(as_, draft, branches, says):
    rows = [Stage(version=draft, order=n, name=f"{n}", verb="review", who="drafting_head", branch=branch)
            for n, branch in enumerate(branches, 1)]  # fmt: skip
    Stage.objects.bulk_create(rows)
    said = act(as_("sys_admin"), "publish", draft).content.decode()
    draft.refresh_from_db()
    assert (draft.is_published, says in said) == (not says, True)


def test_a_stage_for_the_sender_needs_candidates_to_be_published(as_, draft):
    Stage.objects.create(version=draft, order=1, name="选人", verb="review", who="sender")
    assert "请写明候选人" in act(as_("sys_admin"), "publish", draft).content.decode()


def test_a_copy_has_the_candidates_and_publishing_records_everything(as_, cast, draft):
    stage = Stage.objects.create(version=draft, order=1, name="选人", verb="review", who="sender", weights={"head": 2})
    stage.candidates.set([cast.clerk, cast.reader])
    act(as_("sys_admin"), "publish", draft)
    told = Event.objects.get(verb="published").facts["stages"][0]
    assert (sorted(told["candidates"]), told["weights"], told["after_return"]) == (
        ["clerk", "reader"],
        {"head": 2},
        "choice",
    )
    act(as_("sys_admin"), "new_version", draft)
    assert set(RouteVersion.objects.get(number=3).stages.get().candidates.all()) == {cast.clerk, cast.reader}


# --- published is published -----------------------------------------------------------------------------------------


def test_the_models_refuse_to_change_what_is_published(published, cast):
    stage = published.stages.first()
    for deed in (stage.save, stage.delete, published.save, published.delete):
        with pytest.raises(ValidationError, match="已发布"):
            deed()
    for change in (lambda: stage.candidates.set([cast.clerk]), lambda: stage.candidates.add(cast.clerk)):
        with pytest.raises(ValidationError, match="已发布"), transaction.atomic():
            change()


@pytest.fixture
def guarded(published, cast):
    stage = published.stages.first()
    stage.candidates.through.objects.create(stage=stage, person=cast.clerk)
    guard.install(connection)
    yield stage
    guard.remove(connection)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE approvals_stage SET name = 'x' WHERE id = {stage}",
        "DELETE FROM approvals_stage WHERE id = {stage}",
        "UPDATE approvals_stage SET version_id = {draft} WHERE id = {stage}",
        "UPDATE approvals_stage SET version_id = {version} WHERE version_id = {draft}",
        "UPDATE approvals_routeversion SET note = 'x' WHERE id = {version}",
        "UPDATE approvals_routeversion SET published_at = NULL WHERE id = {version}",
        "DELETE FROM approvals_routeversion WHERE id = {version}",
        "INSERT INTO approvals_stage_candidates (stage_id, person_id) VALUES ({stage}, {person})",
        "DELETE FROM approvals_stage_candidates WHERE stage_id = {stage}",
        "UPDATE approvals_stage_candidates SET person_id = {person} WHERE stage_id = {stage}",
    ],
)
def test_the_database_itself_refuses_to_change_a_published_version(guarded, draft, cast, sql):
    Stage.objects.create(version=draft, order=9, name="审核", verb="review", who="drafting_head")
    known = {"stage": guarded.pk, "version": guarded.version_id, "draft": draft.pk, "person": cast.reader.pk}
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(**known))


def test_a_draft_is_edited_and_published_under_the_guard(as_, guarded, draft, cast):
    stage = Stage.objects.create(version=draft, order=1, name="选人", verb="review", who="sender")
    stage.candidates.set([cast.clerk])
    stage.candidates.clear()
    stage.candidates.set([cast.reader])
    act(as_("sys_admin"), "publish", draft)
    act(as_("sys_admin"), "new_version", draft)
    assert RouteVersion.objects.get(number=2).is_published
    assert RouteVersion.objects.get(number=3).stages.count() == 1


# --- read ------------------------------------------------------------------------------------------------------------


def test_a_published_version_is_read_in_words(as_, draft, cast):
    rows = [
        {"name": "部门审核", "who": "drafting_head"},
        {"name": "会签", "verb": "countersign", "branch": "业务", "who": "chosen_heads", "mode": "ratio", "quota": 60},
        {"name": "法审", "branch": "法制", "who": "named_head", "department": cast.bureau},
        {"name": "选办", "who": "sender", "role": "vetter", "limit_value": 24, "limit_unit": "hours"},
    ]
    Stage.objects.bulk_create(
        [Stage(**{"version": draft, "order": n, "verb": "review", **row}) for n, row in enumerate(rows, 1)]
    )
    act(as_("sys_admin"), "publish", draft)
    page = as_("sys_admin").get(reverse("admin:approvals_routeversion_change", args=[draft.pk])).content.decode()
    for words in (
        "拟稿部门负责人",
        "各会签部门负责人",
        "市财政局负责人",
        "拟稿人从本机关的核稿人中选定",
        "票签：同意达到比例 60%",
        "时限 24 小时",
        "同时分头办理",
    ):
        assert words in page


def test_the_audit_administrator_reads_bypasses_without_titles(as_, cast, now):
    document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)
    drafting.submit(document, by=cast.drafter, now=now, chosen=[], reasons={})
    Bypass.objects.create(step=Step.objects.get(), by=cast.head, rule="R30", what="同一人", reason="人手不足", at=now)
    page = as_("audit_admin").get(reverse("admin:approvals_bypass_changelist")).content.decode()
    assert ("人手不足" in page, NOTICE["title"] in page) == (True, False)
    assert as_("sys_admin").get(reverse("admin:approvals_bypass_changelist")).status_code == 403


# --- what a draft would bring ----------------------------------------------------------------------------------------


@pytest.fixture
def changed(draft, cast):
    Stage.objects.create(version=draft, order=1, name="先审", verb="review", who="person", person=cast.clerk)
    Stage.objects.create(version=draft, order=2, name="部门审核", verb="review", who="drafting_head")
    return draft


def test_a_draft_is_held_against_running_cases_without_titles(as_, changed, cast, now):
    document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)
    drafting.submit(document, by=cast.drafter, now=now, chosen=[], reasons={})
    page = act(as_("sys_admin"), "against_running", changed).content.decode()
    assert ("先审" in page, "可以迁移" in page, NOTICE["title"] in page) == (True, True, False)


def test_a_draft_is_held_against_past_cases_without_titles(as_, changed, cast, now):
    document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)
    drafting.submit(document, by=cast.drafter, now=now, chosen=[], reasons={})
    Step.objects.get().run.__class__.objects.update(state="agreed", ended_at=now)
    page = act(as_("sys_admin"), "against_past", changed).content.decode()
    assert ("先审：1 件" in page, "核稿：1 件" in page, NOTICE["title"] in page) == (True, True, False)


@pytest.mark.parametrize("page", ["past", "running"])
def test_these_pages_are_the_system_administrators(as_, draft, page):
    url = reverse(f"admin:approvals_routeversion_{page}", args=[draft.pk])
    assert as_("sys_admin").get(url).status_code == 200
    assert {as_(name).get(url).status_code for name in ("audit_admin", "stranger")} <= {302, 403, 404}
    assert as_("sys_admin").get(reverse(f"admin:approvals_routeversion_{page}", args=[999])).status_code == 404
