"""The eight displays: what stands in them, and what they must not invent."""

from __future__ import annotations

import base64
import re

import pytest
from lxml import etree, html
from studies import make_study

from narratives.codebook import parse_codebook
from narratives.displays import DISPLAYS, OF_ONE_PERSON, display
from narratives.displays.base import by_person
from narratives.displays.material import material_of
from narratives.displays.matrix import course_picture, person_by_wave
from narratives.displays.transitions import verdict_counts
from narratives.displays.turning import turning_display
from narratives.displays.words import interval, number, per_cent
from narratives.errors import CodebookError, NarrativesError
from narratives.messages import speaking

WEATHER = parse_codebook(
    {
        "name": "weather",
        "version": "1",
        "variables": [
            {"name": "wind", "scale": "ranked", "codes": [{"name": "calm", "rank": 0}, {"name": "gale", "rank": 1}]},
            {"name": "sky", "codes": ["blue", "grey"]},
        ],
    }
)


@pytest.fixture(autouse=True)
def danish():
    with speaking("da"):
        yield


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "study"
    return make_study(folder, 3, 3, 4, silent=(("p01", 2),), absent=(("p02", 2),), professionals=True)


@pytest.fixture(scope="module")
def material(study):
    with speaking("da"):
        return material_of(study)


@pytest.mark.parametrize("number", sorted(DISPLAYS))
def test_every_display_has_table_html_and_ids_that_exist(material, number):
    shown = display(material, number, "p01")
    assert shown.number == number
    assert list(shown.frame.columns) == [*shown.columns, "narrative_ids"]
    assert len(shown.frame) == len(shown.rows) > 0
    assert set(shown.narrative_ids) <= set(material.of_person("p01")["narrative_id"])
    assert shown.title in shown.html()
    assert shown.html().count('scope="col"') == len(shown.columns)


@pytest.mark.parametrize("number", sorted(DISPLAYS))
def test_every_cell_links_to_its_own_narratives_in_order(material, number):
    shown = display(material, number, "p01")
    anchors = {name: f"n{place}" for place, name in enumerate(material.labels)}
    page = html.fragment_fromstring(shown.html(anchors))
    for row, cells in zip(page.xpath(".//tbody/tr"), shown.rows, strict=True):
        for found, cell in zip(row, cells, strict=True):
            ids = (*cell.narrative_ids, *(quote.narrative_id for quote in cell.quotes))
            assert found.xpath(".//a/@href") == [f"#{anchors[name]}" for name in ids]
            assert found.xpath(".//a/text()") == [material.labels[name] for name in ids]


@pytest.mark.parametrize("number", sorted(set(DISPLAYS) - OF_ONE_PERSON))
def test_displays_of_everybody(material, number):
    shown = display(material, number)
    assert shown.rows
    assert all(len(row) == len(shown.columns) for row in shown.rows)


@pytest.mark.parametrize(("number", "person"), [(9, None), (2, None), (3, None), (7, "p99")])
def test_what_cannot_be_shown_is_said(material, number, person):
    with pytest.raises(NarrativesError):
        display(material, number, person)


def test_a_wave_without_narratives_is_not_zero(material):
    rows = {row[0].text: row for row in person_by_wave(material).rows[::2]}
    assert rows["p01"][3].text == "ingen narrativer"
    assert not rows["p01"][3].narrative_ids
    assert rows["p02"][3].text == "intet interview"
    assert "n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}4" in rows["p03"][3].text
    assert len(rows["p03"][3].quotes) == 2


def test_numbers_are_those_of_the_profiles(material):
    profile = material.profiles[(material.profiles["person"] == "p03") & (material.profiles["wave"] == 1)].iloc[0]
    cell = person_by_wave(material, "p03").rows[0][1]
    assert cell.text.startswith(number(profile["mean"]))
    assert ";".join(cell.narrative_ids) == profile["narrative_ids"]


def test_quotes_are_unaltered_and_marked_as_the_models(material):
    cell = display(material, 2, "p03").rows[0]
    quotes = [quote for part in cell for quote in part.quotes]
    texts = set(material.of_person("p03")["text"])
    assert quotes
    assert all(quote.text in texts and quote.note.startswith("modellens kode: ") for quote in quotes)


