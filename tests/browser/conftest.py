"""Headless Chromium for the walks: nothing leaves this machine, and a script error on a page fails the test."""

import pytest

from tests.cast import PASSWORD

DESKTOP = {"width": 1360, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def enter(browser, live_server):
    """Open a window and log somebody in: `enter("drafter", phone=True)` gives the page they see."""
    contexts, faults = [], []

    def walk_in(username: str, *, phone: bool = False):
        context = browser.new_context(
            viewport=PHONE if phone else DESKTOP,
            is_mobile=phone,
            has_touch=phone,
            locale="zh-CN",
            base_url=live_server.url,
        )
        contexts.append(context)
        context.route("**/*", lambda route: _inside(route, live_server.url))
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
        page.goto("/login/")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url("**/")
        return page

    yield walk_in
    for context in contexts:
        context.close()
    assert faults == []


def _inside(route, address: str) -> None:
    if route.request.url.startswith((address, "data:")):
        route.continue_()
    else:
        route.abort()
