"""The first three administrators: made once, each a part and none the whole."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from officehub.people.models import Person


def begin(*names: str) -> str:
    out = StringIO()
    call_command("administrators", *names, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_each_of_the_three_gets_into_the_admin_with_the_printed_password(client):
    printed = begin("xitong", "anquan", "shenji")
    for line, name in zip(printed.splitlines(), ("xitong", "anquan", "shenji"), strict=True):
        password = line.split("初始密码 ")[1].split("（")[0]
        assert Person.objects.get(username=name).check_password(password)
        client.force_login(Person.objects.get(username=name))
        assert client.get("/admin/").status_code == 200
    assert not Person.objects.filter(is_superuser=True).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("names", "says"),
    [(("one", "one", "two"), "三个不同的账号"), (("a1", "b1", "c1"), "已有管理员")],
)
def test_nothing_is_made_when_it_must_not_be(names, says):
    if says == "已有管理员":
        begin("xitong", "anquan", "shenji")
    before = Person.objects.count()
    with pytest.raises(CommandError, match=says):
        begin(*names)
    assert Person.objects.count() == before