def test_contexts_sort_by_polarity(material):
    rows = material.of_person("p03").set_index("narrative_id")
    for row in display(material, 3, "p03").rows:
        assert {rows.loc[quote.narrative_id, "vurdering"] for quote in row[1].quotes} <= {"positiv"}
        assert {rows.loc[quote.narrative_id, "vurdering"] for quote in row[2].quotes} <= {"negativ", "blandet"}


def test_interventions_and_chains_come_from_the_text(material):
    found = display(material, 4, "p03")
    assert any("praktik" in row[0].text.casefold() for row in found.rows)
    assert found.picture is not None
    chains = display(material, 5, "p03")
    assert all("→" in row[1].text for row in chains.rows)


def test_narratives_about_the_caseworker_are_a_band(material):
    rows = material.of_person("p01")
    about = rows[rows["kontekst"] == "sagsbehandler"]
    band = display(material, 4, "p01").rows[0]
    assert [name for cell in band[1:] for name in cell.narrative_ids] == list(about["narrative_id"])
    whole = display(material, 4).rows[0]
    assert sum(len(cell.narrative_ids) for cell in whole[2:]) == int(
        (material.rows["kontekst"] == "sagsbehandler").sum()
    )


def test_what_merely_comes_after_has_no_arrow(material):
    chains = display(material, 5, "p01").frame
    told = " ".join(map(str, chains.to_numpy().ravel()))
    kinds = set(material.chains.loc[material.chains["person"] == "p01", "kind"])
    assert ("→" in told) == bool(kinds - {"temporal"})
    assert ("··" in told) == ("temporal" in kinds)


def test_professionals_are_a_line_of_their_own(study, material):
    other = material_of(study, "professional")
    assert not set(other.rows["narrative_id"]) & set(material.rows["narrative_id"])
    assert set(other.persons) == {"p01", "p02", "p03"}
    assert other.rows["label"].str.startswith("F").all()
    assert "p01" in display(other, 7).html()


def test_transitions_tell_new_gone_and_kept(material):
    shown = display(material, 8, "p03")
    last = [row for row in shown.rows if row[4].text.startswith("nyt: ")]
    assert len(last) == 2
    assert all("forsvundet: " in row[4].text and "bevaret: " in row[4].text for row in last)


def test_transitions_tell_the_size_of_a_shift_and_its_p(study):
    material = material_of(study)
    material.__dict__["shifts"] = material.shifts.assign(cliffs_delta=-0.5, p_value=0.0002, difference=0.1)
    shown = display(material, 8, "p03").frame
    step = shown[shown["Bølger"] == "1 → 2"].iloc[0]
    assert step["Cliffs delta (p)"].replace("\N{NO-BREAK SPACE}", " ") == "−0,50 (p < 0,001)"
    told = shown[shown["Variabel"] == material.codebook.with_role("context").label]
    assert set(told["Cliffs delta (p)"]) == {"–"}


def test_everybody_has_one_verdict(material):
    for row in verdict_counts(material).rows:
        assert sum(int(cell.text.partition(":")[0]) for cell in row[1:]) == 3


def test_turning_points_say_when_there_is_none(material):
    shown = turning_display(material, "p01")
    assert len(shown.rows) == 2
    assert all(row[1].text for row in shown.rows)


@pytest.mark.parametrize(("later", "marked"), [(2, True), (3, False)])
def test_a_turning_point_inside_a_wave_is_marked_as_one_of_telling(study, later, marked):
    material = material_of(study)
    one, other = material.of_person("p01")["narrative_id"].iloc[:2]
    told = {"found": True, "wave_before": 2, "wave_after": later, "narrative_before": one, "narrative_after": other}
    told |= {"mean_before": 0.1, "mean_after": 1.2, "direction": "gain", "p_value": 0.01}
    material.__dict__["turning_points"] = material.turning_points.assign(**told)
    shown = turning_display(material, "p01")
    assert all(("inden for bølge 2: måske et emneskift" in row[1].text) is marked for row in shown.rows)
    assert "emneskift" in shown.notes[0]


def test_pictures_hold_text_and_alternatives(material):
    for picture in (display(material, 6, "p03").picture, course_picture(material, "p03")):
        assert picture is not None
        assert picture.alt
        assert "<text" in picture.svg
        assert "Grad af agency" in picture.svg
        assert picture.png(40).startswith(b"\x89PNG")


