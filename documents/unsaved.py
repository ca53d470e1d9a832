"""Keeping what is being typed without saving it: no event, no new revision, gone when the draft is saved."""

from datetime import datetime

from django import forms
from django.db import transaction

from documents.models import Document, Unsaved
from officehub.secrecy import is_refused

LEFT_OUT = ("csrfmiddlewaretoken", "revision", "draw", "submit")
LONGEST = 400_000  # characters of all fields; more than any paper that can be saved


def note(document: Document, form, now: datetime) -> datetime | None:
    """Keep what was typed beside the draft. None when it is what is saved already, begun from an older text, or bears a
    secret mark, which is kept nowhere (R41)."""
    typed = {name: form.data[name] for name in form.fields if name in form.data and name not in LEFT_OUT}
    begun_here = form.data.get("revision") == str(document.revision)
    whole = "".join(typed.values())
    if any(map(is_refused, typed.values())):
        return None
    if not begun_here or len(whole) > LONGEST or "\x00" in whole or not any(differs(form, one) for one in form.fields):
        return None
    with transaction.atomic():
        same = Document.objects.select_for_update(no_key=True).filter(pk=document.pk, revision=document.revision)
        if not same.exists():  # saved or deleted in another window just now
            return None
        kept = {"fields": typed, "revision": document.revision, "at": now}
        Unsaved.objects.update_or_create(document=document, defaults=kept)
    return now


def differs(form, name: str) -> bool:
    """Whether a field was changed; a browser's ends of lines are no change, nor is a field the page did not have."""
    sent = name in form.data or isinstance(form.fields[name], forms.BooleanField)
    if name == "revision" or not sent or not form[name]._has_changed():
        return False
    was = str(form.get_initial_for_field(form.fields[name], name) or "")
    return form.data.get(name, "").replace("\r\n", "\n").strip() != was.replace("\r\n", "\n").strip()


def restored(unsaved: Unsaved, form_class) -> dict:
    """What was typed, as the first values of the form; a box not ticked is one taken off."""
    boxes = {name: False for name, field in form_class.base_fields.items() if isinstance(field, forms.BooleanField)}
    return {**boxes, **unsaved.fields}


def of(document: Document) -> Unsaved | None:
    """What was typed after the last saving; on an older text it would undo that saving, so it does not count."""
    return Unsaved.objects.filter(document=document, revision=document.revision).first()


def forget(document: Document) -> None:
    Unsaved.objects.filter(document=document).delete()
