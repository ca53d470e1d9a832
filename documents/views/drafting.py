"""Writing a paper: begin, type with the rules and the print beside, attach, submit, withdraw."""

from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents import attaching, drafting, unsaved
from documents.discard import may_discard
from documents.forms import AttachForm, DraftForm, SubmitForm
from documents.interchange import Refused, parse
from documents.keeping.grounds import parted
from documents.models import Attached, Document
from documents.numbers import joint
from documents.outlook import choosing, outlook
from documents.review import check_paper, findings
from documents.rules import Finding
from documents.rules.refusals import findings_of
from documents.shapes import content as shapes
from documents.shapes.organs import equals
from documents.stock import phrases_for
from documents.views import fetch
from documents.views.deciding import why
from documents.views.mine import held, of_run
from documents.views.paper import preview
from documents.views.versions import kept_by_hand
from officehub.approvals import decide
from officehub.approvals.models import Permit, Stage, Step
from officehub.approvals.plan import NobodyFound
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
@says_it_itself
def edit(request, pk):
    document, step = writable(request, pk)
    see_all(document, request.user, timezone.now())
    kept = None if step or request.method == "POST" else unsaved.of(document)
    first = {**_initial(document), **(unsaved.restored(kept, DraftForm) if kept else {})}
    form = DraftForm(request.POST if request.method == "POST" else None, initial=first)
    if step:
        return _amend(request, document, step, form)
    if form.is_valid():
        drafting.save(document, **_given(request, form))
        unsaved.forget(document)
        if "keep" in request.POST:
            return kept_by_hand(request, document)
        messages.success(request, _("草稿已保存。"))
        return redirect("documents:submit" if "submit" in request.POST else "documents:edit", document.pk)
    context = {"form": form, "attach_form": AttachForm(), "unsaved": kept, **_beside(request, document)}
    return render(request, "documents/edit.html", context, status=422 if form.is_bound else 200)


@require_POST
def drop_unsaved(request, pk):
    """Back to what is saved; what was typed since is given up."""
    document = own_draft(request, pk)
    unsaved.forget(document)
    messages.success(request, _("已回到上次保存的内容。"))
    return redirect("documents:edit", document.pk)


def _beside(request, document: Document) -> dict:
    """What stands around the form of a draft: its attachments, sentences at hand, what came from Word."""
    return {
        "document": document,
        "attached": document.attached.select_related("transmission", "stored"),
        "concerned": list(document.concerns.select_related("department")),
        "consulted": document.consultations.count(),
        "ready": phrases_for(request.user, document.kind),
        "joint_with": equals(document, timezone.localdate()),
        "word": document.word_imports.exclude(taken_at=None).first(),
        "waiting": document.word_imports.filter(taken_at=None).first(),
        "may_discard": may_discard(document, request.user),
    }


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
            trouble = [_held_up(finding) for finding in error.findings]
        except (decide.DecisionRefused, NobodyFound) as error:
            trouble = why(error)
        else:
            messages.success(request, _amended(again))
            return redirect("documents:detail", document.pk)
    ready = phrases_for(request.user, document.kind)
    joint_with = equals(document, timezone.localdate())
    context = {"document": document, "form": form, "amending": step, "trouble": trouble, "ready": ready}
    context |= {"joint_with": joint_with}
    return render(request, "documents/edit.html", context, status=422 if form.is_bound else 200)


def _held_up(finding: Finding) -> str:
    """Why a change is not taken; a rule is set aside by the drafter, on submitting, where the reason is asked for."""
    if finding.severity != "override":
        return finding.message
    return _("%(finding)s确需如此的，请退回拟稿人，由其说明理由后重新提交。") % {"finding": finding.message}


def _amended(again: list[Stage] | None) -> str:
    """What the change brought about."""
    if again is None:
        return _("没有改动。")
    names = "、".join(dict.fromkeys(stage.name for stage in again))
    return _("已改动：%(stages)s将重新办理。") % {"stages": names} if names else _("已改动，已有意见仍然有效。")


def _initial(document: Document) -> dict:
    ground, reason = parted(document.content.get("disclosure_reason", ""))
    content = {**document.content, "kind": document.kind}
    return {
        **content,
        **shapes.answers(content),
        "own_masthead": content.get("masthead", ""),
        "was": content,
        "disclosure_ground": ground,
        "disclosure_reason": reason,
        "title": document.title,
        **{name: getattr(document, name) for name in Document.OFFICE_FACTS},
        "revision": document.revision,
    }


@require_POST
@says_it_itself
def check(request, pk):
    """What the rules say of what is being typed, and how it prints; what was typed is kept beside the draft."""
    document, step = writable(request, pk)
    form = DraftForm(request.POST, initial=_initial(document))
    form.full_clean()
    kept_at = None if step else unsaved.note(document, form, timezone.now())
    attachments = {"attachments": [one.raw() for one in document.attached.all()]} if document.attached.exists() else {}
    raw = {**drafting.content_of({**document.content, **form.fields_of_paper()}), **attachments}
    raw.pop("signers", None)  # printed once the lead organ has signed
    found, seen = [], {}
    try:
        paper = parse(raw, settings.CLASSIFIED_ENABLED)
        found = [*check_paper(paper, "sign", timezone.now()), *joint.foreseen(document, paper.issuers)]
        seen = preview(request, document, paper)
    except Refused as refused:
        found = findings_of(refused)
    context = {"findings": [*slips(form), *found], "document": document, "kept_at": kept_at, **seen}
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
    context = {"form": DraftForm(initial=_initial(document)), "attach_form": form, **_beside(request, document)}
    return render(request, "documents/edit.html", context, status=422)


def _attached(request, document: Document, form: AttachForm) -> bool:
    """Keep the attachment, or put what is wrong with the file into the form."""
    given = form.cleaned_data
    what = {"title": given["title"], "body": given["body"], "upload": given["file"]}
    try:
        attaching.add(document, by=request.user, now=timezone.now(), **what)
    except ValidationError as error:
        form.add_error("file", error)
        return False
    return True


@require_POST
def detach(request, pk, attached_pk):
    document = own_draft(request, pk)
    attached = get_object_or_404(Attached.objects.select_related("stored"), document=document, pk=attached_pk)
    attaching.remove(attached, by=request.user, now=timezone.now())
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
    if not before.departments:  # the other organs of a joint paper have to agree anyhow (条例 第二十二条)
        before = replace(before, departments=joint.units_of(document))
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
