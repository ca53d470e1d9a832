"""不予公开的法定情形 (政府信息公开条例 第十四条至第十六条): the closed list, and how it stands in a paper's reason.

The reason of a paper is one line of the interchange format: the ground's words, a colon, and the drafter's own.
"""

GROUNDS = (
    ("state_secret", "国家秘密（第十四条）"),
    ("law_forbids", "法律、行政法规禁止公开（第十四条）"),
    ("security", "公开后可能危及国家安全、公共安全、经济安全、社会稳定（第十四条）"),
    ("third_party", "涉及商业秘密、个人隐私等，公开会对第三方合法权益造成损害（第十五条）"),
    ("internal", "内部事务信息（第十六条第一款）"),
    ("process", "过程性信息（第十六条第二款）"),
    ("enforcement", "行政执法案卷信息（第十六条第二款）"),
)
WORDS = dict(GROUNDS)
SAID = {  # by what words a reason typed elsewhere names its ground
    "third_party": ("商业秘密", "个人隐私", "第三方合法权益"),
    "internal": ("内部事务",),
    "process": ("过程性信息", "过程信息"),
    "enforcement": ("执法案卷",),
    "security": ("公共安全", "国家安全", "社会稳定"),
    "law_forbids": ("禁止公开",),
    "state_secret": ("国家秘密",),
}


def joined(ground: str, words: str) -> str:
    """The reason as the paper bears it."""
    words = words.strip()
    return "：".join(part for part in (WORDS.get(ground, ""), words) if part)


def parted(reason: str) -> tuple[str, str]:
    """The ground and the drafter's words of a reason; a ground that is only named in the words leaves them whole."""
    for ground, words in GROUNDS:
        if reason.startswith(words):
            return ground, reason.removeprefix(words).lstrip("：:")
    return next((ground for ground, said in SAID.items() if any(one in reason for one in said)), ""), reason
