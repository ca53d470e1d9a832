"""Changes inside one piece of text: whatever is compared, both texts come out of it again, and in bounded time."""

from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.versions.letters import GONE, KEPT, NEW, Piece, after, before, pieces

words = st.text(alphabet="甲乙丙丁。；12万A", max_size=60)


@given(words, words)
def test_both_texts_come_out_again(old, new):
    found = pieces(old, new)
    assert (before(found), after(found)) == (old, new)
    assert all(piece.text for piece in found)


@given(words, words)
def test_neighbours_are_never_of_one_sort(old, new):
    sorts = [piece.sort for piece in pieces(old, new)]
    assert all(left != right for left, right in pairwise(sorts))
    assert (NEW, GONE) not in pairwise(sorts)  # what went stands before what came


def test_figures_stay_whole():
    found = pieces("应于12月5日前完成", "应于12月15日前完成")
    assert found == (Piece(KEPT, "应于12月"), Piece(GONE, "5"), Piece(NEW, "15"), Piece(KEPT, "日前完成"))


def test_a_single_letter_between_two_changes_is_read_with_them():
    found = pieces("县级以上的人民政府", "市级以下的有关部门")
    assert [piece.sort for piece in found].count(KEPT) <= 2


def test_the_same_text_is_one_piece_and_no_text_none():
    assert (pieces("通知", "通知"), pieces("", "")) == ((Piece(KEPT, "通知"),), ())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("甲" * 20_000, "乙" * 20_000),
        ("甲乙" * 10_000, "乙甲" * 10_000),
        ("甲乙丙。" * 5_000, "甲乙丁。" * 5_000),
        ("甲" * 999, "甲乙" * 499),
    ],
)
def test_hostile_texts_take_no_time(old, new):
    began = perf_counter()
    found = pieces(old, new)
    assert (before(found), after(found)) == (old, new)
    assert perf_counter() - began < 5
