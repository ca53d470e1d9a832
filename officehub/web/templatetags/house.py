"""The few tags the pages share: icons, office dates, due labels and capped counts."""

from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

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
    return f"{day.year}年{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}"


@register.simple_tag
def capped(count: int) -> str:
    return f"{COUNT_CAP}+" if count > COUNT_CAP else str(count)


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """When something happened, short: the hour today, the day this year, the whole date before."""
    if value is None:
        return ""
    local, now = timezone.localtime(value), timezone.localtime()
    if local.date() == now.date():
        said = f"今天 {local:%H:%M}"
    elif local.year == now.year:
        said = f"{local.month}月{local.day}日 {local:%H:%M}"
    else:
        said = f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), said)


@register.filter
def verb_label(verb: str) -> str:
    return hubs.verb_label(verb)


@register.filter
def event_sentence(event) -> str:
    return hubs.sentence(event.verb, event.facts)


MESSAGE_ICONS = {"success": "circle-check", "warning": "triangle-alert", "error": "circle-alert"}
FINDING_ICONS = {"block": "circle-x", "warn": "triangle-alert", "info": "info"}


@register.simple_tag
def message_icon(level: str) -> str:
    return icon(MESSAGE_ICONS.get(level, "info"))


@register.simple_tag
def finding_icon(severity: str) -> str:
    return icon(FINDING_ICONS[severity])


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
