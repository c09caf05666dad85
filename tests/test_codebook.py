"""Codebooks: what is valid, what is refused and in which words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from narratives.codebook import CODE_ROLES, ROLES, load_codebook, parse_codebook, shipped_codebooks
from narratives.errors import CodebookError
from narratives.messages import speaking


def valid():
    return {
        "name": "b",
        "version": 1,
        "variables": [
            {
                "name": "v",
                "scale": "ranked",
                "codes": [{"name": "lav", "rank": 0}, {"name": "høj", "rank": 1}, "ved ikke"],
            },
            {"name": "w", "codes": ["a", "b"]},
        ],
    }


@pytest.mark.parametrize("name", shipped_codebooks())
def test_shipped_codebooks_are_valid_and_come_back_the_same(name):
    book = load_codebook(name)
    assert parse_codebook(book.to_dict()) == book
    assert parse_codebook(book.to_dict()).sha256 == book.sha256


def test_the_agency_codebook_declares_every_role_once():
    book = load_codebook("agency")
    assert {variable.role for variable in book.variables} == set(ROLES)
    assert all(book.with_role(role).role == role for role in ROLES)


def test_the_agency_codebook_declares_the_roles_of_codes():
    book = load_codebook("agency")
    assert {code.role for variable in book.variables for code in variable.codes if code.role} == set(CODE_ROLES)
    assert book.with_role("context").with_role("caseworker").name == "sagsbehandler"
    assert book.with_role("time").with_role("future").name == "fremtid"
    assert book.with_role("time").with_role("caseworker") is None


def test_the_role_of_a_code_is_one_that_is_known_and_given_once():
    data = valid()
    data["variables"][1]["codes"] = [{"name": "a", "role": "boss"}, "b"]
    with pytest.raises(CodebookError, match="boss"):
        parse_codebook(data)
    data["variables"][1]["codes"] = [{"name": "a", "role": "future"}, {"name": "b", "role": "future"}]
    with pytest.raises(CodebookError, match="future"):
        parse_codebook(data)


def test_the_agency_codebook_follows_the_manual():
    book = load_codebook("agency")
    assert book.names == ("agency", "arbejdsidentitet", "fokus", "kontekst", "vurdering", "tid")
    assert book["agency"].labels == ("magtesløshed", "vekselvirkning", "målbevidsthed")
    assert dict(zip(book["arbejdsidentitet"].labels, book["arbejdsidentitet"].ranks, strict=True)) == {
        "svag": 0,
        "ambivalent": 1,
        "stærk": 2,
        "ikke udtrykt": None,
    }


def test_translations_change_no_digest_and_come_back():
    book = load_codebook()
    model = Path(__file__).parents[1] / "models" / "agency-da" / "narratives.json"
    stored = json.loads(model.read_text(encoding="utf-8"))
    assert stored["codebook_sha256"] == book.sha256
    assert parse_codebook(stored["codebook"]) == book
    assert all(variable.label_en for variable in book.variables)
    again = parse_codebook(book.to_dict())
    assert [variable.label_en for variable in again.variables] == [variable.label_en for variable in book.variables]


def test_labels_are_spoken_and_codes_are_not():
    data = valid()
    data["variables"][0] |= {"label": "Vejr", "label_en": "Weather"}
    book = parse_codebook(data)
    with speaking("en"):
        assert [variable.label for variable in book.spoken.variables] == ["Weather", "w"]
        assert book.spoken["v"].codes == book["v"].codes
    with speaking("da"):
        assert book.spoken == book
        assert book.spoken["v"].label == "Vejr"
    assert "label_en" not in parse_codebook(valid()).to_dict()["variables"][0]


def test_what_a_study_stored_without_translations_is_spoken_as_the_shipped_codebook_says():
    stored = load_codebook().to_dict()
    for variable in stored["variables"]:
        del variable["label_en"]
    stored["variables"][1]["label"] = "Vores egen betegnelse"
    with speaking("en"):
        labels = [variable.label for variable in parse_codebook(stored).spoken.variables]
    assert labels[:2] == ["Degree of agency", "Vores egen betegnelse"]


def test_a_user_s_file_is_read_from_disk(tmp_path):
    path = tmp_path / "bog.yaml"
    path.write_text("name: b\nversion: '1'\nvariables:\n- name: v\n  codes: [ja, nej]\n", encoding="utf-8-sig")
    assert load_codebook(path)["v"].labels == ("ja", "nej")


def test_codes_without_a_rank_may_stand_on_a_ranked_variable():
    assert parse_codebook(valid())["v"].ranks == (0, 1, None)


def change(path, value):
    """The valid codebook with one place changed."""
    data = valid()
    target = data
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("text", "text"),
        ({"name": "b"}, "version"),
        (change(["variables"], []), "variables"),
        (change(["colour"], 1), "colour"),
        (change(["variables", 0, "scale"], "ordered"), "ordered"),
        (change(["variables", 0, "role"], "mood"), "mood"),
        (change(["variables", 0, "label_en"], 3), "v: label_en"),
        (change(["variables", 0, "label_en"], "a\nb"), "v: label_en"),
        (change(["variables", 0, "codes", 1, "rank"], 2), "0, 1, 2"),
        (change(["variables", 0, "codes", 1, "rank"], "1"), "rank"),
        (change(["variables", 0, "codes", 1, "name"], "lav"), "lav"),
        (change(["variables", 1, "name"], "v"), "v"),
        (change(["variables", 1, "codes"], ["a"]), "w"),
        (change(["variables", 1, "codes"], [{"name": "a", "rank": 0}, "b"]), "w"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(data, words):
    with pytest.raises(CodebookError) as caught:
        parse_codebook(data, "bog.yaml")
    assert str(caught.value).startswith("bog.yaml")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"), [(b"name: [", "line 1|linje 1"), (b"\xff\xfe\x00\xd8", "UTF-8")], ids=["yaml", "bytes"]
)
def test_files_that_cannot_be_read_are_one_sentence(tmp_path, content, words):
    path = tmp_path / "bog.yaml"
    path.write_bytes(content)
    with pytest.raises(CodebookError, match=words):
        load_codebook(path)


def test_a_missing_codebook_names_those_there_are():
    with pytest.raises(CodebookError, match="agency"):
        load_codebook("nowhere.yaml")


def test_an_unknown_code_names_those_there_are():
    with pytest.raises(CodebookError, match="vekselvirkning"):
        load_codebook()["agency"].code("nothing")
