"""What `doctor` says of the faces and of the engine."""

import pytest

from documents import doctor
from documents.paper import fonts


@pytest.mark.django_db
def test_all_is_well_with_the_faces_the_engine_and_the_signed_texts():
    assert [check.state for check in doctor.checks()] == ["ok", "ok", "ok"]


def test_prescribed_faces_are_named_when_they_are_there():
    assert "FangSong" in doctor.faces().says or "FandolFang" in doctor.faces().says


def test_a_face_only_imitated_by_the_last_resort_is_red_with_the_folder_it_goes_to(monkeypatch):
    last = fonts.Face("", fonts.LAST_RESORT, fonts.face("GW Song").file, 0, "1", {})
    monkeypatch.setattr(fonts, "face", lambda role: last)
    found = doctor.faces()
    assert (found.state, "仿宋" in found.says, "小标宋" in found.says) == ("bad", True, True)
    assert str(fonts.var_folder() / "fonts") in found.remedy


def test_a_missing_library_of_the_engine_is_red(monkeypatch):
    def fails():
        raise RuntimeError("缺少 libharfbuzz-subset0")

    monkeypatch.setattr(doctor, "engine", fails)
    assert (doctor.printer().state, doctor.printer().says) == ("bad", "缺少 libharfbuzz-subset0")
