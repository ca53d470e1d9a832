import pytest

from documents.interchange import parse
from documents.paper import layout
from documents.paper.measure import measure
from documents.paper.render import assets, draw, render
from documents.paper.seen import read
from tests.documents.paper.samples import raw


@pytest.fixture(scope="session")
def measured():
    """Renders and measures a paper of given changes, once each; gives the checks by id."""
    seen = {}

    def checks(**changes):
        key = repr(changes)
        if key not in seen:
            paper = parse(raw(**changes))
            seen[key] = measure(render(paper), paper.layout)
        return seen[key]

    return checks


@pytest.fixture
def broken():
    """Measures a sample, or one of given changes, whose print was spoilt by a style rule."""

    def checks(css, **changes):
        paper = parse(raw(**changes))
        sides = [layout.html(paper), layout.back_html(paper)]
        html, back = (side.replace("</head>", f"<style>{css}</style></head>") for side in sides)
        return {check.id: check for check in measure(draw(html, assets(paper, {}), back)).checks}

    return checks


@pytest.fixture
def rows_of_first_and_last():
    """The rows of the first and of the last page of a paper of given changes, as text."""

    def rows(**changes):
        pages = read(render(parse(raw(**changes))))
        return tuple([row.text for row in pages[at].rows] for at in (0, -1))

    return rows
