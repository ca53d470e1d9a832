"""The house in English: what is in the catalogue is complete, compiled, and shown to who chose it."""

import gettext
import re

from django.conf import settings
from pytest_django.asserts import assertContains

CATALOGUE = settings.LOCALE_PATHS[0] / "en" / "LC_MESSAGES" / "django.po"


def entries():
    """Each entry's source and its translations, unquoted and joined."""
    for block in CATALOGUE.read_text().split("\n\n")[1:]:
        parts = re.split(r"^(msgid_plural|msgid|msgstr(?:\[\d\])?) ", block, flags=re.MULTILINE)[1:]
        said = {key: "".join(re.findall(r'"(.*)"', text)) for key, text in zip(parts[::2], parts[1::2], strict=True)}
        yield said["msgid"], [text for key, text in said.items() if key.startswith("msgstr")]


def plain(text):
    return text.replace('\\"', '"')


def gaps(text):
    return set(re.findall(r"%\(\w+\)s", text))


def test_every_sentence_is_translated_with_the_same_gaps():
    faulty = [source for source, said in entries() if not all(text and gaps(text) == gaps(source) for text in said)]
    assert faulty == []


def test_the_compiled_catalogue_is_the_written_one():
    with CATALOGUE.with_suffix(".mo").open("rb") as compiled:
        spoken = gettext.GNUTranslations(compiled)
    stale = [source for source, said in entries() if len(said) == 1 and spoken.gettext(plain(source)) != plain(said[0])]
    assert stale == []


def test_who_chose_english_is_greeted_in_english(client, person, room):
    client.force_login(person)
    client.post("/profile/", {"phone": "", "language": "en"})
    response = client.get("/")
    assertContains(response, '<html lang="en"')
    assertContains(response, "Nothing is waiting for you.")
