"""The columns of the workbook: their heads, widths, what may stand in them, and what the form says of them."""

from dataclasses import dataclass

from officehub.workdays.arithmetic import Unit
from tasks.models import Task
from tasks.models.task import URGENCIES

LONGEST_DETAILS = 2_000  # characters
MOST_NAMES = 30  # in one cell


@dataclass(frozen=True)
class Column:
    """`key` is the field; `longest` characters; `choices` a closed list, each as it is written."""

    key: str
    head: str
    width: int
    example: str
    help: str
    longest: int = 200
    required: bool = False
    choices: tuple[str, ...] = ()


IMPORTANCE = {label: value for value, label in Task.Importance.choices}
UNITS = {label: value for value, label in Unit.choices}
COLUMNS = (
    Column("title", "任务名称", 40, "报送冬季供暖保障情况", "必填，至多 200 字", required=True),
    Column("details", "具体要求", 50, "分区县列明储备、价格、值守情况", "至多 2000 字", longest=LONGEST_DETAILS),
    Column("source_text", "任务来源", 30, "市政府第 12 次常务会议", "会议、批示或者文号，至多 200 字"),
    Column("lead_unit", "牵头单位", 20, "", "与承办人至少填一项；名称与“单位和人员”表一致"),
    Column("lead_person", "承办人", 14, "", "不填的，由牵头单位负责人分办"),
    Column("responsible", "责任人", 14, "", "一般为牵头单位负责人"),
    Column("assisting", "协办单位", 30, "", "多个单位用顿号隔开", longest=600),
    Column("helpers", "协办人", 24, "", "多人用顿号隔开", longest=600),
    Column("due_on", "办结日期", 14, "", "如 2026-11-30；与时限只填一种"),
    Column("limit_value", "时限", 8, "10", "数字，自交办之日起算"),
    Column("limit_unit", "时限单位", 10, "工作日", "、".join(UNITS), choices=tuple(UNITS)),
    Column("importance", "重要程度", 10, "一般", "不填为一般", choices=tuple(IMPORTANCE)),
    Column("urgency", "紧急程度", 10, "", "一般的不填", choices=URGENCIES),
    Column("evidence_asked", "须提交的佐证材料", 30, "加盖公章的情况报告", "至多 300 字", longest=300),
)
BY_KEY = {column.key: column for column in COLUMNS}
HEADS = tuple(column.head for column in COLUMNS)
EXAMPLE_MARK = "（示例，导入时不计）"  # begins the title of the example row, which is never taken
NAMES_SHEET = "单位和人员"
