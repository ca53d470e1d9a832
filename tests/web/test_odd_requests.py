"""Requests no browser of ours would send: each is refused with a page, none is an error of the house."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from documents import drafting
from officehub.inbox.models import Handover
from officehub.people.models import Delegation, Department, Person
from officehub.web.client_ip import client_ip
from officehub.web.listing import ids
from tests.cast import NOTICE, PASSWORD

BIG = "9" * 30


@pytest.fixture
def inside(cast):
    def enter(name: str) -> Client:
        client = Client()
        client.force_login(cast.people[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter


@pytest.mark.django_db
def test_a_log_in_name_nobody_can_have_is_refused_with_a_sentence(client):
    answer = client.post("/login/", {"username": "长" * 5000, "password": "x"})
    assert answer.status_code == 200
    assert "用户名最多 150 个字" in answer.content.decode()


@pytest.mark.parametrize("address", ["/", "/search?q=x", "/login/"])
@pytest.mark.parametrize("charset", ["utf-7", "no-such-charset"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_encoding_than_utf8_is_refused(cast, inside, address, charset, method):
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    answer = inside("drafter").generic(method.upper(), address, "username=+AAA-&q=+AAA-", content_type=kind)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("clerk", "/papers/people/?person=%00"),
        ("clerk", "/search?q=%00"),
        ("drafter", "/papers/?kind=%00"),
        ("sys_admin", "/admin/autocomplete/?app_label=people&model_name=delegation&field_name=principal&term=%00"),
        ("sys_admin", "/admin/people/person/%00/change/"),
    ],
)
def test_nothing_with_a_nul_in_its_address_gets_further(inside, who, address):
    answer = inside(who).get(address)
    assert answer.status_code == 400
    assert "请求有误" in answer.content.decode()


@pytest.mark.parametrize("odd", [{"reason": "出\x00差"}, {"delegate": "\x00"}, {"kinds": "\x00"}])
def test_a_delegation_with_a_nul_is_refused_by_its_form(inside, odd):
    fields = {"since": "2099-01-01", "until": "2099-01-02", "reason": "出差", "delegate": "backup", **odd}
    assert inside("drafter").post("/delegations/", fields).status_code == 422
    assert not Delegation.objects.exists()


@pytest.mark.parametrize("odd", [{"reason": "调\x00出"}, {"to": "\x00"}])
def test_a_hand_over_with_a_nul_is_refused_by_its_form(inside, cast, odd):
    address = reverse("admin:people_person_hand_over", args=[cast.drafter.pk])
    answer = inside("sys_admin").post(address, {"to": cast.stranger.pk, "reason": "调出", **odd})
    assert (answer.status_code, "errorlist" in answer.content.decode(), Handover.objects.exists()) == (200, True, False)


@pytest.mark.parametrize("name", ["person", "delegate", "offered"])
def test_nobody_is_found_by_a_nul(inside, name):
    assert inside("drafter").get("/people/", {name: "\x00"}).status_code == 400


@pytest.mark.parametrize(("text", "number"), [("7", [7]), ("9223372036854775807", [2**63 - 1])])
def test_ids_of_an_address_are_numbers(text, number):
    assert ids([text, "²", "٣", BIG, "9223372036854775808", "-1", "", "x"]) == number


@pytest.mark.parametrize("odd", ["²", BIG])
def test_odd_departments_are_no_departments(cast, now, inside, odd):
    paper = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)
    address = reverse("documents:simulate", args=[paper.pk])
    assert inside("drafter").get(address, {"departments": odd}).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "workdays/calendarday/?year=0",
        f"workdays/calendarday/?year={BIG}",
        "workdays/calendarday/?year=²",
        f"people/delegation/?since__year={BIG}",
        "people/delegation/?since__year=0",
        "people/delegation/?since__year=2026&since__month=13",
        f"people/delegation/?id__exact={BIG}",
        f"people/person/{BIG}/change/",
    ],
)
def test_odd_years_and_numbers_in_the_admin_pages_are_no_error_of_the_house(inside, address):
    assert inside("sys_admin").get(f"/admin/{address}").status_code in (200, 302, 400, 404)


@pytest.mark.django_db
def test_what_is_too_big_is_refused_with_a_sentence(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = client.post("/login/", {"username": "x" * 200}, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert "提交的内容太大（上限 4 MB）；请返回上一页，内容还在，删减或改为附件后再提交" in answer.content.decode()


LOOKED_AT = ["/", "/notices/", "/search?q=x", "/badges/", "/healthz", "/profile/", "/login/", "/papers/",
             "/papers/register/", "/papers/rules/", "/papers/new/"]  # fmt: skip


@pytest.mark.parametrize("address", LOOKED_AT)
def test_a_head_is_answered_like_a_get(inside, address):
    client = inside("drafter")
    asked = client.head(address)
    assert (asked.status_code, asked.content) == (client.get(address).status_code, b"")


@pytest.mark.parametrize("address", ["/", "/notices/", "/search", "/badges/", "/healthz", "/papers/", "/papers/rules/"])
def test_pages_to_be_read_take_nothing(inside, address):
    assert inside("drafter").post(address).status_code == 405


def asked_by(settings, proxies: int, forwarded: str | None) -> str:
    settings.TRUSTED_PROXIES = proxies
    extra = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return client_ip(RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", **extra))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "192.0.2.7", "10.0.0.9"),  # nobody is trusted: anybody could write the header
        (1, None, "10.0.0.9"),
        (1, "192.0.2.7", "192.0.2.7"),
        (1, "1.1.1.1, 192.0.2.7", "192.0.2.7"),  # what stands left of it was written by the asker
        (2, "1.1.1.1, 192.0.2.7, 10.0.0.8", "192.0.2.7"),
        (2, "192.0.2.7", "10.0.0.9"),  # fewer hands than promised: not through our proxies
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "nonsense", "10.0.0.9"),
    ],
)
def test_who_asks_is_who_the_outermost_trusted_proxy_saw(settings, proxies, forwarded, expected):
    assert asked_by(settings, proxies, forwarded) == expected


@pytest.mark.django_db
def test_behind_a_proxy_a_lock_is_for_one_address_not_for_all(settings, cast):
    settings.TRUSTED_PROXIES = 1
    wrong = {"username": "drafter", "password": "wrong"}
    for _ in range(settings.AXES_FAILURE_LIMIT):
        last = Client(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.7").post("/login/", wrong)
    other = Client(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.8")
    entered = other.post("/login/", {"username": "drafter", "password": PASSWORD})
    assert (last.status_code, entered.status_code) == (429, 302)


@pytest.mark.django_db
def test_a_title_cannot_write_script_into_the_admin_pages(cast, inside):
    evil = "<script>alert(1)</script>"
    Department.objects.filter(pk=cast.section.pk).update(name=evil)
    Person.objects.filter(pk=cast.drafter.pk).update(name=evil, title=evil)
    client = inside("sys_admin")
    pages = ["people/person/", f"people/person/{cast.drafter.pk}/change/", "people/department/", "people/post/",
             f"people/person/{cast.drafter.pk}/password/", f"people/department/{cast.section.pk}/change/"]  # fmt: skip
    for page in pages:
        text = client.get(f"/admin/{page}").content.decode()
        assert (evil in text, "&lt;script&gt;" in text) == (False, True), page
