"""Which administrator may open which page: a table of every page there is; one that is missing from it fails."""

import pytest
from django.contrib import admin
from django.urls import reverse

SYSTEM, SECURITY, AUDIT = "sys_admin", "security_admin", "audit_admin"
WRITES = {  # page: who may list and add
    "people.organ": SYSTEM,
    "people.department": SYSTEM,
    "people.post": SYSTEM,
    "people.person": SYSTEM,
    "people.delegation": SYSTEM,
    "people.roleholding": SECURITY,
    "workdays.calendarday": SYSTEM,
    "inbox.reminderrule": SYSTEM,
    "approvals.route": SYSTEM,
    "approvals.routeversion": SYSTEM,
    "documents.series": SYSTEM,
    "documents.retentionrule": SYSTEM,
    "notifications.robot": SYSTEM,
    "django_celery_beat.periodictask": SYSTEM,
    "django_celery_beat.intervalschedule": SYSTEM,
    "django_celery_beat.crontabschedule": SYSTEM,
}
READS = {  # page: who may list, besides
    "people.person": [SECURITY],
    "people.department": [SECURITY],
    "people.organ": [SECURITY],
    "documents.numberentry": [SYSTEM],
    "notifications.message": [SYSTEM],
    "notifications.outlet": [SYSTEM],
    "inbox.handover": [SYSTEM],
    "workdays.calendarchange": [SYSTEM],
    "inbox.reminder": [SYSTEM],
    "audit.event": [AUDIT],
    "audit.seal": [AUDIT],
    "approvals.bypass": [AUDIT],
    "axes.accessattempt": [AUDIT, SECURITY],
}
FOR_NOBODY = {"django_celery_beat.clockedschedule", "django_celery_beat.solarschedule", "auth.group"}
PAGES = sorted({model._meta.label_lower for model in admin.site._registry})


def test_the_table_names_every_page():
    assert set(PAGES) == {*WRITES, *READS} | (FOR_NOBODY & set(PAGES))


@pytest.mark.parametrize("name", [SYSTEM, SECURITY, AUDIT])
def test_each_administrator_opens_the_own_pages_and_no_others(as_, name):
    client, opened = as_(name), {}
    for page in PAGES:
        url = "admin:" + page.replace(".", "_")
        opened[page] = tuple(client.get(reverse(f"{url}_{view}")).status_code for view in ("changelist", "add"))
    expected = {
        page: (
            200 if WRITES.get(page) == name or name in READS.get(page, []) else 403,
            200 if WRITES.get(page) == name else 403,
        )
        for page in PAGES
    }
    assert opened == expected


@pytest.mark.parametrize("name", ["leader", "clerk", "stranger"])
def test_others_are_sent_away_from_every_page(as_, name):
    client = as_(name)
    answers = {client.get(reverse(f"admin:{page.replace('.', '_')}_changelist")).status_code for page in PAGES}
    assert answers <= {302, 403}


def test_papers_have_no_page_here():
    assert not [
        page for page in PAGES if page.startswith("documents.") and page not in (*WRITES, "documents.numberentry")
    ]


@pytest.mark.parametrize("page", ["people_organ", "people_department", "people_post", "people_person", "audit_event"])
def test_searching_answers(as_, page):
    client = as_(AUDIT if page.startswith("audit") else SYSTEM)
    assert client.get(reverse(f"admin:{page}_changelist"), {"q": "科"}).status_code == 200


def test_people_are_found_as_one_types(as_):
    where = {"app_label": "people", "model_name": "delegation", "field_name": "principal", "term": "核稿"}
    answer = as_(SYSTEM).get(reverse("admin:autocomplete"), where)
    assert [found["text"] for found in answer.json()["results"]] == ["核稿员vetter"]


@pytest.mark.parametrize(
    "page", ["people_person", "people_department", "people_post", "people_delegation", "approvals_routeversion"]
)
def test_a_list_costs_the_same_with_more_rows(as_, cast, page, now, django_assert_max_num_queries):
    """The cast has dozens of people and few departments; no list asks per row."""
    client = as_(SYSTEM)
    client.get(reverse(f"admin:{page}_changelist"))
    with django_assert_max_num_queries(16):
        client.get(reverse(f"admin:{page}_changelist"))
