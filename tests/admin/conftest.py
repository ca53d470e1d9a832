"""The three administrators, each logged in."""

import pytest
from django.test import Client


@pytest.fixture
def as_(cast):
    """A browser in which a member of the cast is logged in."""

    def logged_in(name: str) -> Client:
        client = Client()
        client.force_login(cast.people[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return logged_in
