"""Writing a paper: begin, type with the rules and the print beside, attach, submit, withdraw."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents import drafting
from documents.forms import AttachForm, DraftForm, KindForm, SubmitForm
from documents.interchange import Refused, parse
from documents.keeping.grounds import parted
from documents.models import Attached, Document
from documents.outlook import choosing, outlook
from documents.review import check_paper, findings
from documents.rules import Finding
from documents.rules.refusals import findings_of
from documents.views import fetch
from documents.views.deciding import why
from documents.views.mine import held, of_run
from documents.views.paper import preview
from officehub.approvals import decide
from officehub.approvals.models import Permit, Stage, Step
from officehub.approvals.plan import NobodyFound
from officehub.audit.record import record
from officehub.files.keep import keep
from officehub.inbox.errands import see_all
from officehub.moves import TooLate
from officehub.secrecy import says_it_itself


def own_draft(request, pk) -> Document:
    """A paper the drafter may still write in; a latecomer is told how it stands now."""
    document = fetch(request, pk)
    if document.drafter_id != request.user.pk:
        raise Http404
    if document.state not in Document.EDITABLE:
        raise TooLate(document, "save")
    return document


def writable(request, pk) -> tuple[Document, Step | None]:
    """A paper this person may write in: their own draft, or one in approval at a step of theirs that permits it."""
    document = fetch(request, pk)
    if step := amending(document, request.user):
        return document, step
    if document.drafter_id != request.user.pk and _could_amend(document, request.user):
        raise TooLate(document, "save")
    return own_draft(request, pk), None


def _could_amend(document: Document, person) -> bool:
    """Whether this person has or had a step whose stage permits changes: they may have begun before it was settled."""
    steps = Step.objects.filter(of_run(decide.run_of(document)), approver=person).select_related("stage")
    return any(step.stage.permits_to(Permit.EDIT) for step in steps)


def amending(document: Document, person) -> Step | None:
    """The open step at whose stage this person may change the text (修改文稿), if any."""
    run = decide.run_of(document) if document.state == Document.State.IN_APPROVAL else None
    step = held(document, run, person)
    permitted = step and step.state == Step.State.OPEN and step.stage.permits_to(Permit.EDIT)
    return step if permitted else None


@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    if request.user.department is None:
        messages.error(request, _("您还没有所属部门，不能拟稿；请系统管理员在“人员”中补充。"))
        return redirect("documents:list")
    given = request.POST if request.method == "POST" else None
    form = KindForm(given, initial={"organ": request.user.department.organ_id})
    if not form.is_valid():
        return render(request, "documents/new.html", {"form": form}, status=422 if form.is_bound else 200)
    organ = form.cleaned_data["organ"]
    fields = {
        "kind": form.cleaned_data["kind"],
        "issuers": [organ.name],
        "printing_office": (organ.office or organ).name,
    }
    document = drafting.create(by=request.user, now=timezone.now(), organ=organ, fields=fields)
    return redirect("documents:edit", document.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@says_it_itself
def edit(request, pk):
    document, step = writable(request, pk)
    see_all(document, request.user, timezone.now())
    form = DraftForm(request.POST if request.method == "POST" else None, initial=_initial(document))
    if step:
        return _amend(request, document, step, form)
    if form.is_valid():
        drafting.save(document, **_given(request, form))
        messages.success(request, _("草稿已保存。"))
        return redirect("documents:submit" if "submit" in request.POST else "documents:edit", document.pk)
    context = {"document": document, "form": form, "attach_form": AttachForm(), "attached": document.attached.all()}
    return render(request, "documents/edit.html", context, status=422 if form.is_bound else 200)


def _given(request, form: DraftForm) -> dict:
    """What was typed, by whom, when, and on which text."""
    return {
        "by": request.user,
        "now": timezone.now(),
        "fields": form.fields_of_paper(),
        "revision": form.cleaned_data["revision"],
        **form.office_facts(),
    }


def _amend(request, document: Document, step: Step, form: DraftForm):
    """The paper in approval, changed by somebody whose stage permits it; its attachments stay as they are."""
    trouble: list[str] = []
    if form.is_valid():
        try:
            again = drafting.amend(document, step=step, **_given(request, form))
        except drafting.NotReady as error:
            trouble = [finding.message for finding in error.findings]
        except (decide.DecisionRefused, NobodyFound) as error:
            trouble = why(error)
        else:
            messages.success(request, _amended(again))
            return redirect("documents:detail", document.pk)
    context = {"document": document, "form": form, "amending": step, "trouble": trouble}
    return render(request, "documents/edit.html", context, status=422 if form.is_bound else 200)


def _amended(again: list[Stage] | None) -> str:
    """What the change brought about."""
    if again is None:
        return _("没有改动。")
    names = "、".join(dict.fromkeys(stage.name for stage in again))
    return _("已改动：%(stages)s将重新办理。") % {"stages": names} if names else _("已改动，已有意见仍然有效。")


def _initial(document: Document) -> dict:
    ground, reason = parted(document.content.get("disclosure_reason", ""))
    return {
        **document.content,
        "disclosure_ground": ground,
        "disclosure_reason": reason,
        "title": document.title,
        **{name: getattr(document, name) for name in Document.OFFICE_FACTS},
        "revision": document.revision,
    }


@require_POST
@says_it_itself
def check(request, pk):
    """What the rules say of what is being typed, and how it will print; keeps nothing."""
    document, _step = writable(request, pk)
    form = DraftForm(request.POST)
    form.full_clean()
    attachments = {"attachments": [one.raw() for one in document.attached.all()]} if document.attached.exists() else {}
    raw = {**drafting.content_of({**document.content, **form.fields_of_paper()}), **attachments}
    found, seen = [], {}
    try:
        paper = parse(raw, settings.CLASSIFIED_ENABLED)
        found = check_paper(paper, "sign", timezone.now())
        seen = preview(request, document, paper)
    except Refused as refused:
        found = findings_of(refused)
    context = {"findings": [*slips(form), *found], "document": document, **seen}
    return render(request, "documents/check.html", context)


def slips(form: DraftForm) -> list[Finding]:
    """What the form itself would refuse, shown with the rest while one types."""
    return [
        Finding("填写", "block", name, f"{form[name].label}：{message}", "公文要素")
        for name, messages_of in form.errors.items()
        for message in messages_of
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@says_it_itself
def attach(request, pk):
    document = own_draft(request, pk)
    if request.method == "GET":  # the page of a refused attachment, loaded again
        return redirect("documents:edit", pk)
    form = AttachForm(request.POST, request.FILES)
    if form.is_valid() and _attached(request, document, form):
        messages.success(request, _("附件已加上。"))
        return redirect("documents:edit", document.pk)
    context = {
        "document": document,
        "form": DraftForm(initial=_initial(document)),
        "attach_form": form,
        "attached": document.attached.all(),
    }
    return render(request, "documents/edit.html", context, status=422)


def _attached(request, document: Document, form: AttachForm) -> bool:
    """Keep the attachment, or put what is wrong with the file into the form."""
    now, given = timezone.now(), form.cleaned_data
    try:
        with transaction.atomic():
            _touch(document, request.user)
            stored = keep(given["file"], by=request.user, now=now) if given["file"] else None
            last = document.attached.aggregate(last=Max("order"))["last"] or 0
            Attached.objects.create(
                document=document, order=last + 1, title=given["title"], body=given["body"], stored=stored
            )
            facts = {"title": given["title"], "sha256": stored.sha256 if stored else ""}
            record(document, "attach", by=request.user, now=now, facts=facts)
    except ValidationError as error:
        form.add_error("file", error)
        return False
    return True


def _touch(document: Document, person) -> None:
    """Hold the draft's row while its attachments change; too late once it is in approval."""
    held = Document.objects.filter(pk=document.pk, state__in=Document.EDITABLE, drafter=person)
    if not held.update(revision=F("revision") + 1):
        raise TooLate(document, "save")


