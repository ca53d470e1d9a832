"""Routes in the administrators' pages: drafts are edited, published versions are only read and copied."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from pytest_django.asserts import assertContains

from documents.models import Document
from officehub.approvals.models import Route, RouteVersion, Stage
from officehub.audit.models import Event
from tasks.models import Extension

STAGE = {
    "order": 1,
    "name": "审核",
    "verb": "review",
    "who": "drafting_head",
    "mode": "any",
    "limit_value": 1,
    "limit_unit": "working_days",
}


@pytest.fixture
def published(cast):
    return RouteVersion.objects.get()


@pytest.fixture
def draft(published):
    return RouteVersion.objects.create(route=published.route, number=2)


def clause(fact: str, operator: str, value: str) -> dict:
    """One row of the editor of conditions."""
    return {"condition-fact": fact, "condition-operator": operator, "condition-value": value}


def stages(*rows, initial=0) -> dict:
    fields = {"stages-TOTAL_FORMS": len(rows), "stages-INITIAL_FORMS": initial}
    for place, row in enumerate(rows):
        fields |= {f"stages-{place}-{key}": value for key, value in {**STAGE, **row}.items()}
    return fields


def act(client, action, *versions, page="approvals_routeversion"):
    chosen = {"action": action, "_selected_action": [version.pk for version in versions]}
    return client.post(reverse(f"admin:{page}_changelist"), chosen, follow=True)


def test_a_published_version_is_shown_and_not_changed(as_, published):
    client, url = as_("sys_admin"), reverse("admin:approvals_routeversion_change", args=[published.pk])
    assertContains(client.get(url), "无须主要负责人签发")
    assert client.post(url, {"note": "改动", **stages()}).status_code == 403
    assert client.post(reverse("admin:approvals_routeversion_delete", args=[published.pk])).status_code == 403
    published.refresh_from_db()
    assert (published.note, published.stages.count()) == ("", 5)


def test_a_new_version_takes_the_next_number_and_its_stages(as_, published):
    fields = {"route": published.route_id, "note": "精简", **stages({}, {"order": 2, "verb": "sign_off"})}
    answer = as_("sys_admin").post(reverse("admin:approvals_routeversion_add"), fields)
    assert answer.status_code == 302
    made = RouteVersion.objects.get(number=2)
    assert (made.is_published, made.stages.count()) == (False, 2)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (clause("salary", "is", "1"), "第 1 行：没有“salary”，可用：kind"),
        (clause("amount", "at_least", "很多"), "第 1 行：“金额”的值写一个数"),
        ({"verb": "wave"}, "没有“wave”这种事项"),
        ({"who": "role"}, "请按“由谁”填写"),
        ({"limit_value": 0, "order": 0}, "大于或等于1"),
        ({"limit_value": 1000}, "小于或等于999"),
    ],
)
def test_a_wrong_stage_is_refused_with_a_sentence_and_nothing_is_kept(as_, published, row, says):
    fields = {"route": published.route_id, **stages(row)}
    answer = as_("sys_admin").post(reverse("admin:approvals_routeversion_add"), fields)
    assert says in answer.content.decode().replace("&quot;", '"')
    assert RouteVersion.objects.count() == 1


def test_an_emptied_condition_means_always(as_, published):
    fields = {"route": published.route_id, **stages(clause("", "is", ""))}
    as_("sys_admin").post(reverse("admin:approvals_routeversion_add"), fields)
    assert Stage.objects.get(version__number=2).condition == []


def test_a_wrong_route_condition_is_refused(as_, cast):
    kind = ContentType.objects.get_for_model(Document).pk
    fields = {"name": "急件", "subject_type": kind, "priority": 1, **clause("hurry", "is", "是")}
    answer = as_("sys_admin").post(reverse("admin:approvals_route_add"), fields)
    assert ("没有“hurry”" in answer.content.decode(), Route.objects.count()) == (True, 1)


def test_only_what_can_be_approved_has_routes(as_, cast):
    page = as_("sys_admin").get(reverse("admin:approvals_route_add"))
    choices = page.context["adminform"].form.fields["subject_type"].queryset
    assert {kind.model_class() for kind in choices} == {Document, Extension}


def test_the_list_says_conditions_in_words(as_, published):
    condition = [{"fact": "kind", "in": ["请示", "报告"]}, {"fact": "amount", "at_least": 500}]
    Route.objects.filter(pk=published.route_id).update(condition=condition)
    page = as_("sys_admin").get(reverse("admin:approvals_route_changelist"))
    assertContains(page, "文种为请示、报告，且金额不低于 500 万元")


def test_publishing_makes_the_version_current_and_is_recorded(as_, published, draft):
    Stage.objects.create(version=draft, order=1, name="审核", verb="review", who="drafting_head")
    answer = act(as_("sys_admin"), "publish", draft)
    assert "已发布：发文 第2版" in answer.content.decode()
    assert published.route.current() == draft
    event = Event.objects.get(verb="published")
    assert (event.subject, event.facts["stages"][0]["name"]) == (draft, "审核")


def test_an_empty_or_faulty_version_is_not_published(as_, draft):
    client = as_("sys_admin")
    assert "没有环节，不能发布" in act(client, "publish", draft).content.decode()
    stage = Stage.objects.create(version=draft, order=1, name="审核", verb="review", who="drafting_head")
    Stage.objects.filter(pk=stage.pk).update(condition=[{"fact": "gone", "is": 1}])
    assert "没有“gone”" in act(client, "publish", draft).content.decode()
    draft.refresh_from_db()
    assert not draft.is_published


def test_a_copy_begins_with_the_same_stages_and_leaves_the_old_ones(as_, published):
    act(as_("sys_admin"), "new_version", published)
    copy = RouteVersion.objects.get(number=2)
    said = ("order", "name", "verb", "who", "role", "condition", "merges")
    assert list(copy.stages.values_list(*said)) == list(published.stages.values_list(*said))
    assert not copy.is_published


def test_a_draft_version_may_be_thrown_away_with_its_stages(as_, draft):
    Stage.objects.create(version=draft, order=1, name="审核", verb="review", who="drafting_head")
    answer = as_("sys_admin").post(reverse("admin:approvals_routeversion_delete", args=[draft.pk]), {"post": "yes"})
    assert (answer.status_code, RouteVersion.objects.count()) == (302, 1)


@pytest.mark.parametrize("action", ["publish", "new_version"])
def test_others_neither_publish_nor_copy(as_, draft, action):
    act(as_("security_admin"), action, draft)
    assert RouteVersion.objects.filter(published_at=None).count() == 1
