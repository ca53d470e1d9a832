import random
from itertools import pairwise

import pytest

from documents.paper import grid
from documents.paper.compose import NO_END, NO_START, PARAGRAPH, Measure, compose, width_of

ALPHABET = "的一是在不了有和人这中大为上个国我以要他，。、；：“”（）《》！？2026年11.5%ABCwww"


def texts(text, measure=PARAGRAPH):
    return [line.text for line in compose([("f", text)], measure)]


def test_a_line_holds_twenty_eight_characters_and_the_first_is_indented_by_two():
    assert [len(line) for line in texts("水" * 60)] == [26, 28, 6]


def test_full_lines_are_as_wide_as_the_type_area():
    for line in compose([("f", "渠道、塘坝、2026年、“冬修”，" * 20)])[1:-1]:
        width = width_of(line.runs, grid.BODY, line.spacing)
        assert width == pytest.approx(grid.AREA_WIDTH, abs=0.02)


def test_one_closing_mark_is_pushed_in():
    assert texts("水" * 26 + "，" + "水" * 5) == ["水" * 26 + "，", "水" * 5]


def test_two_closing_marks_take_a_character_with_them():
    assert texts("水" * 26 + "”，" + "水" * 5) == ["水" * 25, "水”，" + "水" * 5]


def test_an_opening_mark_goes_to_the_next_line():
    assert texts("水" * 25 + "（水利）") == ["水" * 25, "（水利）"]


def test_numbers_and_words_and_dashes_stay_whole():
    lines = texts("水" * 25 + "2026年" + "水" * 20 + "——结束")
    assert lines[0] == "水" * 25
    assert lines[1].startswith("2026年")


def test_a_web_address_longer_than_the_rest_of_the_line_is_split():
    lines = texts("详见http://www.qinglan.gov.cn/zwgk/zfwj/2026/11/23/content_123456789.html。")
    assert "".join(lines).startswith("详见http://www.qinglan.gov.cn")
    assert len(lines) == 2


@pytest.mark.parametrize("seed", range(30))
def test_whatever_the_text_no_line_begins_or_ends_with_the_wrong_mark(seed):
    chance = random.Random(seed)  # noqa: S311 - test data
    text = "".join(chance.choice("水利渠道塘坝建设，。、（）“”《》2") for _ in range(300))
    text = text.replace("（（", "（水").replace("，。", "，水")
    lines = compose([("f", text)])
    assert "".join(line.text for line in lines) == text
    for before, after in pairwise(lines):
        run_of_marks = before.text[-1] in NO_END and before.text[-2:-1] in NO_END | NO_START
        assert after.text[0] not in NO_START or run_of_marks or after.text[1] in NO_START
        assert width_of(before.runs, grid.BODY, before.spacing) < grid.AREA_WIDTH + 0.1


def test_a_character_the_face_lacks_is_set_from_the_fallback():
    (line,) = compose([("f", "张堃")])
    assert line.runs == (("f", "张"), ("b", "堃"))


def test_figures_in_the_text_have_a_face_of_their_own():
    (line,) = compose([("f", "共3件")])
    assert line.runs == (("f", "共"), ("n", "3"), ("f", "件"))


def test_wrapped_lines_hang_where_the_measure_says():
    lines = compose([("f", "水" * 60)], Measure(first=0, rest=5 * grid.CHAR))
    assert [round(line.indent / grid.CHAR) for line in lines] == [0, 5, 5]


def test_twenty_thousand_characters_are_composed():
    assert "".join(texts("水利，" * 6_600)) == "水利，" * 6_600
