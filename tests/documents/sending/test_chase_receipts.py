"""Whoever chases readers sees on the page whom it reached and who read it."""

from documents.sending import chase


def test_the_keeper_sees_the_receipts_of_a_chase_and_a_reader_does_not(cast, client, now, sealed, send):
    document = send(sealed).document
    chase.chase(document, by=cast.clerk, now=now)
    address = f"/papers/{document.pk}/readers/"
    client.force_login(cast.clerk)
    shown = client.get(address)
    assert [(one.who, [notice.recipient for notice in one.told], one.read) for one in shown.context["chases"]] == [
        (cast.clerk.name, [cast.reader], 0)
    ]
    assert "催办和回执" in shown.content.decode()
    client.force_login(cast.reader)
    client.get(f"/n/{cast.reader.notices.get(sort='chase').pk}/")
    client.force_login(cast.clerk)
    assert [one.read for one in client.get(address).context["chases"]] == [1]
    client.force_login(cast.reader)
    assert "催办和回执" not in client.get(address).content.decode()
