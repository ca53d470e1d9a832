"""What rooms say of themselves reaches the menu, the doors and the sentences."""

import pytest
from django.contrib.contenttypes.models import ContentType

from officehub.inbox.models import WorkItem
from officehub.people.models import Department
from officehub.web import hubs


def test_the_floor_is_discovered_before_the_rooms():
    hubs.discover()
    assert next(iter(hubs._hubs)) == "officehub.web"


def test_the_menu_marks_where_one_is(person, room):
    groups = dict(hubs.menu_for(person, "/notices/7/"))
    assert [(entry.label, entry.badge, entry.current) for entry in groups["办文"] if entry.label == "公文"] == [
        ("公文", 3, True)
    ]
    assert [entry.current for entry in groups[""]] == [False]


def test_an_entry_for_a_role_is_hidden_from_others(person, room, monkeypatch):
    closed = hubs.MenuEntry("办文", "核稿", "notices", "files", roles=frozenset({"vetter"}))
    monkeypatch.setitem(hubs._hubs, "tests.other", hubs.Hub(menu=[closed]))
    assert "核稿" not in [entry.label for _, entries in hubs.menu_for(person, "/") for entry in entries]
    person.__dict__["roles"] = frozenset({"vetter"})
    assert "核稿" in [entry.label for _, entries in hubs.menu_for(person, "/") for entry in entries]


def test_a_thing_without_a_page_has_no_door(person, room):
    assert (hubs.door(person.department), hubs.door(person)) == (f"/departments/{person.department_id}/", None)


@pytest.mark.parametrize("rows", [1, 3])
def test_doors_of_many_rows_cost_one_query_a_kind(entrust, rows, django_assert_num_queries):
    kind = ContentType.objects.get_for_model(Department)
    for n in range(rows):
        entrust(f"第{n}件")
    items = list(WorkItem.objects.all())
    with django_assert_num_queries(1):
        found = hubs.doors_for(items)
    department = items[0].subject_id
    assert found == {(kind.pk, department): f"/departments/{department}/"}


def test_a_verb_nobody_owns_is_an_error_not_a_blank(room):
    with pytest.raises(KeyError):
        hubs.verb_label("never-heard-of")


def test_an_event_is_said_in_a_sentence(room):
    assert hubs.sentence("tried", {"title": "通知"}) == "《通知》已办理。"


def test_a_panel_hangs_where_it_says_and_stays_away_when_it_has_nothing(person, now, monkeypatch):
    shown = hubs.Panel("workbench.side", "components/empty.html", lambda person, now: {"title": "今天的会"})
    absent = hubs.Panel("workbench.side", "components/empty.html", lambda person, now: None)
    monkeypatch.setattr(hubs, "_hubs", {"tests.room": hubs.Hub(panels=[shown, absent])})
    assert hubs.panels_at("workbench.side", person, now) == [("components/empty.html", {"title": "今天的会"})]