@require_POST
def detach(request, pk, attached_pk):
    document = own_draft(request, pk)
    with transaction.atomic():
        _touch(document, request.user)
        attached = get_object_or_404(Attached, document=document, pk=attached_pk)
        record(document, "detach", by=request.user, now=timezone.now(), facts={"title": attached.title})
        attached.delete()
        for order, left in enumerate(document.attached.all(), 1):
            Attached.objects.filter(pk=left.pk).update(order=order)
    return redirect("documents:edit", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request, pk):
    document = own_draft(request, pk)
    found = findings(document, "sign", timezone.now())
    overrides = [finding for finding in found if finding.severity == "override"]
    form = _submit_form(document, request.POST if request.method == "POST" else None, overrides)
    trouble = _sent(request, document, form) if form.is_valid() else []
    if form.is_valid() and not trouble:
        messages.success(request, _("已提交审批。"))
        return redirect("documents:detail", document.pk)
    context = {
        "document": document,
        "form": form,
        "blocks": [finding for finding in found if finding.severity == "block"],
        "others": [finding for finding in found if finding.severity in ("warn", "info")],
        "trouble": trouble,
        **_plan(document, form),
    }
    return render(request, "documents/submit.html", context, status=422 if form.is_bound else 200)


def _submit_form(document: Document, given, overrides=()) -> SubmitForm:
    before = decide.choice_of(document)
    return SubmitForm(given, document=document, overrides=overrides, stages=choosing(document), before=before)


def _sent(request, document: Document, form: SubmitForm) -> list[str]:
    """Send it, or say in sentences what keeps it back."""
    choice = form.choice()
    try:
        drafting.submit(
            document,
            by=request.user,
            now=timezone.now(),
            chosen=choice.departments,
            reasons=form.reasons(),
            people=choice.people,
        )
    except drafting.NotReady as error:
        return [finding.message for finding in error.findings]
    except NobodyFound as error:
        return error.lacking
    return []


@require_safe
def simulate(request, pk):
    """Who will get it and by when, with the departments and people just ticked."""
    document = own_draft(request, pk)
    return render(request, "documents/plan.html", _plan(document, _submit_form(document, request.GET)))


def _plan(document: Document, form: SubmitForm) -> dict:
    try:
        return {"outlook": outlook(document, form.choice(), timezone.now())}
    except NobodyFound as error:
        return {"lacking": error.lacking}
    except Refused:
        return {"lacking": [_("文稿还不完整，补齐后才看得到会交给谁。")]}


@require_POST
def withdraw(request, pk):
    document = fetch(request, pk)
    if document.drafter_id != request.user.pk:
        raise Http404
    drafting.withdraw(document, by=request.user, now=timezone.now())
    messages.success(request, _("已撤回，可以继续修改。"))
    return redirect("documents:edit", pk)
