import os
import signal

import pytest

from documents.paper.process import RenderFailed, desk, render_safely
from documents.paper.render import render
from tests.documents.paper.samples import paper


@pytest.fixture(autouse=True)
def fresh_desk():
    """No test inherits another's child, and none leaves one behind."""
    desk.close()
    yield
    desk.close()


def test_the_child_draws_the_same_bytes_and_stays_warm():
    first = render_safely(paper())
    child = desk.child
    assert first == render(paper()) == render_safely(paper())
    assert desk.child is child


def test_a_killed_child_fails_one_paper_and_the_next_is_drawn():
    render_safely(paper())
    os.kill(desk.child.process.pid, signal.SIGKILL)
    with pytest.raises(RenderFailed, match="意外中止"):
        render_safely(paper())
    assert render_safely(paper())[:5] == b"%PDF-"


def test_a_paper_that_takes_too_long_is_stopped():
    with pytest.raises(RenderFailed, match=r"超过0\.01秒"):
        render_safely(paper(), seconds=0.01)
    assert render_safely(paper())[:5] == b"%PDF-"


def test_what_is_wrong_with_a_paper_is_said_and_the_child_lives_on():
    render_safely(paper())
    child = desk.child
    with pytest.raises(RenderFailed, match=r"缺少图片“map\.png”"):
        render_safely(paper(body="![图](map.png)"))
    assert render_safely(paper())[:5] == b"%PDF-"
    assert desk.child is child


def test_the_child_ends_when_its_starter_closes_the_pipe():
    render_safely(paper())
    process = desk.child.process
    process.stdin.close()
    assert process.wait(timeout=20) == 0
