"""The names of the paragraph styles that our own .docx files use: by them a paper is found again in an edited file.

Office programs give styles ids of their own but keep their names.
"""

CORNER, MARK, NUMBER, TITLE, TO = "公文标识", "公文标志", "公文字号", "公文标题", "公文主送"
TEXT, CAPTION, FIGURE, CELL = "公文正文", "公文表题", "公文图片", "公文表格"
HEADINGS = {1: "公文一级标题", 2: "公文二级标题", 3: "公文三级标题", 4: "公文四级标题"}
ADOPTED, NOTED, UNIT, DAY, STAMP, REMARK = "公文题注", "公文附件说明", "公文署名", "公文日期", "公文签名", "公文附注"
PRESENT, ANNEX, ANNEX_TITLE, IMPRINT, LEFT_OUT = "公文名单", "公文附件", "公文附件标题", "公文版记", "公文草稿"
OURS = frozenset(
    (CORNER, MARK, NUMBER, TITLE, TO, TEXT, CAPTION, FIGURE, *HEADINGS.values(), ADOPTED, NOTED, UNIT, DAY, STAMP,
     REMARK, PRESENT, ANNEX, ANNEX_TITLE, IMPRINT, LEFT_OUT)
)  # fmt: skip
CONTENTS = "目录"  # the lines of a table of contents, of whatever program
UNNUMBERED = "（签发后编号）"
PROPERTY = "officehub."  # before the names of what a paper is besides its words
