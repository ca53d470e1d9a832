"""The administrators' pages: one way in, and only what they are for."""

import pytest
from django.contrib import admin
from django.test import RequestFactory
from pytest_django.asserts import assertContains, assertRedirects

from officehub.people.models import Person
from officehub.web.admin_site import HIDDEN, OfficeAdminSite


@pytest.fixture
def administrator(department):
    return Person.objects.create_superuser("root", password="a-long-password", name="管理员")


def test_who_is_outside_comes_in_by_the_houses_door(client, db):
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0] == "/login/?next=/admin/"


def test_who_is_inside_but_no_administrator_is_told_so(client, person, room):
    client.force_login(person)
    assertContains(client.get("/admin/", follow=True), "不能进行此项操作", status_code=403)


def test_an_administrator_finds_the_pages_in_chinese(client, administrator):
    client.force_login(administrator)
    assertContains(client.get("/admin/"), "政务办公 · 系统管理")


def test_what_only_the_machinery_needs_has_no_page_in_the_list(administrator):
    request = RequestFactory().get("/admin/")
    request.user = administrator
    listed = {model["model"]._meta.label for app in admin.site.get_app_list(request) for model in app["models"]}
    assert (listed & HIDDEN, type(admin.site._wrapped if hasattr(admin.site, "_wrapped") else admin.site)) == (
        set(),
        OfficeAdminSite,
    )


@pytest.mark.parametrize("address", ["/admin/login/", "/admin/login/?next=https://evil.example/"])
def test_the_administrators_door_sends_nobody_elsewhere(client, administrator, address):
    assertRedirects(
        client.post("/login/?" + address.partition("?")[2], {"username": "root", "password": "a-long-password"}),
        "/",
        fetch_redirect_response=False,
    )
