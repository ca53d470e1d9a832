"""The few people and errands the house's own tests need, and a room that stands for any room."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.contenttypes.models import ContentType

from officehub.inbox.errands import Errand, close, give
from officehub.inbox.models import WorkItem
from officehub.notifications import words
from officehub.notifications.models import Notice
from officehub.people.models import Department, Organ, Person
from officehub.web import hubs

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def now():
    """Wednesday, in the middle of a plain working week."""
    return datetime(2026, 11, 18, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def department(db):
    organ = Organ.objects.create(
        name="青岚市人民政府办公室", short_name="青岚市政府办", code="青政办", level="city", kind="office", is_own=True
    )
    return Department.objects.create(organ=organ, name="文电科", is_general_office=True)


@pytest.fixture
def person(department):
    return Person.objects.create_user("wen", password="a-long-password", name="温若兰", department=department)


@pytest.fixture
def stranger(department):
    return Person.objects.create_user("lu", password="a-long-password", name="路人甲", department=department)


@pytest.fixture
def room(monkeypatch):
    """A room that knows the verbs and doors the tests use."""
    hub = hubs.Hub(
        menu=[hubs.MenuEntry("办文", "公文", "notices", "files", badge=lambda person: 3)],
        verbs={"try": "试办"},
        sentences={"tried": "《%(title)s》已办理。"},
        doors={"people.department": lambda department: f"/departments/{department.pk}/"},
        search=lambda person, words, limit: [hubs.Hit(f"关于{words}的通知", "云政办发", "/found/")][:limit],
        search_label="公文",
    )
    monkeypatch.setitem(hubs._hubs, "tests.room", hub)
    monkeypatch.setitem(words._sentences, "tried", "《%(title)s》已办理。")
    return hub


@pytest.fixture
def entrust(person, room):
    """Give the person one errand about the department."""

    def make(title, due_at=None, key=None, opened_at=None, done_at=None):
        opened_at = opened_at or datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)
        errand = Errand(verb="try", key=key or title, title=title, source="文电科", due_at=due_at)
        give(errand, person.department, [person], opened_at)
        item = WorkItem.objects.get(assignee=person, key=errand.key)
        if done_at:
            close(WorkItem.objects.filter(pk=item.pk), "同意", done_at)
        return item

    return make


@pytest.fixture
def inform(person, room):
    def make(title, at):
        kind = ContentType.objects.get_for_model(Department)
        return Notice.objects.create(
            recipient=person,
            verb="tried",
            params={"title": title},
            subject_type=kind,
            subject_id=person.department_id,
            key=title,
            at=at,
        )

    return make


@pytest.fixture
def day():
    return timedelta(days=1)
