"""Which formats, endings and marks each kind of paper may have (条例 第八条、第九条; GB/T 9704 7.3.5, 10). Pure."""

from documents.elements import KINDS
from documents.reading import DIRECTION_OF, LAYOUT_OF, UNSIGNED_KINDS

LETTERS = ("函", "通知", "通报", "批复", "意见")  # to peers and downward they are also sent as letters (10.1)
NAMED = ("命令", "纪要")  # their masthead ends in their kind (10.2, 10.3)
STAMPED = ("命令", "议案")  # signed by a person (7.3.5.3)
ATTENDED = ("纪要",)  # 10.3
ALONE = ("决议", "命令", "公报", "议案", "纪要")  # of one organ or one meeting
JOINT = tuple(kind for kind in KINDS if kind not in ALONE)  # 条例 第十七条
UNADDRESSED = ("决议", "命令", "公报", "公告", "通告", "纪要")  # to everybody, or sent round: no 主送机关
UNPRINTED = ("决议", "命令", "公报")  # published, not printed and sent round: no 印发机关 unless it is typed

SEALED, UNSEALED, UNSIGNED, STAMP = "sealed", "unsealed", "unsigned", "stamp"
ENDINGS = {
    "命令": (STAMP,),
    "议案": (STAMP, SEALED),
    "决定": (SEALED, UNSEALED, UNSIGNED),  # adopted by a meeting it bears 题注 instead (条例 第九条(十二))
    **dict.fromkeys(UNSIGNED_KINDS, (UNSIGNED,)),
}


def endings(kind: str) -> tuple[str, ...]:
    """How a paper of this kind may end, the usual way first (条例 第九条(十一)、(十三))."""
    return ENDINGS.get(kind, (SEALED, UNSEALED))


def usual_layout(kind: str) -> str:
    return LAYOUT_OF.get(kind, "general")


def goes_up(kind: str, direction: str) -> bool:
    """Whether the paper is upward, as typed or by its kind."""
    return (direction or DIRECTION_OF.get(kind, "")) == "upward"


def kinds_with(ending: str) -> list[str]:
    return [kind for kind in KINDS if ending in endings(kind)]


UPWARD = [kind for kind in KINDS if goes_up(kind, "")]
