"""People, departments and roles in the administrators' pages: kept, not deleted; every change leaves an event."""

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from officehub.audit.models import Event
from officehub.audit.record import broken
from officehub.people.models import Appointment, Delegation, Department, Organ, Person, Post, RoleHolding


def events_of(thing) -> list[tuple[str, str]]:
    kind = ContentType.objects.get_for_model(thing)
    rows = Event.objects.filter(subject_type=kind, subject_id=thing.pk).order_by("seq")
    return list(rows.values_list("verb", "actor__username"))


NO_ROWS = {"-TOTAL_FORMS": "0", "-INITIAL_FORMS": "0"}


def inline(prefix: str) -> dict:
    return {prefix + key: value for key, value in NO_ROWS.items()}


def test_a_new_person_gets_a_first_password_and_the_groups_of_the_department(as_, cast):
    fields = {"username": "newcomer", "name": "新同志", "department": cast.section.pk, "usable_password": "true"}
    fields |= {"password1": "first-Password-9", "password2": "first-Password-9"}
    answer = as_("sys_admin").post(reverse("admin:people_person_add"), fields)
    person = Person.objects.get(username="newcomer")
    assert answer.status_code == 302
    assert person.check_password("first-Password-9")
    assert not person.is_staff
    assert cast.section.group_direct in person.groups.all()
    assert events_of(person) == [("added", "sys_admin")]


def test_a_weak_first_password_is_refused(as_, cast):
    fields = {"username": "newcomer", "name": "新同志", "password1": "12345", "password2": "12345"}
    answer = as_("sys_admin").post(reverse("admin:people_person_add"), fields)
    assert (answer.status_code, Person.objects.filter(username="newcomer").exists()) == (200, False)
    assert "密码" in answer.content.decode()


def change_person(client, person, **changes):
    fields = {"username": person.username, "name": person.name, "is_active": "on", "department": person.department_id}
    fields |= {"title": person.title, "email": person.email, **inline("appointments"), **changes}
    return client.post(reverse("admin:people_person_change", args=[person.pk]), fields)


def test_a_person_who_moves_is_in_the_new_department_at_once(as_, cast):
    answer = change_person(as_("sys_admin"), cast.drafter, department=cast.bureau.pk)
    assert answer.status_code == 302
    groups = set(Person.objects.get(username="drafter").groups.all())
    assert groups == {cast.bureau.group_direct, cast.bureau.group_tree}
    assert events_of(cast.drafter) == [("changed", "sys_admin")]


def test_nobody_makes_themselves_all_powerful(as_, cast):
    change_person(as_("sys_admin"), cast.drafter, is_superuser="on", is_staff="on", groups=[1], roles_held="x")
    person = Person.objects.get(username="drafter")
    assert (person.is_superuser, person.is_staff, person.role_holdings.exists()) == (False, False, False)


def test_the_security_administrator_changes_no_person_and_the_system_one_no_role(as_, cast):
    assert change_person(as_("security_admin"), cast.drafter, name="改名").status_code == 403
    answer = as_("sys_admin").post(
        reverse("admin:people_roleholding_add"), {"person": cast.drafter.pk, "role": "vetter"}
    )
    assert (answer.status_code, cast.drafter.role_holdings.exists()) == (403, False)
    password = reverse("admin:auth_user_password_change", args=[cast.drafter.pk])
    assert as_("security_admin").get(password).status_code == 403
    assert as_("sys_admin").get(password).status_code == 200


def test_no_administrator_gets_at_anothers_account(as_, cast):
    before = cast.audit_admin.password
    assert change_person(as_("sys_admin"), cast.audit_admin, name="改名").status_code == 403
    password = reverse("admin:auth_user_password_change", args=[cast.audit_admin.pk])
    assert (
        as_("sys_admin").post(password, {"password1": "other-pass-1", "password2": "other-pass-1"}).status_code == 403
    )
    assert Person.objects.get(pk=cast.audit_admin.pk).password == before


def test_the_security_administrator_gives_and_takes_roles(as_, cast):
    client = as_("security_admin")
    client.post(reverse("admin:people_roleholding_add"), {"person": cast.drafter.pk, "role": "archivist"})
    holding = RoleHolding.objects.get(person=cast.drafter)
    client.post(reverse("admin:people_roleholding_delete", args=[holding.pk]), {"post": "yes"})
    assert not cast.drafter.role_holdings.exists()
    assert events_of(cast.drafter) == [("role_given", "security_admin"), ("role_taken", "security_admin")]


