"""The versions of a paper: their list, one as it stood, any two compared. For those whose business its course is."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from documents.interchange import Refused
from documents.models import Document, Version
from documents.versions import compare as comparing
from documents.versions.compare import BlockChange, Comparison
from documents.versions.freeze import frozen, thawed
from documents.versions.keep import keep_by_hand, listed, signed_version
from documents.versions.letters import KEPT
from documents.versions.lock import TextTampered
from documents.versions.words import LABELS, in_words
from documents.views import fetch, inside
from officehub.web.listing import ids, newest_first

NOW, SIGNED = "now", "signed"
CONTEXT = 1  # unchanged paragraphs shown on either side of a change
FOLDED = 3  # so many unchanged ones and more are folded away


@dataclass(frozen=True)
class Text:
    """One side of a comparison: a kept version, or the paper as it stands."""

    content: dict
    number: int
    name: str
    version: Version | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Stretch:
    """Paragraphs shown together; `folded` when nothing in them changed and they are many."""

    blocks: list[BlockChange]
    folded: bool = False


def insiders_paper(request, pk: int) -> Document:
    """A paper whose course is this person's business; for everybody else there is no such page."""
    document = fetch(request, pk)
    if not inside(request, document):
        raise Http404
    return document


@require_safe
def versions(request, pk):
    document = insiders_paper(request, pk)
    page = newest_first(listed(document), "at", request.GET.get("after", ""))
    numbers = list(document.versions.order_by("-number").values_list("number", flat=True))
    context = {
        "document": document,
        "page": page,
        "numbers": numbers,
        "last": numbers[0] if numbers else 0,
        "before_last": numbers[1] if len(numbers) > 1 else 0,
    }
    return render(request, "documents/versions.html", context)


@require_safe
def version(request, pk, number):
    document = insiders_paper(request, pk)
    one = get_object_or_404(Version.objects.select_related("by"), document=document, number=number)
    last = document.versions.order_by("-number").values_list("number", flat=True).first()
    facts = [(LABELS[name], in_words(name, value)) for name, value in one.content["facts"].items()]
    context = {"document": document, "version": one, "paper": thawed(one.content), "facts": facts, "last": last}
    return render(request, "documents/version.html", context)


@require_safe
def compare(request, pk):
    document = insiders_paper(request, pk)
    asked = [request.GET.get(name) or usual for name, usual in zip(("from", "to"), _last_two(document), strict=True)]
    sides = [_side(document, name) for name in asked]
    if None in sides:
        messages.error(request, _("文稿还不完整，补齐后才能比较。"))
        return redirect("documents:versions", pk)
    old, new = sorted((side for side in sides if side), key=lambda side: side.number)
    found = comparing.compare(old.content, new.content)
    full = "full" in request.GET
    query = request.GET.copy()
    query["full"] = "1"
    context = {
        "document": document,
        "old": old,
        "new": new,
        "sides": (old, new),
        "comparison": found,
        "stretches": stretches(found.blocks, full=full),
        "said": summary(found),
        "full_query": "" if full else query.urlencode(),
    }
    return render(request, "documents/compare.html", context)


def _last_two(document: Document) -> tuple[str, str]:
    """What is compared unless something else is asked for: the last change."""
    numbers = [str(number) for number in listed(document).order_by("-number").values_list("number", flat=True)[:2]]
    return (numbers[-1], numbers[0]) if numbers else (NOW, NOW)


def _side(document: Document, name: str) -> Text | None:
    """A version by its number, the signed one, or the paper as it stands; None when that is no complete paper."""
    if name == NOW:
        try:
            return Text(frozen(document), 2**31, _("现稿"))
        except Refused:
            return None
    if name == SIGNED:
        kept = signed_version(document)
    else:
        kept = document.versions.filter(number__in=[number for number in ids([name]) if number < 2**31]).first()
    if kept is None:
        raise Http404
    label = _("第%(number)s版") % {"number": kept.number}
    return Text(kept.content, kept.number, label, kept, kept.at)


def stretches(blocks: tuple[BlockChange, ...], *, full: bool = False) -> list[Stretch]:
    """The text in stretches: what changed with a paragraph around it, and what did not, folded away."""
    near = {at + step for at, block in enumerate(blocks) if block.sort != KEPT for step in range(-CONTEXT, CONTEXT + 1)}
    found: list[Stretch] = []
    for at, block in enumerate(blocks):
        folded = not full and at not in near
        if found and found[-1].folded == folded:
            found[-1].blocks.append(block)
        else:
            found.append(Stretch([block], folded))
    return [Stretch(one.blocks, one.folded and len(one.blocks) >= FOLDED) for one in found]


def summary(found: Comparison) -> str:
    """What changed, in one sentence."""
    if found.same:
        return _("两个版本的内容完全相同。")
    counts = [
        (len(found.fields), lambda n: ngettext("%(n)s 项要素有改动", "%(n)s 项要素有改动", n)),
        (found.count("changed"), lambda n: ngettext("改 %(n)s 段", "改 %(n)s 段", n)),
        (found.count("new"), lambda n: ngettext("增 %(n)s 段", "增 %(n)s 段", n)),
        (found.count("gone"), lambda n: ngettext("删 %(n)s 段", "删 %(n)s 段", n)),
        (found.count("moved"), lambda n: ngettext("移 %(n)s 段", "移 %(n)s 段", n)),
        (len(found.changed_attachments), lambda n: ngettext("%(n)s 件附件有改动", "%(n)s 件附件有改动", n)),
    ]
    parts = [words(count) % {"n": count} for count, words in counts if count]
    return _("%(changes)s。") % {"changes": _("，").join(parts)}


def kept_by_hand(request, document: Document):
    """The draft was saved just now; keep it as a version too, or say why that is not possible yet."""
    document.refresh_from_db()
    note = request.POST.get("version_note", "").strip()[:200]
    try:
        kept, made = keep_by_hand(document, by=request.user, now=timezone.now(), revision=document.revision, note=note)
    except Refused as refused:
        lacking = "；".join(error.message for error in refused.errors[:3])
        messages.warning(request, _("草稿已保存，但还不能保存版本：%(why)s") % {"why": lacking})
    else:
        words = _("草稿已保存为第%(number)s版。") if made else _("草稿已保存；与第%(number)s版相同，没有另存版本。")
        messages.success(request, words % {"number": kept.number})
    return redirect("documents:edit", document.pk)


def show_tampered(request, document: Document, error: TextTampered):
    """R31: the deed was refused; the signed text and the present one side by side."""
    for sentence in error.sentences:
        messages.error(request, sentence)
    if signed_version(document) is None:
        return redirect("documents:detail", document.pk)
    return redirect(reverse("documents:compare", args=[document.pk]) + f"?from={SIGNED}&to={NOW}")
