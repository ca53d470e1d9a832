"""Coming in, being turned away, news, search, and the answers for machines."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import path
from pytest_django.asserts import assertContains, assertRedirects

from officehub.moves import TooLate
from officehub.urls import handler403, handler404  # noqa: F401  the table below stands in for the whole house
from officehub.urls import urlpatterns as house
from officehub.web.views.errors import forbidden


class Late(TooLate):
    """As `TooLate`, with its facts given instead of read from the database."""

    def __init__(self, thing, who, when):
        self.thing, self.wanted, self.who, self.when, self.now_stands = thing, "agree", who, when, "已签发"


def late(request):
    who = get_user_model().objects.get(username=request.GET.get("who", "lu"))
    raise Late(request.user.department, who, request.user.date_joined)


def closed(request):
    raise PermissionDenied


def broken(request):
    raise ZeroDivisionError


urlpatterns = [path("late/", late), path("closed/", closed), path("broken/", broken), *house]
this = pytest.mark.urls("tests.web.test_pages")


@pytest.fixture
def inside(client, person, room):
    client.force_login(person)
    return client


@pytest.mark.parametrize("address", ["/", "/notices/", "/search?q=x", "/profile/", "/badges/", "/items/1/", "/admin/"])
@pytest.mark.django_db
def test_who_is_not_logged_in_is_sent_to_the_door(client, address):
    response = client.get(address)
    assert (response.status_code, response.url.partition("?")[0]) in [(302, "/login/"), (302, "/admin/login/")]


@pytest.mark.django_db
def test_health_needs_no_login(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


def test_logging_in_leads_to_the_workbench(client, person, room):
    response = client.post("/login/", {"username": "wen", "password": "a-long-password"})
    assertRedirects(response, "/", fetch_redirect_response=False)


def test_a_wrong_password_is_said_in_chinese_and_the_name_stays(client, person):
    response = client.post("/login/", {"username": "wen", "password": "wrong"})
    assertContains(response, "用户名或密码不对")
    assertContains(response, 'value="wen"')


def test_five_wrong_passwords_lock_the_door_with_a_page(client, person):
    for _ in range(5):
        response = client.post("/login/", {"username": "wen", "password": "wrong"})
    assertContains(response, "已暂时锁定", status_code=429)
    assertContains(response, "30 分钟后再试", status_code=429)
    assertContains(client.post("/login/", {"username": "wen", "password": "a-long-password"}), "锁定", status_code=429)


def test_leaving_leads_to_the_door(inside):
    assertRedirects(inside.post("/logout/"), "/login/")


def test_a_new_password_is_kept_and_said(inside, person):
    new = "another-long-one-7"
    given = {"old_password": "a-long-password", "new_password1": new, "new_password2": new}
    assertContains(inside.post("/profile/password/", given, follow=True), "密码已修改。")
    person.refresh_from_db()
    assert person.check_password(new)


def test_large_text_is_remembered_and_marks_every_page(inside, person):
    inside.post("/profile/", {"large_text": "on", "phone": "", "language": "zh-hans"})
    assertContains(inside.get("/"), 'data-size="large"')


def test_a_bad_telephone_number_stays_in_its_field(inside):
    response = inside.post("/profile/", {"phone": "abc", "language": "zh-hans"})
    assertContains(response, 'value="abc"')
    assertContains(response, "没有提交成功")


def test_pages_of_somebody_inside_are_not_stored(inside):
    assert "no-store" in inside.get("/")["Cache-Control"]


@pytest.mark.parametrize("address", ["/", "/notices/", "/search?q=x", "/profile/", "/nowhere/"])
def test_a_browser_is_told_to_run_nothing_of_others(inside, address):
    assert "script-src 'self'" in inside.get(address)["Content-Security-Policy"]


def test_the_language_is_the_offices_whatever_the_browser_says(client, db):
    response = client.get("/login/", headers={"accept-language": "en-US"})
    assertContains(response, '<html lang="zh-hans"')


def test_an_invented_language_cookie_changes_nothing(client, db):
    client.cookies["django_language"] = "xx-evil"
    assertContains(client.get("/login/"), '<html lang="zh-hans"')


@this
def test_a_latecomer_is_told_who_was_first_and_how_it_stands(inside, department, stranger):
    response = inside.get("/late/")
    assertContains(response, "路人甲已经办理了“文电科”", status_code=409)
    assertContains(response, "已签发", status_code=409)
    assertContains(response, f'href="/departments/{department.pk}/"', status_code=409)


@this
def test_who_was_first_oneself_in_another_window_is_told_so(inside):
    assertContains(inside.get("/late/?who=wen"), "您已经办理过“文电科”", status_code=409)


@this
def test_a_latecomer_by_htmx_gets_the_fragment_alone(inside, stranger):
    response = inside.get("/late/", headers={"hx-request": "true"})
    assert (response.status_code, b"<html" in response.content) == (409, False)


@this
def test_what_is_closed_says_so(inside):
    assertContains(inside.get("/closed/"), "不能进行此项操作", status_code=403)


@this
def test_an_error_of_the_house_is_admitted_without_the_database(inside):
    inside.raise_request_exception = False
    assertContains(inside.get("/broken/"), "系统出错", status_code=500)


def test_a_page_that_is_not_there_says_so_inside_and_outside(inside, db):
    assertContains(inside.get("/nowhere/"), "没有这个页面", status_code=404)
    assertContains(Client().get("/nowhere/"), "没有这个页面", status_code=404)


def test_a_form_from_elsewhere_is_refused_with_a_page(person):
    outside = Client(enforce_csrf_checks=True)
    assertContains(outside.post("/login/", {"username": "wen"}), "页面已过期", status_code=403)


def test_the_reason_of_a_refusal_is_shown_to_nobody_outside(person):
    request = RequestFactory().get("/")
    assert b"secret" not in forbidden(request, PermissionDenied("secret")).content


def test_reading_a_notice_marks_it_and_leads_to_its_subject(inside, inform, now, department):
    notice = inform("关于防汛的通知", now)
    assertContains(inside.get("/notices/"), "《关于防汛的通知》已办理。")
    response = inside.get(f"/notices/{notice.pk}/")
    notice.refresh_from_db()
    assert (response.url, notice.read_at is None) == (f"/departments/{department.pk}/", False)


def test_a_strangers_notice_is_not_there(client, inform, now, stranger):
    notice = inform("关于防汛的通知", now)
    client.force_login(stranger)
    assert client.get(f"/notices/{notice.pk}/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_all_notices_are_marked_read_at_once(inside, inform, now):
    inform("甲", now)
    inform("乙", now)
    inside.post("/notices/read/")
    assertContains(inside.get("/badges/"), "未读 0 条")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_notices_asks_the_same_whatever_its_length(inside, inform, now, rows, django_assert_num_queries):
    for n in range(rows):
        inform(f"第{n}号", now)
    inside.get("/notices/")
    with django_assert_num_queries(12):
        inside.get("/notices/")


def test_the_bell_is_answered_unchanged_until_there_is_news(inside, inform, now):
    etag = inside.get("/badges/")["ETag"]
    assert inside.get("/badges/", headers={"if-none-match": etag}).status_code == 304
    inform("关于防汛的通知", now)
    response = inside.get("/badges/", headers={"if-none-match": etag})
    assertContains(response, "未读 1 条")


def test_asking_for_the_bell_does_not_prolong_a_session(inside):
    assert "sessionid" not in inside.get("/badges/").cookies
    assert "sessionid" in inside.get("/notices/").cookies


def test_search_shows_what_the_rooms_found(inside):
    assertContains(inside.get("/search", {"q": "防汛"}), "关于防汛的通知")


@pytest.mark.parametrize("words", ["", "   "])
def test_searching_for_nothing_invites_to_type(inside, words):
    assertContains(inside.get("/search", {"q": words}), "想找什么？")


def test_search_words_are_shown_as_words(inside, room):
    assert not re.search(r"<script>alert", inside.get("/search", {"q": "<script>alert(1)</script>"}).content.decode())
