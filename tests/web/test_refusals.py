"""A refusal is said in the language of who is refused: what a deed answers stands in the catalogue, whole."""

import ast
import re

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import translation

from documents.apart import Unreadable, ask
from officehub.approvals.decide import DecisionRefused
from officehub.files.check import check
from tests.web.test_languages import entries, plain

HAN = re.compile(r"[\u4e00-\u9fff]")
TRANSLATORS = ("gettext", "_")


def said_by(node: ast.AST):
    """The texts a refusal is made of; None for one put together on the spot, which no catalogue can hold."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) in TRANSLATORS:
        node = node.args[0]
    if isinstance(node, ast.JoinedStr):
        yield None if HAN.search(ast.unparse(node)) else ""
    elif isinstance(node, ast.Constant):
        yield node.value if isinstance(node.value, str) and HAN.search(node.value) else ""
    else:
        for part in ast.iter_child_nodes(node):
            yield from said_by(part)


def refusals():
    for path in sorted(path for room in ("documents", "tasks") for path in (settings.BASE_DIR / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("DecisionRefused"):
                yield from ((f"{path.name}:{node.lineno}", text) for arg in node.args for text in said_by(arg))


def test_every_refusal_of_a_deed_is_in_the_catalogue():
    known = {plain(source) for (_context, source), _said in entries()}
    assert [where for where, text in refusals() if text is None or (text and text not in known)] == []


@pytest.mark.parametrize(("language", "told"), [("en", "Choose who is to read it."), ("zh-hans", "请选择传阅范围。")])
def test_a_refusal_is_said_in_the_language_chosen(language, told):
    with translation.override(language):
        assert DecisionRefused(["请选择传阅范围。"]).sentences == [told]


def test_so_is_what_is_wrong_with_a_file(settings):
    with translation.override("en"):
        with pytest.raises(ValidationError) as refused:
            check(ContentFile(b"", "a.txt"))
        with pytest.raises(Unreadable, match="This is no"):
            ask("text", b"nothing")
    assert refused.value.messages == ["The attachment “a.txt” is empty."]
