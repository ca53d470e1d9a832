"""我的常用语: the stock opinions one has at hand when deciding."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from officehub.approvals import phrases as keeping
from officehub.approvals.phrases import PhraseRefused
from officehub.web.views import for_the_office


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_office
def phrases(request):
    """One's own in their order, and a box for another."""
    if request.method != "POST":
        return shown(request)
    text = request.POST.get("text", "")
    try:
        keeping.add(request.user, text)
    except PhraseRefused as refused:
        return shown(request, new=text, refused=str(refused))
    messages.success(request, _("已添加。"))
    return redirect("phrases")


@require_POST
@for_the_office
def change(request, pk):
    phrase, text = mine(request, pk), request.POST.get("text", "")
    try:
        keeping.change(phrase, text)
    except PhraseRefused as refused:
        return shown(request, changing=pk, changed=text, refused=str(refused))
    messages.success(request, _("已修改。"))
    return redirect("phrases")


@require_POST
@for_the_office
def move(request, pk):
    keeping.shift(mine(request, pk), -1 if request.POST.get("to") == "up" else 1)
    return redirect("phrases")


@require_POST
@for_the_office
def delete(request, pk):
    mine(request, pk).delete()
    messages.success(request, _("已删除。"))
    return redirect("phrases")


def mine(request, pk: int):
    return get_object_or_404(keeping.own(request.user).select_related("person"), pk=pk)


def shown(request, *, new: str = "", changing: int = 0, changed: str = "", refused: str = ""):
    """The page; what was typed and refused stays in its box, with the reason beside it."""
    rows = [
        {"phrase": phrase, "text": changed if phrase.pk == changing else phrase.text, "refused": phrase.pk == changing}
        for phrase in keeping.own(request.user)
    ]
    context = {
        "rows": rows,
        "usual": keeping.USUAL,
        "new": new,
        "refused": refused,
        "new_refused": bool(refused) and not changing,
        "longest": keeping.LONGEST,
    }
    return render(request, "web/phrases.html", context, status=422 if refused else 200)