@pytest.mark.parametrize("number", [4, 6])
def test_a_picture_on_a_page_says_and_draws_the_same_in_fewer_bytes(material, number):
    whole = display(material, number, "p03").picture.svg
    compact = base64.b64decode(display(material, number, "p03").picture.data_uri.partition(",")[2]).decode()
    before, after = (etree.fromstring(svg.encode()) for svg in (whole, compact))
    assert len(compact) < 0.7 * len(whole)
    for tag, attribute in (("text", None), ("use", HREF), ("image", HREF), ("path", "style"), ("clipPath", "id")):
        told = [
            [element.get(attribute) if attribute else element.text for element in tree.iter(f"{{*}}{tag}")]
            for tree in (before, after)
        ]
        assert [str(item).replace(" ", "") for item in told[1]] == [str(item).replace(" ", "") for item in told[0]]
    names = set(after.xpath("//@id"))
    assert set(re.findall(r"url\(#(.+?)\)", compact)) <= names
    assert {use.get(HREF)[1:] for use in after.iter("{*}use")} <= names
    for path, exact in zip(after.iter("{*}path"), before.iter("{*}path"), strict=True):
        assert numbers(path.get("d")) == pytest.approx(numbers(exact.get("d")), abs=0.01)


HREF = "{http://www.w3.org/1999/xlink}href"


def numbers(path: str) -> list[float]:
    """Of a path's drawing."""
    return [float(found) for found in re.findall(r"-?[\d.]+", path)]


def test_labels_follow_the_language_and_codes_do_not(study):
    for language, label in (("da", "Grad af agency"), ("en", "Degree of agency")):
        with speaking(language):
            assert study.material is study.material
            assert {label, "magtesløshed"} <= set(re.findall(r"[A-ZÆ][\w ]+|magtesløshed", study.display(7).notes[0]))
            shown = study.person("p03")
            assert label in shown.display(6).picture.svg
            assert label in course_picture(study.material, "p03").svg
            assert label in shown.display(8).html()
            assert label in study._repr_html_()
            assert study.chart().to_dict()["layer"][0]["encoding"]["x"]["title"] == label


def test_numbers_follow_the_language_and_files_do_not(study, tmp_path):
    told = {}
    for language, mark in (("da", ","), ("en", ".")):
        with speaking(language):
            shown = study.display(8, "p03")
            told[language] = [cell.text for row in shown.rows for cell in row]
            other = {",": r"\.", ".": ","}[mark]
            assert any(re.search(rf"[−+]\d\{mark}\d\d", text) for text in told[language])
            assert not any(re.search(rf"\d{other}\d", text) for text in told[language])
            assert study.chart().to_dict()["config"]["locale"]["number"]["decimal"] == mark
    assert [text.replace(",", ".") for text in told["da"] if "[" in text] == [
        text for text in told["en"] if "[" in text
    ]


def test_where_there_is_no_interval_a_single_dash_says_so():
    assert interval(float("nan"), float("nan")) == "[–]"
    assert interval(0.5, float("nan")) == "[0,50;\N{NO-BREAK SPACE}–]"


@pytest.mark.parametrize(
    ("ids", "parts"),
    [
        ([], []),
        (["a", "b"], [("", ["a", "b"])]),
        (["a", "c", "d", "b"], [("p1", ["a"]), ("p2", ["c", "d"]), ("p1", ["b"])]),
    ],
)
def test_ids_stand_under_persons_only_where_there_are_several(ids, parts):
    assert by_person(ids, {"a": "p1", "b": "p1", "c": "p2", "d": "p2"}) == parts
    assert [name for _, theirs in by_person(ids, {}) for name in theirs] == ids


def test_one_person_one_wave_one_narrative(tmp_path):
    material = material_of(make_study(tmp_path / "study", 1, 1, 1))
    for figure in DISPLAYS:
        assert display(material, figure, "p01").html()
    assert "kun én bølge" in display(material, 2, "p01").html()


def test_another_codebook_without_roles(tmp_path):
    material = material_of(make_study(tmp_path / "study", 2, 2, 3, codebook=WEATHER))
    for figure in DISPLAYS:
        assert display(material, figure, "p01").html()
    assert "wind" in display(material, 7, "p01").html()


