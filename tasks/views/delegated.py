"""我交办的 as a page: soonest due first, with whom to call, and a tick for each to be chased."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from documents.decision_forms import in_office_words
from officehub.web.listing import ids, soonest_first
from officehub.web.views import for_the_office
from tasks.delegated import chase_all, given_by, in_hands
from tasks.views.lists import with_signals

MOST_AT_ONCE = 100


class WordsForm(forms.Form):
    words = forms.CharField(label=_("催办的话"), max_length=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_office_words(self)


@for_the_office
@require_safe
def delegated(request):
    return _shown(request, WordsForm())


def _shown(request, form: WordsForm):
    now = timezone.now()
    page = soonest_first(given_by(request.user), "due_at", request.GET.get("after", ""))
    with_signals(list(page.rows), now)
    hands = in_hands(page.rows, request.user)
    for task in page.rows:
        task.hands = hands.get(task.pk, [])
    context = {"page": page, "form": form, "ticked": set(ids(request.POST.getlist("task")))}
    return render(request, "tasks/delegated.html", context, status=422 if form.errors else 200)


@for_the_office
@require_POST
def chase_many(request):
    form = WordsForm(request.POST)
    named = ids(request.POST.getlist("task"))[:MOST_AT_ONCE]
    if not form.is_valid():
        return _shown(request, form)
    if not named:
        form.add_error(None, _("请先勾选要催办的任务。"))
        return _shown(request, form)
    chosen = given_by(request.user).filter(pk__in=named).order_by("due_at", "id")
    done = chase_all(list(chosen), by=request.user, now=timezone.now(), words=form.cleaned_data["words"])
    if done.told:
        said = ngettext("已催办 %(count)s 人。", "已催办 %(count)s 人。", done.told)
        messages.success(request, said % {"count": done.told})
    for sentence in done.trouble[:10]:
        messages.warning(request, sentence)
    return redirect("tasks:delegated")
