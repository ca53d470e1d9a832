"""用印 of what bears other seals than the issuing organ's, or none: said on the screen and recorded as it was done."""

import pytest
from django.urls import reverse

from documents import drafting
from documents import seal as sealing
from documents.models import Document, Series
from documents.number import number
from documents.printing import print_rendition
from officehub.moves import events_of
from officehub.people.models import Organ
from tests.cast import NOTICE

JOINT = {"issuers": ["海青市人民政府办公室", "海青市水利局"]}
PAPERS = [
    ({}, "加盖“海青市人民政府办公室”印章", "海青市人民政府办公室"),
    (JOINT, "加盖“海青市人民政府办公室、海青市水利局”印章", "海青市人民政府办公室、海青市水利局"),
    ({"seal": False}, "不加盖机关印章，核对清样无误后排印正本", ""),
    ({"kind": "纪要", "title": "供暖工作专题会议纪要", "primary_recipients": ""}, "不加盖机关印章", ""),
]


@pytest.mark.parametrize(("fields", "said", "recorded"), PAPERS)
def test_the_seals_are_those_of_the_paper(cast, now, client, fields, said, recorded):
    known = {"short_name": "市水利局", "level": "city", "kind": "department", "superior": cast.government}
    Organ.objects.create(name="海青市水利局", **known)
    document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields={**NOTICE, **fields})
    facts = {"signed_by": cast.leader, "signed_at": now, "signed_hash": document.content_hash()}
    Document.objects.filter(pk=document.pk).update(state="rechecked", **facts)
    document.refresh_from_db()
    reasons = {"R24": "水利局局长11月22日会签，会签单存机要科"}
    number(document, series=Series.objects.get(code="海政办发"), by=cast.rechecker, now=now, reasons=reasons)
    print_rendition(sealing.proof_of(document).pk, now)
    client.force_login(cast.seal_keeper)
    assert said in client.get(reverse("documents:detail", args=[document.pk])).content.decode()
    sealing.apply_seal(document, by=cast.seal_keeper, now=now)
    assert events_of(document).get(verb="seal").facts["seal_of"] == recorded
