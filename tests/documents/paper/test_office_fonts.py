"""Fonts the office owns are preferred when it drops them into its folder: tried with a free font that took the name."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from documents.paper import fonts
from tests.documents.paper.samples import raw

OWNED = "FangSong_GB2312"
TOLD = """
import json, sys
import django
django.setup()
from documents import doctor
from documents.paper import fonts
from documents.paper.measure import measure
from documents.paper.render import render
from documents.paper.seen import read
from documents.interchange import parse
pdf = render(parse(json.load(sys.stdin)))
failed = [check.id for check in measure(pdf).checks if not check.ok]
print(json.dumps([doctor.faces().says, sorted(read(pdf)[0].fonts), failed, fonts.face("GW FangSong").file]))
"""


@pytest.fixture
def owner(tmp_path) -> Path:
    """A folder of the system with the usual free fonts and one of the office's own."""
    var = tmp_path / "owner"
    (var / "fonts").mkdir(parents=True)
    (var / "fonts" / fonts.FETCHED).symlink_to((fonts.var_folder() / "fonts" / fonts.FETCHED).resolve())
    source = next((fonts.var_folder() / "fonts" / fonts.FETCHED).glob("FandolFang-*.otf"))
    with TTFont(source, lazy=True) as font:
        for record in font["name"].names:
            if record.nameID in (1, 3, 4, 6, 16):
                record.string = OWNED
        font.save(var / "fonts" / "simfang.otf")
    return var


def told(var: Path) -> list:
    # S603: our own interpreter and our own words
    answer = subprocess.run(
        [sys.executable, "-c", TOLD],
        input=json.dumps(raw()),
        env={**os.environ, "OFFICEHUB_VAR": str(var), "DJANGO_SETTINGS_MODULE": "officehub.settings"},
        cwd=fonts.REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(answer.stdout)


def test_the_office_s_own_font_is_used_named_by_the_doctor_and_measures_right(owner):
    says, printed, failed, file = told(owner)
    assert Path(file) == owner / "fonts" / "simfang.otf"
    assert f"仿宋 {OWNED}（单位自有）" in says
    assert says.count("单位自有") == 2  # the text and its figures
    assert [name for name in printed if OWNED.replace("_", "") in name.replace("_", "").replace("-", "")]
    assert failed == []


def test_without_it_the_free_one_is_used_again(owner):
    (owner / "fonts" / "simfang.otf").unlink()
    says, _, failed, file = told(owner)
    assert ("FandolFang" in file, "单位自有" in says, failed) == (True, False, [])
