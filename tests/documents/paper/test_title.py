import pytest

from documents.paper.title import LONGEST, title_lines, width


def test_a_short_title_stays_on_one_line():
    assert title_lines("关于开展冬修工作的通知") == ["关于开展冬修工作的通知"]


@pytest.mark.parametrize(
    "lines",
    [
        ["青岚市人民政府办公室", "关于做好冬春水利建设工作的通知"],
        ["青岚市水利局", "关于2026年防汛工作情况的报告"],
        ["青岚市人民政府", "关于2026年度科学技术奖励的决定"],
        ["青岚市卫生健康委员会关于加强", "二级公立医院绩效考核工作的意见"],
        ["青岚市司法局关于全面推行", "行政执法公示制度的实施意见"],
    ],
)
def test_a_title_breaks_where_its_meaning_does(lines):
    assert title_lines("".join(lines)) == lines


@pytest.mark.parametrize("count", range(20, 200, 9))
def test_no_line_of_a_title_is_wider_than_the_area_and_nothing_is_lost(count):
    title = ("青岚市人民政府关于印发进一步加强农村饮水安全工程建设管理实施办法和冬春农田水利建设行动方案若干措施" * 5)[
        :count
    ]
    lines = title_lines(title)
    assert "".join(lines) == title
    assert max(map(width, lines)) <= LONGEST + 1


def test_three_lines_are_never_narrow_in_the_middle():
    lines = title_lines("青岚市人民政府办公室关于转发市水利局等部门青岚市冬春农田水利基本建设三年行动实施方案的通知")
    first, middle, last = map(width, lines)
    assert not (middle < first and middle < last)


def test_a_title_of_one_repeated_character_is_still_set():
    assert "".join(title_lines("的" * 50)) == "的" * 50
