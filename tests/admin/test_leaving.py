"""离岗移交 in the administrators' pages: who may, what is said, and the certificate nobody reads papers from."""

import pytest
from django.urls import reverse

from officehub.audit.models import Event
from officehub.audit.record import broken
from officehub.inbox.errands import Errand, give
from officehub.inbox.models import Handover, WorkItem
from officehub.notifications.models import Notice
from officehub.people.models import Person


def page_of(person) -> str:
    return reverse("admin:people_person_hand_over", args=[person.pk])


@pytest.fixture
def busy(cast, now):
    give(Errand("revise", "revise:1", "关于不得外传的通知"), cast.section, [cast.drafter], now)
    return cast.drafter


def typed(to, **changes) -> dict:
    return {"to": to.pk, "reason": "调出", "deactivate": "on", **changes}


def test_the_persons_page_leads_there_and_it_names_no_paper(as_, busy):
    client = as_("sys_admin")
    assert page_of(busy) in client.get(reverse("admin:people_person_change", args=[busy.pk])).content.decode()
    page = client.get(page_of(busy)).content.decode()
    assert ("修改 1 项" in page, "不得外传" in page) == (True, False)


def test_it_is_done_the_receiver_is_told_and_the_certificate_is_shown(as_, cast, busy):
    client = as_("sys_admin")
    answer = client.post(page_of(busy), typed(cast.stranger), follow=True)
    page, proof = answer.content.decode(), Handover.objects.get()
    assert answer.redirect_chain == [(reverse("handover", args=[proof.pk]), 302)]
    assert [word in page for word in (proof.number, proof.certificate_hash, "遗留 0 项", "修改", "不得外传")] == [
        True, True, True, True, False,
    ]  # fmt: skip
    assert not Person.objects.get(pk=busy.pk).is_active
    assert Notice.objects.get(verb="handed_over").recipient == cast.stranger
    assert WorkItem.objects.todo(cast.stranger).count() == 1
    assert Event.objects.get(verb="hand_over").actor == cast.sys_admin
    assert list(broken()) == []
    assert proof.number in client.get(reverse("admin:inbox_handover_changelist")).content.decode()
    assert "1项工作移交给您" in as_("stranger").get("/notices/").content.decode()


def test_the_account_may_stay(as_, cast, busy):
    as_("sys_admin").post(page_of(busy), {"to": cast.stranger.pk, "reason": "转岗"})
    assert Person.objects.get(pk=busy.pk).is_active
    assert as_("drafter").get(reverse("handover", args=[Handover.objects.get().pk])).status_code == 200


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"to": ""}, "to", "必填"),
        ({"to": "audit_admin"}, "to", "接收人须是在岗的其他人员"),
        ({"to": "drafter"}, "to", "接收人须是在岗的其他人员"),
        ({"reason": ""}, "reason", "必填"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(as_, cast, busy, changes, field, says):
    people = {name: person.pk for name, person in cast.people.items()}
    fields = typed(cast.stranger) | {name: people.get(value, value) for name, value in changes.items()}
    answer = as_("sys_admin").post(page_of(busy), fields)
    errors = answer.context["form"].errors
    assert (list(errors), says in str(errors[field]), Handover.objects.count()) == ([field], True, 0)


def test_what_cannot_be_moved_is_said(as_, cast, busy, now):
    give(Errand("review", "step:1:1:1", "审核"), cast.section, [busy], now)
    answer = as_("sys_admin").post(page_of(busy), typed(cast.stranger))
    assert "还有 1 项没有移交出去" in answer.content.decode()
    assert (WorkItem.objects.todo(busy).count(), Handover.objects.count()) == (2, 0)


def test_who_comes_second_is_told_who_was_first(as_, cast, busy):
    client = as_("sys_admin")
    client.post(page_of(busy), typed(cast.stranger))
    answer = client.post(page_of(busy), typed(cast.clerk))
    page = answer.content.decode()
    assert (answer.status_code, f"已移交给{cast.stranger.name}" in page) == (409, True)


@pytest.mark.parametrize("name", ["security_admin", "audit_admin"])
def test_the_other_administrators_may_not(as_, cast, busy, name):
    assert as_(name).post(page_of(busy), typed(cast.stranger)).status_code == 403


def test_nobody_hands_over_for_another_administrator_nor_for_nobody(as_, cast):
    client = as_("sys_admin")
    assert client.get(page_of(cast.audit_admin)).status_code == 403
    assert client.get(reverse("admin:people_person_hand_over", args=[10**9])).status_code == 404


def test_the_certificate_is_for_those_it_concerns(as_, cast, busy):
    as_("sys_admin").post(page_of(busy), {"to": cast.stranger.pk, "reason": "转岗"})
    address = reverse("handover", args=[Handover.objects.get().pk])
    names = ["sys_admin", "drafter", "stranger", "head", "security_admin", "audit_admin"]
    assert [as_(name).get(address).status_code for name in names] == [200, 200, 200, 404, 404, 404]


def test_putting_out_of_use_with_something_to_do_is_refused_on_both_ways(as_, cast, busy):
    client = as_("sys_admin")
    chosen = {"action": "retire", "_selected_action": [busy.pk, cast.stranger.pk]}
    listed = client.post(reverse("admin:people_person_changelist"), chosen, follow=True).content.decode()
    fields = {"username": busy.username, "name": busy.name, "department": busy.department_id}
    fields |= {"appointments-TOTAL_FORMS": "0", "appointments-INITIAL_FORMS": "0"}
    changed = client.post(reverse("admin:people_person_change", args=[busy.pk]), fields).content.decode()
    said = "尚有 1 项待办，请先办理离岗移交"
    assert (said in listed, "已停用 1 项" in listed, said in changed) == (True, True, True)
    assert list(Person.objects.filter(is_active=False)) == [cast.stranger]
