"""What is said of 征求意见 in the course of a paper."""

from django.utils.translation import gettext, pgettext_lazy

from documents.models import Consulted, Outcome
from officehub.audit.models import Event

DEEDS = {
    "consult": pgettext_lazy("done", "征求部门意见"),
    "consult_answered": pgettext_lazy("done", "答复征求意见"),
    "consult_silent": pgettext_lazy("done", "征求意见逾期未复，视为无不同意见"),
    "consult_extended": pgettext_lazy("done", "征求意见延期"),
    "consult_chased": pgettext_lazy("done", "催复意见"),
    "consult_closed": pgettext_lazy("done", "结束征求意见"),
    "consult_withdrawn": pgettext_lazy("done", "撤回征求意见"),
    "consult_settled": pgettext_lazy("done", "处理意见"),
    "concern_talks": pgettext_lazy("done", "协商"),
}


def note(event: Event) -> str:
    """Which round, whom it was about, and how it came out; empty for what is none of these."""
    if event.verb not in DEEDS:
        return ""
    facts = event.facts
    number = gettext("第%(round)s轮") % facts if "round" in facts else ""
    people = gettext("、").join(facts.get("people", ()))
    parts = [number, facts.get("unit", ""), people, *_came_out(facts)]
    return gettext("，").join(filter(None, parts))


def _came_out(facts: dict) -> list[str]:
    found = [Consulted.Answer(facts["answer"]).label] if facts.get("answer") else []
    found += [Consulted.Decision(facts["decision"]).label] if facts.get("decision") else []
    found += [Outcome(facts["outcome"]).label] if facts.get("outcome") else []
    return [gettext(word) for word in found] + ([gettext("逾期")] if facts.get("late") else [])