def test_roles_taken_from_many_at_once_leave_their_groups(as_, cast):
    holdings = list(RoleHolding.objects.filter(role="registry_clerk"))
    chosen = {"action": "delete_selected", "_selected_action": [row.pk for row in holdings], "post": "yes"}
    as_("security_admin").post(reverse("admin:people_roleholding_changelist"), chosen)
    assert not Person.objects.filter(groups__name="角色 registry_clerk").exists()


def test_a_second_role_for_an_administrator_is_refused_with_a_sentence(as_, cast):
    fields = {"person": cast.sys_admin.pk, "role": "vetter"}
    answer = as_("security_admin").post(reverse("admin:people_roleholding_add"), fields)
    assert "管理员（三员）不得兼任其他角色" in answer.content.decode()


def test_a_used_department_is_not_deleted_and_one_is_told_so(as_, cast):
    url = reverse("admin:people_department_delete", args=[cast.section.pk])
    answer = as_("sys_admin").post(url, {"post": "yes"}, follow=True)
    assert "“综合科”已有往来记录，不能删除，可以停用。" in answer.content.decode()
    assert Department.objects.filter(pk=cast.section.pk).exists()


def test_a_department_made_by_a_slip_may_go(as_, cast):
    slip = Department.objects.create(organ=cast.office, name="笔误科")
    as_("sys_admin").post(reverse("admin:people_department_delete", args=[slip.pk]), {"post": "yes"})
    assert not Department.objects.filter(pk=slip.pk).exists()


def test_departments_and_people_are_taken_out_of_use(as_, cast):
    client = as_("sys_admin")
    for page, thing in [("people_department", cast.section), ("people_person", cast.drafter)]:
        chosen = {"action": "retire", "_selected_action": [thing.pk]}
        answer = client.post(reverse(f"admin:{page}_changelist"), chosen, follow=True)
        thing.refresh_from_db()
        assert ("已停用 1 项" in answer.content.decode(), thing.is_active) == (True, False)
        assert events_of(thing) == [("retired", "sys_admin")]


def test_nothing_is_deleted_by_the_dozen(as_, cast):
    chosen = {
        "action": "delete_selected",
        "_selected_action": [organ.pk for organ in Organ.objects.all()],
        "post": "yes",
    }
    as_("sys_admin").post(reverse("admin:people_organ_changelist"), chosen)
    assert Organ.objects.count() == 3


def test_a_department_is_made_with_its_posts(as_, cast):
    fields = {"organ": cast.office.pk, "name": "督查室", "order": 5, "is_active": "on", **inline("posts")}
    fields |= {"posts-TOTAL_FORMS": "1", "posts-0-title": "主任", "posts-0-is_head": "on"}
    answer = as_("sys_admin").post(reverse("admin:people_department_add"), fields)
    assert answer.status_code == 302
    made = Department.objects.get(name="督查室")
    assert (made.path, Post.objects.get(department=made).is_head) == (f"{made.pk:06d}/", True)


def test_an_appointment_ends_by_its_date(as_, cast):
    held = Appointment.objects.get(person=cast.head)
    row = {"appointments-0-id": held.pk, "appointments-0-person": cast.head.pk, "appointments-0-post": held.post_id}
    row |= {"appointments-0-since": "2026-01-01", "appointments-0-until": "2025-12-31"}
    counted = {"appointments-TOTAL_FORMS": "1", "appointments-INITIAL_FORMS": "1"}
    answer = change_person(as_("sys_admin"), cast.head, **counted, **row)
    assert "免职日期不能早于任职日期" in answer.content.decode()


def test_a_delegation_that_has_begun_is_ended_not_deleted(as_, cast):
    client, fields = as_("sys_admin"), {"principal": cast.head.pk, "delegate": cast.clerk.pk, "reason": "出差"}
    client.post(reverse("admin:people_delegation_add"), {**fields, "since": "2020-01-01", "until": "2099-01-01"})
    begun = Delegation.objects.get()
    assert client.post(reverse("admin:people_delegation_delete", args=[begun.pk]), {"post": "yes"}).status_code == 403
    answer = client.post(
        reverse("admin:people_delegation_add"), {**fields, "since": "2030-01-01", "until": "2030-01-02"}
    )
    assert "已委托他人" in answer.content.decode()


def test_whatever_was_done_here_the_record_is_whole(as_, cast):
    change_person(as_("sys_admin"), cast.drafter, title="副科长")
    as_("security_admin").post(
        reverse("admin:people_roleholding_add"), {"person": cast.drafter.pk, "role": "archivist"}
    )
    assert (Event.objects.count(), list(broken())) == (2, [])
