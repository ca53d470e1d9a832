"""Before there is a text: a new paper from nothing, a template, an earlier paper or Word; my drafts; deleting one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents import copying, drafting
from documents.apart import Unreadable
from documents.discard import discard, may_discard, sent
from documents.interchange import KINDS
from documents.models import Document
from documents.paper.process import Busy
from documents.search import matching
from documents.shapes.content import begun
from documents.shapes.offered import UNPRINTED
from documents.start_forms import StartForm, WordForm
from documents.stock import filled, starts_of
from documents.views import fetch
from documents.views.drafting import own_draft
from documents.word import read as word_read
from documents.word import take
from officehub.people.grants import newest
from officehub.web.listing import newest_first

EARLIER = 8  # papers offered for copying
SORTS = {"": ("-sort_at", "-id"), "title": ("title", "id"), "kind": ("kind", "-sort_at", "-id")}
MOST_DRAFTS = 500  # sorted by a word of their own; beyond, the newest stand by themselves


def homeless(request):
    """Who belongs to no department drafts nothing; says so and leads back. None for everybody else."""
    if request.user.department is not None:
        return None
    messages.error(request, _("您还没有所属部门，不能拟稿；请系统管理员在“人员”中补充。"))
    return redirect("documents:list")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    if back := homeless(request):
        return back
    organ = request.user.department.organ_id
    given = request.POST if request.method == "POST" else None
    kind = request.GET.get("kind", "") if request.GET.get("kind") in KINDS else "通知"
    form = StartForm(given, initial={"organ": organ, "kind": kind, "start": ""}, person=request.user)
    if form.is_valid():
        return redirect("documents:edit", _begun(request, form).pk)
    return _choosing(request, form, WordForm(initial={"organ": organ}), bound=form.is_bound)


def _begun(request, form: StartForm) -> Document:
    organ, start = form.cleaned_data["organ"], starts_of(request.user, form.cleaned_data["start"])
    kind = form.cleaned_data["kind"]
    fields = {
        **({} if kind in UNPRINTED else {"printing_office": (organ.office or organ).name}),
        **(filled(start, organ) if start else {}),
        "kind": kind,
        **begun(kind),
        "issuers": [organ.name],
    }
    facts = {"template": start.name} if start else {}
    return drafting.create(by=request.user, now=timezone.now(), organ=organ, fields=fields, facts=facts)


def _choosing(request, form, word_form, *, bound: bool):
    """The page of beginnings; what was refused stays in its form."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    context = {"form": form, "word_form": word_form, "words": words, "earlier": _earlier(request.user, words)}
    return render(request, "documents/new.html", context, status=422 if bound else 200)


def _earlier(person, words: str) -> list[Document]:
    """Papers one may see, to begin from: the newest, or those that hold the words."""
    if words:
        return matching(person, words, EARLIER)
    wanted = newest(Document, person, EARLIER, timezone.now())
    found = Document.objects.select_related("drafter").in_bulk(wanted)
    return [found[pk] for pk in wanted if pk in found]


@require_POST
def from_word(request):
    """A new draft out of a .docx."""
    if back := homeless(request):
        return back
    form = WordForm(request.POST, request.FILES)
    if form.is_valid() and (document := _read(request, form)):
        messages.success(request, _("已从 Word 导入，请看“导入说明”，核对后再提交。"))
        return redirect("documents:edit", document.pk)
    first = {"organ": request.user.department.organ_id, "start": ""}
    return _choosing(request, StartForm(initial=first, person=request.user), form, bound=True)


def _read(request, form: WordForm) -> Document | None:
    """The draft, or what is wrong with the file, put into the form."""
    organ = form.cleaned_data["organ"]
    try:
        found = word_read.read(form.cleaned_data["word"], organ)
        return take.begin(found, by=request.user, organ=organ, now=timezone.now())
    except (Unreadable, Busy, ValidationError) as error:
        form.add_error("word", error.messages if isinstance(error, ValidationError) else str(error))
        return None


@require_POST
def copy(request, pk):
    """复制为新稿, of any paper one may see."""
    source = fetch(request, pk)
    if back := homeless(request):
        return back
    organs = drafting.issuing_organs()
    organ = organs.filter(pk=source.organ_id).first() or organs.filter(pk=request.user.department.organ_id).first()
    if organ is None:
        raise Http404
    try:
        document = copying.copy(source, by=request.user, organ=organ, now=timezone.now())
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
        return redirect("documents:detail", pk)
    messages.success(request, _("已复制为新稿；文号、日期、签发和意见没有复制。"))
    return redirect("documents:edit", document.pk)


@require_safe
def drafts(request):
    """My drafts: those I still write in, found by words, in the order I like."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    sort = request.GET.get("sort", "") if request.GET.get("sort") in SORTS else ""
    rows = Document.objects.filter(drafter=request.user, state__in=Document.EDITABLE).select_related("unsaved")
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(kind=words))
    if sort:
        page = None
        shown = list(rows.order_by(*SORTS[sort])[:MOST_DRAFTS])
    else:
        page = newest_first(rows, "sort_at", request.GET.get("after", ""))
        shown = list(page.rows)
    dealt_with = sent([paper.pk for paper in shown])
    query = "&".join(f"{name}={value}" for name, value in (("q", words), ("sort", sort)) if value)
    context = {
        "rows": [(paper, getattr(paper, "unsaved", None), paper.pk not in dealt_with) for paper in shown],
        "page": page,
        "words": words,
        "sort": sort,
        "query": query + "&" if query else "",
    }
    return render(request, "documents/drafts.html", context)


@require_POST
def delete(request, pk):
    document = own_draft(request, pk)
    if not may_discard(document, request.user):
        messages.error(request, _("送审过的文稿不能删除；不再办理的，请终止。"))
        return redirect("documents:edit", pk)
    discard(document, by=request.user, now=timezone.now())
    messages.success(request, _("草稿已删除。"))
    return redirect("documents:drafts")
