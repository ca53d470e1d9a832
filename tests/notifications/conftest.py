"""What tests of messages share: a sentence to tell, and a robot that answers."""

import pytest

from officehub.notifications import words
from officehub.notifications.models import Robot
from tests.notifications.fake_robot import fake_robot

TOKEN, SECRET = "token-of-the-group-0001", "SECofthegroup0002"


@pytest.fixture(autouse=True)
def _sentence(monkeypatch):
    monkeypatch.setitem(words._sentences, "tried", "《%(title)s》请您过目。")


@pytest.fixture
def server(settings):
    with fake_robot() as started:
        settings.ROBOT_HOSTS, settings.ROBOT_PLAIN_HTTP = [started.place], True
        yield started


@pytest.fixture
def robot(cast, server):
    """Makes a robot in service; of the whole office unless told otherwise."""

    def make(channel, *, secret="", **changes) -> Robot:
        made = Robot(
            **{"name": f"{channel}群", "channel": channel, "organ": cast.office, "base": server.address, **changes}
        )
        made.token, made.secret = TOKEN, secret
        made.save()
        return made

    return make
