"""State secrets stay out of a system that is not accredited for them: what a secret mark is, and the refusal of it.

保守国家秘密法 第三十一条(三): 不得在非涉密信息系统中存储、处理国家秘密. What is refused is kept nowhere, and no message
repeats it.
"""

import re
import unicodedata

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# 密级★保密期限 (GB/T 9704 7.2.2); letters may be spread out, and another star stand for the one of the standard.
LEVEL = r"(?:绝\s{0,8}密|机\s{0,8}密|秘\s{0,8}密)"
MARK = re.compile(rf"{LEVEL}\s{{0,8}}[★☆⭐]")
ALONE = re.compile(rf"^\s*{LEVEL}\s*$", re.M)  # a line of its own, as old forms have it
UNSEEN = ("Cf", "Mn", "Me")  # categories of characters that show nothing, or only on another
LONGEST = 64  # characters a mark may span, blanks included: what a reader in pieces must look back
REFUSAL = _("含有国家秘密标志。本系统为非涉密系统，严禁处理、传输国家秘密；未予保存，请立即按保密规定办理。")


def has_mark(text: str) -> bool:
    """Whether a text bears a secret mark with its star, marks that nobody sees left aside."""
    return any(star in text for star in "★☆⭐") and bool(MARK.search(seen(text)))


def is_marked(text: str) -> bool:
    """Whether a text bears a secret mark, or a level on a line of its own."""
    return has_mark(text) or ("密" in text and bool(ALONE.search(seen(text))))


def seen(text: str) -> str:
    """A text without the characters nobody sees."""
    return "".join(char for char in text if unicodedata.category(char) not in UNSEEN)


def is_refused(text: str) -> bool:
    """Whether something typed may not be here (R41); nothing is refused where the system is accredited."""
    return not settings.CLASSIFIED_ENABLED and is_marked(text)


def unclassified(value) -> None:
    """A validator: refuses a text that bears a secret mark."""
    if isinstance(value, str) and is_refused(value):
        raise ValidationError(REFUSAL, code="secret")


def says_it_itself(view):
    """For a view whose form refuses secret marks beside the field: it need not be stopped at the door."""
    view.says_secrets_itself = True
    return view
