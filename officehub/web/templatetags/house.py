"""The few tags the pages share: icons, office dates, due labels and capped counts."""

from datetime import date, datetime, timedelta

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.dateformat import format as dated
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from lucide.templatetags.lucide import lucide

from officehub.approvals.phrases import RETURNING
from officehub.notifications import words
from officehub.web import hubs

register = template.Library()
WEEKDAYS = "一二三四五六日"
COUNT_CAP = 99


@register.simple_tag
def icon(name: str, size: int = 18) -> str:
    """A drawing beside a word; the word carries the meaning, so readers skip the drawing."""
    return lucide(name, size=size, stroke_width="1.75", aria_hidden="true", focusable="false", **{"class": "icon"})


@register.simple_tag
def cn_day(day: date) -> str:
    if in_english():
        return dated(day, "l, j F Y")
    return f"{day.year}年{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}"


def in_english() -> bool:
    return get_language() == "en"


def _local(value: date) -> date:
    return timezone.localtime(value) if isinstance(value, datetime) else value


@register.filter
def office_day(value: date | None) -> str:
    """2026年11月3日, on the office's calendar."""
    return dated(_local(value), "j M Y" if in_english() else "Y年n月j日") if value else ""


@register.filter
def short_day(value: date | None) -> str:
    """11月3日, on the office's calendar."""
    return dated(_local(value), "j M" if in_english() else "n月j日") if value else ""


@register.filter
def said(words_of_model: str) -> str:
    """The label of a choice in the reader's language; models keep theirs in Chinese."""
    return gettext(words_of_model) if words_of_model else ""


@register.simple_tag
def returning_phrases() -> tuple[str, ...]:
    return RETURNING


@register.simple_tag
def capped(count: int) -> str:
    return f"{COUNT_CAP}+" if count > COUNT_CAP else str(count)


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """When something happened, short: the hour today, the day this year, the whole date before; in print all of it,
    because paper does not know what today is (`data-full`)."""
    if value is None:
        return ""
    local, now = timezone.localtime(value), timezone.localtime()
    if local.date() == now.date():
        when = gettext("今天 %(hour)s") % {"hour": f"{local:%H:%M}"}
    else:
        day = short_day(local) if local.year == now.year else office_day(local)
        when = f"{day} {local:%H:%M}"
    full = f"{office_day(local)} {local:%H:%M}"
    return format_html('<time datetime="{}" data-full="{}">{}</time>', local.isoformat(timespec="minutes"), full, when)


@register.filter
def verb_label(verb: str) -> str:
    return hubs.verb_label(verb)


MESSAGE_ICONS = {"success": "circle-check", "warning": "triangle-alert", "error": "circle-alert"}
FINDING_ICONS = {"block": "circle-x", "warn": "triangle-alert", "info": "info"}


@register.simple_tag
def message_icon(level: str) -> str:
    return icon(MESSAGE_ICONS.get(level, "info"))


@register.simple_tag
def finding_icon(severity: str) -> str:
    return icon(FINDING_ICONS[severity])


@register.simple_tag
def unclassified_note() -> str:
    """What is said before an upload; nothing where the system is accredited. Fields are drawn without a request."""
    return "" if settings.CLASSIFIED_ENABLED else gettext("本系统为非涉密系统，严禁上传国家秘密")


@register.filter
def is_check(field) -> bool:
    """A single box to tick stands before its words, not under them."""
    return getattr(field.field.widget, "input_type", "") == "checkbox" and not field.use_fieldset


@register.filter
def notice_sentence(notice) -> str:
    return words.sentence(notice)


@register.filter
def minutes(span: timedelta) -> int:
    return max(1, round(span.total_seconds() / 60))


@register.simple_tag(takes_context=True)
def panel(context, name: str, filled: dict) -> SafeString:
    """A card that another room hung here, with its own variables and the house's."""
    with context.push(**filled):
        return context.template.engine.get_template(name).render(context)


@register.simple_tag(takes_context=True)
def panels_beside(context, thing) -> list[tuple[str, dict]]:
    """The cards that later rooms hang on the page of a thing, each to be drawn by `panel`."""
    return hubs.panels_beside(thing, context["request"].user, context["house"]["now"])
