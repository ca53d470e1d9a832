"""Before, a step knew only its round and stage; now the visit it belongs to is a row of its own."""

from itertools import groupby

from django.db import migrations


def fill(apps, schema_editor):
    Run, Step, Stage = (apps.get_model("approvals", name) for name in ("Run", "Step", "Stage"))
    Step.objects.filter(merged=True).update(manner="merged")
    Stage.objects.filter(verb="countersign").update(dissent="record")
    for run in Run.objects.order_by("id").iterator(500):
        steps = Step.objects.filter(run=run).order_by("round", "stage__order", "id")
        for (number, stage), group in groupby(steps, key=lambda step: (step.round, step.stage_id)):
            make_visit(apps, run, number, stage, list(group))


def make_visit(apps, run, number, stage, steps):
    Visit, Step, WorkItem = (
        apps.get_model(*name) for name in (("approvals", "Visit"), ("approvals", "Step"), ("inbox", "WorkItem"))
    )
    state = state_of(run, number, steps)
    closed = None if state == "open" else max(step.decided_at or step.opened_at for step in steps)
    visit = Visit.objects.create(
        run=run, stage_id=stage, round=number, state=state, opened_at=steps[0].opened_at, closed_at=closed
    )
    Step.objects.filter(pk__in=[step.pk for step in steps]).update(visit=visit)
    for step in steps:
        old = f"step:{step.round}:{step.stage_id}:{step.acting_for_id or step.approver_id}"
        items = WorkItem.objects.filter(subject_type=run.subject_type_id, subject_id=run.subject_id, key=old)
        items.filter(assignee=step.approver_id).update(key=f"step:{step.pk}:1")


def state_of(run, number, steps):
    if number != run.round or run.state in ("returned", "withdrawn"):
        return "fell"
    return "open" if any(step.state == "open" for step in steps) else "passed"


class Migration(migrations.Migration):
    dependencies = [("approvals", "0003_visits"), ("inbox", "0002_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
