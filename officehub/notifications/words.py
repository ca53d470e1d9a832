"""The sentences of notices: each room registers its own by verb, whole sentences with named gaps."""

from django.conf import settings

from officehub.notifications.models import Notice

_sentences: dict[str, str] = {}


def register(sentences: dict[str, str]) -> None:
    """Called by `web` with what the hubs tell of themselves."""
    _sentences.update(sentences)


def sentence(notice: Notice) -> str:
    """The notice in the reader's language."""
    return str(_sentences[notice.verb]) % notice.params


def subject_line(notice: Notice) -> str:
    return " ".join(f"【OfficeHub】{sentence(notice)}".split())[:200]  # a header is one line, whatever a title holds


def text(notice: Notice) -> str:
    """The body of the e-mail. The paper itself never leaves the system by mail, only the news of it."""
    return f"{notice.recipient.name}：\n\n{sentence(notice)}\n\n请登录办理：{settings.SITE_URL}\n"
