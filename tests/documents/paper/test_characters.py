"""Rare characters: printed from the fallback, or named before the paper goes on; never printed with a hole."""

import io

import pdfplumber
import pytest

from documents.interchange import parse
from documents.paper.process import RenderFailed, render_safely
from documents.paper.render import render
from documents.paper.seen import read
from tests.documents.paper.samples import paper, raw

RARE = "堃喆珺玥昇镕犇骉翀㛃䶮𠮷𬭊𬱖𬭎𰻞"  # GBK, GB 18030, and CJK extensions A to G
UNKNOWN = "\U00031350"  # extension H: no font of this machine has it


@pytest.mark.parametrize("name", [RARE[at : at + 4] for at in range(0, len(RARE), 4)])
def test_rare_characters_of_a_name_come_out_as_themselves_everywhere(name):
    changes = {"title": f"关于任命{name}同志的通知", "body": f"一、任命{name}\n（一）任命{name}。任命{name}为工程师。"}
    shown = read(render(parse(raw(**changes, kind="请示", signers=[name]))))[0].rows
    assert "".join(row.text for row in shown).count(name) == 5


def test_a_character_that_no_font_has_is_named_and_nothing_is_printed():
    with pytest.raises(ValueError, match=r"U\+31350"):
        render(paper(body=f"任命张{UNKNOWN}为工程师。"))
    with pytest.raises(RenderFailed, match=r"印不出这些字.*U\+31350"):
        render_safely(paper(title=f"关于任命张{UNKNOWN}的通知"))


def test_in_a_draft_its_place_is_shown_and_the_rest_of_the_line_is_whole():
    pdf = render(paper(body=f"任命张{UNKNOWN}明为工程师。"), draft="草稿")
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        assert "任命张〓明为工程师。" in document.pages[0].extract_text()


def test_rare_characters_of_a_title_are_bold_like_the_others():
    rows = read(render(paper(title="关于任命张堃同志的通知")))[0].rows
    (title,) = [row for row in rows if "张堃" in row.text]
    assert "Bold" in next(glyph.font for glyph in title.glyphs if glyph.text == "堃")
