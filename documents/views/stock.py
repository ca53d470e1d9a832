"""范本与常用语: one's own, and for those who vet papers the office's too."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.interchange import KINDS
from documents.models import Document, StockText, Template
from documents.start_forms import WHOSE, StockTextForm, TemplateForm
from documents.stock import phrases_for, starts, starts_of
from documents.stock.start import KEPT
from documents.views.drafting import own_draft
from officehub.people.models import Role

KEEPERS = (Role.VETTER, Role.OFFICE_DIRECTOR)  # who keeps what the whole office begins from
MOST = 200  # templates, and sentences, one person keeps


def may_share(person) -> bool:
    return person.has_role(*KEEPERS)


@require_safe
def stock(request):
    """Every template and sentence at hand, by kind."""
    return shown(request, StockTextForm(may_share=may_share(request.user)))


def shown(request, form: StockTextForm):
    kind = request.GET.get("kind", "") if request.GET.get("kind") in KINDS else "通知"
    rows = [(one, WHOSE[one.whose], changeable(request.user, one.key)) for one in starts(request.user, kind)]
    kept = StockText.objects.filter(Q(kind=kind) | Q(kind=""), mine_to_change(request.user))
    context = {"kind": kind, "kinds": KINDS, "rows": rows, "form": form, "own_texts": kept,
               "ready": phrases_for(request.user, kind)}  # fmt: skip
    return render(request, "documents/stock.html", context, status=422 if form.is_bound else 200)


def mine_to_change(person) -> Q:
    return Q(owner=person) | Q(owner=None) if may_share(person) else Q(owner=person)


def changeable(person, key: str) -> bool:
    return key.startswith("t") and (may_share(person) or starts_of(person, key).whose == "own")


@require_http_methods(["GET", "HEAD", "POST"])
def template(request, key):
    """One template to read, and to change if one may; of any other a copy may be kept. `new` is a fresh one."""
    share = may_share(request.user)
    start = None if key == "new" else starts_of(request.user, key)
    if start is None and key != "new":
        raise Http404
    mine = start is not None and changeable(request.user, key)
    first = (
        {"kind": start.kind, "name": start.name, "for_all": start.whose == "office", **start.fields} if start else {}
    )
    form = TemplateForm(request.POST if request.method == "POST" else None, initial=first, may_share=share)
    if form.is_valid() and _kept(request, form, key if mine else ""):
        messages.success(request, _("范本已保存。"))
        return redirect("documents:stock")
    context = {"form": form, "start": start, "mine": mine, "key": key}
    return render(request, "documents/template.html", context, status=422 if form.is_bound else 200)


def _kept(request, form: TemplateForm, key: str) -> bool:
    """Keep it under its key, or as a new one; False, with the reason in the form, when there is one of that name."""
    given = form.cleaned_data
    owner = None if given.get("for_all") else request.user
    fields = {name: given[name] for name in KEPT if given.get(name)}
    row = {"owner": owner, "kind": given["kind"], "name": given["name"], "fields": fields, "updated_at": timezone.now()}
    if not key and Template.objects.filter(owner=owner).count() >= MOST:
        form.add_error(None, _("范本最多 %(most)s 个，请先删去不用的。") % {"most": MOST})
        return False
    try:
        with transaction.atomic():
            if key:
                Template.objects.filter(pk=int(key[1:])).update(**row)
            else:
                Template.objects.create(**row)
    except IntegrityError:
        form.add_error("name", _("已有同文种、同名称的范本，请换一个名称。"))
        return False
    return True


@require_POST
def drop_template(request, key):
    if starts_of(request.user, key) is None or not changeable(request.user, key):
        raise Http404
    Template.objects.filter(pk=int(key[1:])).delete()
    messages.success(request, _("范本已删除。"))
    return redirect("documents:stock")


@require_POST
def keep_draft(request, pk):
    """存为范本: the draft as it is saved, among one's own."""
    document: Document = own_draft(request, pk)
    now = {**document.content, "title": document.title}
    name = request.POST.get("name", "").strip()[:40] or str(document)[:40]
    fields = {field: now[field] for field in KEPT if now.get(field)}
    if "\x00" in name or Template.objects.filter(owner=request.user).count() >= MOST:
        messages.error(request, _("范本没有保存：名称有误，或已满 %(most)s 个。") % {"most": MOST})
        return redirect("documents:edit", pk)
    row = {"fields": fields, "updated_at": timezone.now()}
    Template.objects.update_or_create(owner=request.user, kind=document.kind, name=name, defaults=row)
    messages.success(request, _("已存为范本“%(name)s”。") % {"name": name})
    return redirect("documents:edit", pk)


@require_POST
def add_text(request):
    form = StockTextForm(request.POST, may_share=may_share(request.user))
    if form.is_valid():
        given = form.cleaned_data
        owner = None if given.get("for_all") else request.user
        if StockText.objects.filter(owner=owner).count() < MOST:
            what = {"kind": given["kind"], "place": given["place"], "text": given["text"]}
            StockText.objects.get_or_create(owner=owner, **what)
            messages.success(request, _("已添加。"))
            return redirect("documents:stock")
        form.add_error(None, _("常用语最多 %(most)s 条，请先删去不用的。") % {"most": MOST})
    return shown(request, form)


@require_POST
def drop_text(request, pk):
    get_object_or_404(StockText.objects.filter(mine_to_change(request.user)), pk=pk).delete()
    messages.success(request, _("已删除。"))
    return redirect("documents:stock")
