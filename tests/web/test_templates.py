"""House rules every template keeps: nothing inline, parameters in the first line, nothing from outside."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))
INLINE = re.compile(
    r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:|hx-on[:=]|hx-vals=.js:", re.IGNORECASE
)
OUTSIDE = re.compile(r"(?:src|href|action|url\()\s*=?\s*[\"'(]?\s*(?:https?:)?//", re.IGNORECASE)
# Below Chromium 108, which is what the offices' browsers are built on.
TOO_NEW = re.compile(r"color-mix\(|oklch\(|@starting-style|\[popover|light-dark\(|@scope|^\s+&", re.MULTILINE)


def named(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_no_template_has_script_or_style_of_its_own(path):
    text = re.sub(r"\{#.*?#\}", "", path.read_text())
    assert (INLINE.findall(text), OUTSIDE.findall(text)) == ([], [])


@pytest.mark.parametrize("path", COMPONENTS, ids=named)
def test_a_component_names_its_parameters_in_its_first_line(path):
    assert re.match(r"\{# .+\. .*#\}", path.read_text().splitlines()[0])


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_page_stays_short(path):
    assert len(path.read_text().splitlines()) <= 120


@pytest.mark.parametrize("path", sorted((ROOT / "static" / "officehub").rglob("*.css")), ids=named)
def test_style_sheets_stay_within_what_offices_browsers_know(path):
    text = path.read_text()
    assert (TOO_NEW.findall(text), OUTSIDE.findall(text), "@import" in text) == ([], [], False)


def test_scripts_evaluate_nothing():
    text = (ROOT / "static" / "officehub" / "js" / "office.js").read_text()
    assert re.findall(r"\beval\(|new Function|innerHTML|document\.write", text) == []


def test_the_guard_sees_what_is_inline():
    for bad in ["<style>", '<p style="x">', "<script>x", '<a onclick="x">', '<a href="javascript:x">']:
        assert INLINE.search(bad)
    assert not INLINE.search('<script src="/static/x.js" defer></script>')