def test_the_interactive_plane_loads_nothing(material, tmp_path):
    from narratives.displays.interactive import plane_chart, save_chart

    save_chart(plane_chart(material), tmp_path / "plane.html")
    page = (tmp_path / "plane.html").read_text(encoding="utf-8")
    assert "<script src=" not in page
    assert "p03" in page
    assert material.rows["narrative_id"].iloc[0] in page


BEGINNINGS = {".docx": b"PK", ".xlsx": b"PK", ".html": b"<!DOCTYPE html>", ".csv": b"Person,", ".png": b"\x89PNG"}


@pytest.mark.parametrize("suffix", [*BEGINNINGS, ".svg", ".DOCX"])
def test_a_display_is_saved_as_its_suffix_says(material, tmp_path, suffix):
    shown = display(material, 6, "p03")
    path = shown.save(str(tmp_path / "new" / f"plane{suffix}"))
    content = path.read_bytes()
    assert content.startswith(BEGINNINGS.get(suffix.lower(), b"<?xml"))
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_saved_display_holds_the_same_table(material, tmp_path):
    import docx
    import pandas as pd
    from lxml import html

    shown = display(material, 6)
    for suffix in (".csv", ".xlsx"):
        read = {".csv": pd.read_csv, ".xlsx": pd.read_excel}[suffix]
        again = read(shown.save(tmp_path / f"a{suffix}"), dtype=str, keep_default_na=False)
        assert again.to_numpy().tolist() == shown.frame.to_numpy().tolist()
    table = docx.Document(str(shown.save(tmp_path / "a.docx"))).tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows[1:]] == [[c.plain for c in r] for r in shown.rows]
    page = html.fromstring(shown.save(tmp_path / "a.html").read_bytes())
    assert page.get("lang") == "da"
    assert len(page.xpath("//tbody/tr")) == len(shown.rows)
    assert all(source.startswith("data:") for source in page.xpath("//@src"))


def test_what_cannot_be_saved_is_said(material, tmp_path, monkeypatch):
    table, plane = display(material, 7), display(material, 6)
    with pytest.raises(NarrativesError, match=r"a\.pdf.*\.docx"):
        table.save(tmp_path / "a.pdf")
    with pytest.raises(NarrativesError, match="ingen tegning"):
        table.save(tmp_path / "a.svg")
    (tmp_path / "file").write_text("")
    with pytest.raises(NarrativesError, match="kunne ikke skrives"):
        plane.save(tmp_path / "file" / "a.csv")
    kept = plane.save(tmp_path / "a.docx").read_bytes()
    monkeypatch.setattr("narratives.displays.word.add_display", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        table.save(tmp_path / "a.docx")
    assert kept == (tmp_path / "a.docx").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.docx", "file"]


@pytest.mark.parametrize(
    ("value", "signed", "in_danish", "english"),
    [
        (0.5, False, "0,50", "0.50"),
        (-1.234, True, "−1,23", "−1.23"),
        (0.0, True, "+0,00", "+0.00"),
        (float("nan"), False, "–", "–"),
    ],
)
def test_numbers(value, signed, in_danish, english):
    assert number(value, signed=signed) == in_danish
    with speaking("en"):
        assert number(value, signed=signed) == english


def test_shares_and_intervals():
    assert per_cent(0.256) == "26\N{NO-BREAK SPACE}%"
    assert interval(0.1, 1) == "[0,10;\N{NO-BREAK SPACE}1,00]"


def test_a_study_can_be_looked_at(study):
    person = study.person("p03")
    assert person.display(3).number == 3
    assert "<table>" in person._repr_html_()
    assert "<table>" in study._repr_html_()
    found = study.quotes(agency="magtesløshed", wave=2)
    assert set(found["wave"]) <= {2}
    assert set(found["agency"]) <= {"magtesløshed"}
    assert len(person.plot_shift().axes) == 2
    assert len(study.plot_shift().axes) == 1
    assert len(study.plot_shift("p03").axes) == len(study.plot_shift(person="p03").axes) == 2
    with pytest.raises(NarrativesError, match="p01, p02, p03"):
        study.plot_shift("p77")
    with pytest.raises(NarrativesError, match="p01, p02, p03"):
        study.person("p77")
    with pytest.raises(CodebookError):
        study.quotes(agency="storm")
    with pytest.raises(NarrativesError):
        study.quotes(vejr="storm")
