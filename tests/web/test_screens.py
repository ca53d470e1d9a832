"""The screens in a real browser: accessible, whole on a phone, and quick to the keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.web.gallery")]
SIZES = {"desktop": {"width": 1360, "height": 900}, "phone": {"width": 390, "height": 844}}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
ADDRESSES = ["/", "/?tab=done", "/notices/", "/search?q=x", "/profile/", "/delegations/", "/phrases/"]
ADDRESSES += ["/gallery/approve/", "/gallery/parts/"]


@pytest.fixture
def open_house(browser, live_server, client, person, entrust, inform, now):
    """A page of somebody logged in; anything asked of another host fails, and so does any script error."""
    client.force_login(person)
    entrust("关于做好防汛工作的通知", now)
    inform("关于做好防汛工作的通知", now)
    contexts, faults = [], []

    def open_at(size, scheme="light", script=True):
        context = browser.new_context(viewport=SIZES[size], color_scheme=scheme, java_script_enabled=script)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        context.route(
            lambda url: not url.startswith((live_server.url, "data:")), lambda route: faults.append(route.request.url)
        )
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        contexts.append(context)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert faults == []


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "light"), ("desktop", "dark")])
def test_every_screen_passes_axe_and_fits_its_width(open_house, live_server, size, scheme):
    page, found = open_house(size, scheme), {}
    for address in ADDRESSES:
        page.goto(live_server.url + address)
        results = Axe().run(page, options=RULES).response["violations"]
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found[address] = ([(one["id"], one["nodes"][0]["html"][:120]) for one in results], max(wide, 0))
    assert found == {address: ([], 0) for address in ADDRESSES}


def test_what_one_presses_on_a_phone_is_big_enough(open_house, live_server):
    page = open_house("phone")
    page.goto(live_server.url + "/gallery/approve/")
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, .button, .phone-bar a, .tabs a')]
            .filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.textContent.trim())"""
    )
    assert small == []


def test_on_a_phone_the_decision_is_one_press_away(open_house, live_server):
    page = open_house("phone")
    page.goto(live_server.url + "/gallery/approve/")
    page.get_by_role("link", name="去签发").click()
    page.wait_for_function("document.querySelector('.jump-bar').classList.contains('is-there')")
    assert page.locator("#opinion").evaluate("e => e.getBoundingClientRect().top < window.innerHeight")


def test_a_slash_goes_to_the_search_box_but_not_while_writing(open_house, live_server):
    page = open_house("desktop")
    page.goto(live_server.url + "/gallery/approve/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.locator("#opinion").focus()
    page.keyboard.type("a/b")
    assert page.locator("#opinion").input_value() == "a/b"


def test_a_phrase_fills_an_empty_box_and_joins_what_is_written(open_house, live_server):
    page = open_house("desktop")
    page.goto(live_server.url + "/gallery/approve/")
    page.get_by_role("button", name="同意", exact=True).click()
    page.keyboard.type("。")
    page.get_by_role("button", name="请按程序办理").click()
    assert page.locator("#opinion").input_value() == "同意。请按程序办理"


def test_a_dialog_opens_and_closes_by_keyboard_and_returns_the_focus(open_house, live_server):
    page = open_house("desktop")
    page.goto(live_server.url + "/gallery/approve/")
    page.locator("[data-opens=back]").focus()
    page.keyboard.press("Enter")
    assert page.locator("#back").get_attribute("open") is not None
    page.keyboard.press("Escape")
    assert (page.locator("#back").get_attribute("open"), page.evaluate("document.activeElement.dataset.opens")) == (
        None,
        "back",
    )


def test_a_form_is_sent_once_and_its_button_wakes_again(open_house, live_server):
    page, sent = open_house("desktop"), []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto(live_server.url + "/profile/")
    page.get_by_label("电话").fill("abc")
    page.get_by_role("button", name="保存").dblclick()
    page.get_by_text("没有提交成功").wait_for()
    assert sent == [live_server.url + "/profile/"]
    page.get_by_label("电话").fill("0571 8888")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("设置已保存。").wait_for()


def test_leaving_what_one_typed_is_asked_about_and_saving_it_is_not(open_house, live_server):
    page, asked = open_house("desktop"), []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(live_server.url + "/profile/")
    page.get_by_label("电话").press_sequentially("0571 8888")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("设置已保存。").wait_for()
    assert asked == []
    page.wait_for_load_state()
    page.get_by_label("电话").press_sequentially("1")
    page.get_by_role("link", name="修改密码").first.click()
    page.wait_for_url("**/password/")
    assert asked == ["beforeunload"]


def test_without_script_the_list_and_the_paper_are_still_read(open_house, live_server):
    page = open_house("desktop", script=False)
    page.goto(live_server.url + "/")
    assert page.get_by_role("link", name="关于做好防汛工作的通知").count() == 1
