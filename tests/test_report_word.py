"""The report in Word: what HTML holds, every number with links to the narratives behind it."""

from __future__ import annotations

import re
import time

import pytest
from lxml import html
from studies import explain_made_up, make_study
from test_report import MARKUP, as_known

from narratives.displays.word_xml import Trace
from narratives.messages import speaking
from narratives.report import write_report


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "study"
    return make_study(folder, 2, 2, 4, silent=(("p02", 1),), professionals=True, mark=MARKUP)


@pytest.fixture(scope="module")
def tree(study):
    (path,) = write_report(study)
    return html.document_fromstring(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def word(study, tmp_path_factory):
    """The report as a Word document."""
    import docx

    files = write_report(study, tmp_path_factory.mktemp("word") / "r.html", docx=True)
    return docx.Document(str(files[1]))


def test_word_holds_the_same(study, word, tree):
    text = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert "Person p01" in text
    assert study.narratives["text"].iloc[0].split(" <")[0] in text
    assert len(word.tables) == len(tree.xpath("//table"))
    assert len(word.inline_shapes) == len(tree.xpath("//figure"))


def test_every_number_in_word_is_followed_by_links_to_narratives_or_a_list_of_them(study, word):
    body = word.element.body
    marks = [mark.get(W + "name") for mark in body.iter(W + "bookmarkStart")]
    assert len(marks) == len(set(marks))
    assert len({mark.get(W + "id") for mark in body.iter(W + "bookmarkStart")}) == len(marks)
    assert sum(bool(re.fullmatch(r"n\d+", mark)) for mark in marks) == len(study.narratives)
    assert {link.get(W + "anchor") for link in body.iter(W + "hyperlink")} <= set(marks)
    known = as_known(study, "1")
    for table in word.tables:
        for cell in (box for row in list(table._tbl.iter(W + "tr"))[1:] for box in row.iter(W + "tc")):
            text = written(cell).strip()
            linked = next(cell.iter(W + "hyperlink"), None) is not None
            assert linked or text == "0" or not re.search(r"\d", known.sub("", text)), text


def test_a_link_in_word_leads_to_the_narrative_that_it_names(word):
    headings = {}
    for mark in word.element.body.iter(W + "bookmarkStart"):
        headings[mark.get(W + "name")] = written(mark.getparent())
    links = [link for link in word.element.body.iter(W + "hyperlink") if link.get(W + "anchor").startswith("n")]
    assert len(links) > 100
    for link in links:
        assert headings[link.get(W + "anchor")] == f"Narrativ {written(link)}"


def test_word_names_stretches_and_lists_what_is_too_much_for_a_cell():
    labels = {f"{wave}{place}": f"{wave}.{place}" for wave in range(1, 9) for place in range(1, 6)}
    trace = Trace({name: f"n{name}" for name in labels})
    assert shown_text(trace.behind(("11", "12", "13", "15", "21", "31"), labels)) == "1.1–1.3, 1.5, 2.1, 3.1"
    assert shown_text(trace.behind(("14", "15"), labels)) == "1.4, 1.5"
    apart = tuple(list(labels)[::2])
    with speaking("da"):
        assert shown_text(trace.behind(apart, labels)) == shown_text(trace.behind(apart, labels)) == "se liste 1"
    assert shown_text(trace.listed(apart, labels)).split(", ") == [labels[name] for name in apart]
    assert list(trace.lists) == [apart]
    owned = Trace(owners={"11": "p01", "12": "p01", "21": "p02"})
    assert shown_text(owned.behind(("11", "12", "21"), labels)) == "p01 1.1, 1.2; p02 2.1"


def written(element) -> str:
    """The text in an element of a Word document."""
    return "".join(text.text for text in element.iter(W + "t"))


def shown_text(xml: str) -> str:
    return re.sub("<[^>]+>", "", xml)


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def test_word_knows_its_language_and_keeps_notes_small_and_plain(study, word, tmp_path):
    from narratives.displays.word import new_document

    with speaking("en"):
        english = new_document("")
    for document, locale in ((word, "da-DK"), (english, "en-GB")):
        languages = {lang.get(W + "val") for lang in document.styles.element.iter(W + "lang")}
        assert languages == {locale, "da-DK"}
        assert document.core_properties.language == locale
        assert document.styles["Spoken"].element.rPr.find(W + "lang").get(W + "val") == "da-DK"
    notes = [paragraph for paragraph in word.paragraphs if paragraph.style.name == "Note"]
    assert len(notes) > len(study.narratives)
    assert word.styles["Note"].font.size.pt < 9
    assert word.styles["Note"].font.bold is None
    assert word.styles["Note"].font.color.rgb is None
    assert not [paragraph for paragraph in word.paragraphs if paragraph.style.name == "Caption"]


@pytest.mark.slow
def test_fifty_persons_in_word_in_a_minute_and_five_megabytes(tmp_path):
    """Both files, as the Word document is made beside the page."""
    study = make_study(tmp_path / "study", 50, 4, 8)
    explain_made_up(study)
    before = time.process_time()
    _, path = write_report(study, docx=True)
    assert time.process_time() - before < 60
    assert path.stat().st_size < 5_000_000
