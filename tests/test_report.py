"""The report: whole, traceable to the source, offline, escaped."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
import time
import warnings
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from lxml import html
from studies import explain_made_up, make_study

from narratives.agency import dominant, draw_sample
from narratives.cli import main
from narratives.displays import OF_ONE_PERSON
from narratives.report import write_report
from narratives.report.context import context_of
from narratives.report.facts import citation
from narratives.study.tables import parse_spans
from narratives.study.tracking import track

ROOT = Path(__file__).parents[1]
MARKUP = "<script>alert('x')</script><img src=http://example.com/a.png> & "


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "study"
    return make_study(folder, 2, 2, 4, silent=(("p02", 1),), professionals=True, mark=MARKUP)


@pytest.fixture(scope="module")
def page(study):
    (path,) = write_report(study)
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tree(page):
    return html.document_fromstring(page)


@pytest.fixture(scope="module")
def reviewed(study, tmp_path_factory):
    """The report with people's codes for eight narratives."""
    path = filled_in(study, tmp_path_factory.mktemp("reviewed") / "review.csv")
    (page,) = write_report(study, path.with_suffix(".html"), review=path)
    return html.document_fromstring(page.read_text(encoding="utf-8"))


def filled_in(study, path: Path) -> Path:
    """A sheet as a coder named Åse fills it in."""
    sheet = draw_sample(study.narratives, 8, seed=1)[["narrative_id", "probability", "text"]]
    for variable in study.codebook.variables:
        sheet[variable.name] = variable.labels[0]
    sheet.assign(coder="Åse").to_csv(path, index=False)
    return path


def as_parsed(text: str) -> str:
    """HTML knows no carriage returns."""
    return text.replace("\r\n", "\n")


def test_every_quote_in_context_follows_back_to_the_source(study, tree):
    articles = tree.xpath("//article[@data-narrative]")
    assert len(articles) == len(study.narratives)
    for article in articles:
        source = study.source(article.get("data-transcript"))
        spans = parse_spans(article.get("data-spans"))
        marked = [mark.text_content() for mark in article.xpath(".//mark")]
        assert marked == [as_parsed(source[start:end]) for start, end in spans]
        around = article.xpath(".//div[@class='source']")[0].text_content().removeprefix("… ").removesuffix(" …")
        assert around in as_parsed(source)


def test_every_number_and_figure_leads_to_narratives_that_are_there(study, tree):
    known = set(study.narratives["narrative_id"])
    told = {f"#{article.get('id')}": article for article in tree.xpath("//article[@data-narrative]")}
    assert {article.get("data-narrative") for article in told.values()} == known
    links = tree.xpath(f"//{LINK}")
    assert len(links) > 100
    for link in links:
        assert told[link.get("href")].xpath("./h4")[0].text_content() == f"Narrativ {link.text_content()}"
    figures = tree.xpath("//figure")
    assert figures
    for figure in figures:
        ids = set(figure.get("data-narrative").split(";"))
        assert ids
        assert ids <= known
    assert not tree.xpath("//span[@data-narrative]"), "a narrative without its quote in context"


def test_every_cell_with_a_number_leads_to_narratives(study, reviewed, tree):
    """Every cell of every table, of everybody and of persons, but for what is known of the interviews themselves."""
    for page in (tree, reviewed):
        sections = page.xpath("//section[./div/table]")
        assert {display_number(section) for section in sections} == set("012345678")
        for section in sections:
            known = as_known(study, display_number(section))
            for cell in section.xpath(f"./div/table/tbody//*[self::td or self::th][not(.//{LINK})]"):
                text = cell.text_content().strip()
                assert text == "0" or not re.search(r"\d", known.sub("", text)), text


LINK = "a[starts-with(@href,'#n')]"
"""A link to a narrative in its context; ids of other places on the page begin otherwise."""


def narrative_of(link) -> str:
    """Id of the narrative that a link leads to."""
    return link.getroottree().getroot().get_element_by_id(link.get("href")[1:]).get("data-narrative")


def display_number(section) -> str:
    """Of the display that a section is; "" for others."""
    found = re.search(r"\bdisplay-(\d)\b", section.get("class") or "")
    return found[1] if found else ""


def as_known(study, display: str) -> re.Pattern[str]:
    """What may stand without a narrative: persons and waves; in display 1 the dates and attributes of interviews."""
    waves = "|".join(map(str, sorted(set(study.interviews["wave"]))))
    persons = "|".join(sorted(set(study.interviews["person"])))
    told = [rf"\b({persons})\b", rf"^(Bølge )?({waves})$", rf"^({waves}) → ({waves})( \(hele forløbet\))?$"]
    if display == "1":
        ages = "|".join(map(str, sorted(set(study.interviews["age"]))))
        dates = r"\d{4}-\d\d-\d\d"
        told += [rf"\b({ages})\b", r"^\d+ interview\b", rf"{dates} til {dates} \(\d+ mdr\.\)"]
    return re.compile("|".join(told))


def test_numbers_in_pictures_stand_in_their_tables(tree):
    """What a picture tells (its text for those who do not see it) stands in cells with narratives behind them."""
    figures = tree.xpath("//section[@data-person]//figure")
    assert {display_number(figure.getparent()) for figure in figures} == {"4", "6"}
    for figure in figures:
        linked = figure.xpath(f"../div//*[self::td or self::th][.//{LINK}]")
        texts = " ".join(cell.text_content() for cell in linked)
        drawn = re.findall(r"−?\d+,\d\d", figure.xpath("./img/@alt")[0])
        assert all(number in texts for number in drawn)
        behind = {narrative_of(link) for link in figure.xpath(f"../div//{LINK}")}
        assert behind == set(figure.get("data-narrative").split(";"))


def titled(tree, title: str, person: str | None = None) -> list:
    """The displays with a title, a person's or everybody's."""
    place = f"//section[@data-person='{person}']" if person else "//section[@id='overview']"
    return tree.xpath(f"{place}/section[*[starts-with(name(),'h')]/text()='{title}']")


def rows_of(section) -> list[list[str]]:
    """What stands first in each cell of a display's table."""
    rows = section.xpath(".//tbody/tr")
    return [[cell.xpath("string((.//summary | self::*)[last()])").strip() for cell in row] for row in rows]


def test_the_dominant_category_stands_with_its_uncertainty_and_mixture(study, tree, reviewed):
    table = dominant(study.narratives, study.codebook)
    (shown,) = titled(tree, "Dominerende kategori og blanding hos hver person")
    rows = rows_of(shown)
    assert len(rows) == len(table) == 4
    for cells, row in zip(rows, table.to_dict("records"), strict=True):
        assert (cells[0], cells[2]) == (row["person"], row["code"])
        assert cells[3].startswith(f"{round(100 * row['share'])}\N{NO-BREAK SPACE}% [")
        assert f"sandsynlighed {round(100 * row['probability'])}\N{NO-BREAK SPACE}%" in cells[3]
        assert cells[4].startswith(f"{row['mixture']:.2f} (".replace(".", ","))
    assert "ikke typer" in shown.text_content()
    assert "ikke rettet" not in shown.text_content()
    (beside_review,) = titled(reviewed, "Dominerende kategori og blanding hos hver person")
    assert "er modellens og er ikke rettet" in beside_review.text_content()
    for person in ("p01", "p02"):
        (own,) = titled(tree, "Dominerende kategori og blanding hos hver person", person)
        assert rows_of(own) == [cells[1:] for cells in rows if cells[0] == person]
        behind = {narrative_of(link) for link in own.xpath(f".//{LINK}")}
        assert behind == set(study.narratives.loc[study.narratives["person"] == person, "narrative_id"])


def test_interventions_stand_with_how_their_narratives_evaluate(study, tree):
    """Right after display 4, each number the narratives of that code, in its order."""
    codes = study.narratives.set_index("narrative_id")[study.codebook.with_role("evaluation").name]
    (shown,) = titled(tree, "Vurdering af indsatserne", "p01")
    assert display_number(shown.getprevious()) == "4"
    cells = shown.xpath(".//td[.//details]")
    assert cells
    for cell in cells:
        told = [part.rsplit(" ", 1) for part in cell.xpath("string(.//summary)").split(", ")]
        behind = [codes[narrative_of(link)] for link in cell.xpath(f".//{LINK}")]
        assert behind == [code for code, count in told for _ in range(int(count))]


def test_professionals_shifts_are_theirs_alone(study, tree, tmp_path):
    (shown,) = titled(tree, "Fagpersoner om p01: Overgange mellem bølger", "p01")
    roles = study.narratives.set_index("narrative_id")["role"]
    assert {roles[narrative_of(link)] for link in shown.xpath(f".//{LINK}")} == {"professional"}
    assert "indgår aldrig i deltagerens tal" in shown.text_content()
    for other in tree.xpath("//section[@data-person]/section[contains(@class,'display-')]"):
        if "Fagpersoner om" not in other.xpath("string(h3)"):
            assert {roles[narrative_of(link)] for link in other.xpath(f".//{LINK}")} <= {"participant"}
    once = make_study(tmp_path / "study", 1, 1, 4, professionals=True)
    (path,) = write_report(once)
    assert "Fagpersoner om" not in path.read_text(encoding="utf-8")


def test_nothing_loads_from_outside(page, tree):
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert not tree.xpath("//script | //link | //iframe | //object | //embed | //form | //base")
    assert all(source.startswith("data:image/svg+xml;base64,") for source in tree.xpath("//@src"))
    assert all(target.startswith("#") for target in tree.xpath("//@href"))
    assert "@import" not in page
    assert not re.search(r"url\(", "".join(tree.xpath("//style/text()")))
    assert not tree.xpath("//*/@onclick | //*/@onload | //*/@onerror")


def test_what_people_said_is_escaped(page, tree):
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert not tree.xpath("//img[starts-with(@src,'http')]")


def test_it_can_be_read_without_eyes_or_mouse(tree):
    assert tree.get("lang") == "da"
    assert tree.xpath("//main[@id='content']")
    assert tree.xpath("//nav[@aria-label]")
    assert tree.xpath("//a[@class='skip'][@href='#content']")
    assert len(tree.xpath("//h1")) == 1
    levels = [int(node.tag[1]) for node in tree.xpath("//h1 | //h2 | //h3 | //h4")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(table.xpath("./caption") for table in tree.xpath("//table"))
    assert all(cell.get("scope") for cell in tree.xpath("//th"))
    assert all(image.get("alt") for image in tree.xpath("//img"))
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert all(target[1:] in set(ids) for target in tree.xpath("//@href"))


def test_methods_and_limits_are_the_runs_own(tree):
    methods = tree.xpath("//section[@id='methods']")[0].text_content()
    for told in ("made-up", "0123456789ab", "agency", "narratives 0.1.0", "2026-01-02"):
        assert told in methods
    limits = tree.xpath("//section[@id='limits']")[0].text_content()
    assert "p02 (1)" in limits
    assert "ingen manuel kodning" in limits
    assert "persondata" in tree.xpath("//*[@class='warning']")[0].text_content()


def test_human_codes_are_shown_as_such(reviewed):
    text = reviewed.text_content()
    assert "manuel kode (Åse): " in text
    assert "modellens kode: " in text
    assert "Rettet ud fra manuel kodning" in text


def test_english_on_demand(study, tmp_path, capsys):
    assert main(["report", str(study.path), "-o", str(tmp_path / "r.html"), "--lang", "en"]) == 0
    page = html.document_fromstring((tmp_path / "r.html").read_text(encoding="utf-8"))
    assert page.get("lang") == "en"
    assert "Limits" in page.text_content()
    assert "personal data" in capsys.readouterr().out
    pictures = " ".join(base64.b64decode(source.partition(",")[2]).decode() for source in page.xpath("//img/@src"))
    for quoted in page.xpath("//blockquote | //mark"):
        quoted.drop_tree()
    for variable in study.codebook.variables:
        assert variable.label not in page.text_content() + pictures
        assert not any(variable.label in alt for alt in page.xpath("//img/@alt"))
    assert "Degree of agency" in pictures
    assert "The participant's own evaluation" in page.text_content()
    numbers = page.xpath("//summary/text()") + page.xpath("//img/@alt")
    assert not any(re.search(r"\d,\d", told) for told in numbers)
    assert any(re.search(r"\d\.\d\d \[", told) for told in numbers)


def test_numbers_in_danish_have_a_comma(tree):
    numbers = tree.xpath("//summary/text()") + tree.xpath("//img/@alt")
    assert not any(re.search(r"\d\.\d", told) for told in numbers)
    assert any(re.search(r"\d,\d\d \[", told) for told in numbers)


def test_the_terminal_speaks_as_the_report_and_files_do_not(tmp_path, capsys):
    study, tables = make_study(tmp_path / "study", 2, 2, 4), {}
    for language, label, mark in (("da", "Grad af agency", ","), ("en", "Degree of agency", ".")):
        assert main(["--lang", language, "track", str(study.path)]) == 0
        shown = capsys.readouterr().out
        assert label in shown
        assert re.search(rf"[+−]\d\{mark}\d\d \[[+−]\d\{mark}\d\d;", shown)
        tables[language] = study.folder.table("shifts").read_bytes()
    assert tables["da"] == tables["en"]


def test_interventions_in_the_user_s_own_words(tmp_path, capsys):
    study = make_study(tmp_path / "study", 1, 2, 5)
    track(study)
    words = tmp_path / "vores.yaml"
    words.write_text(
        "version: '1'\ncategories: {post: {da: Post, en: Mail}}\n"
        "interventions:\n- {name: digital post, category: post, words: [e-Boks]}\n",
        encoding="utf-8",
    )
    told = {}
    for name, options in (("without", []), ("with", ["--vocabulary", str(words)])):
        assert main(["report", str(study.path), *options, "--quiet"]) == 0
        page = html.document_fromstring((study.path / "report.html").read_text(encoding="utf-8"))
        shown = page.xpath("//section[@data-person]//section[contains(@class,'display-4')]")[0]
        told[name] = shown.text_content()
        found = shown.xpath(".//tr[th[contains(.,'digital post')]]//a")
        assert all("e-Boks" in text_of(page, link) for link in found)
        assert bool(found) == (name == "with")
    assert "vores.yaml" in told["with"]
    assert "vores.yaml" not in told["without"]
    words.write_text("interventions: 3", encoding="utf-8")
    before = (study.path / "report.html").read_bytes()
    assert main(["report", str(study.path), "--vocabulary", str(words)]) == 1
    assert "vores.yaml" in capsys.readouterr().err
    assert (study.path / "report.html").read_bytes() == before


def test_numbers_of_several_persons_say_whose_narratives_stand_behind_them(study, reviewed):
    person = dict(zip(study.narratives["narrative_id"], study.narratives["person"], strict=True))
    cells = reviewed.xpath("//section[@id='overview']//details/p")
    mixed = [cell for cell in cells if len({person[narrative_of(link)] for link in cell.xpath(f"./{LINK}")}) > 1]
    assert mixed
    for cell in mixed:
        for link in cell.xpath(f"./{LINK}"):
            assert link.xpath("string(preceding-sibling::b[1])") == person[narrative_of(link)]
    assert not [cell for cell in cells if cell not in mixed and cell.xpath("./b")]
    assert not reviewed.xpath("//section[@data-person]//details/p/b")


def text_of(page, link) -> str:
    """What the narrative says that a link leads to."""
    return page.get_element_by_id(link.get("href")[1:]).text_content()


def test_context_keeps_words_whole_and_adds_up():
    source = "en to tre fire fem seks syv otte ni ti"
    found = context_of(source, ((14, 17), (18, 22)), reach=8)
    assert "".join(piece.text for piece in found.pieces) == source[found.start : found.end]
    assert [piece.text for piece in found.pieces if piece.marked] == [source[14:17], source[18:22]]
    assert found.cut_before
    assert found.cut_after
    assert source[found.start - 1] == " "
    assert source[found.end] == " "
    whole = context_of(source, ((0, len(source)),))
    assert (whole.cut_before, whole.cut_after) == (False, False)


def test_citation_file_agrees():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    told = citation(cited["version"])
    assert cited["title"] in told
    assert cited["authors"][0]["name"] in told
    assert cited["date-released"][:4] in told


def test_displays_of_one_person_are_in_persons_sections(tree):
    for number in OF_ONE_PERSON:
        assert len(tree.xpath(f"//section[@data-person]//section[contains(@class,'display-{number}')]")) == 2


@pytest.mark.slow
def test_fifty_persons_with_evidence_in_twenty_seconds_and_nine_megabytes(tmp_path):
    study = make_study(tmp_path / "study", 50, 4, 8)
    explain_made_up(study)
    before = time.process_time()
    (path,) = write_report(study)
    assert time.process_time() - before < 20
    assert path.stat().st_size < 9_000_000
    tree = html.document_fromstring(path.read_text(encoding="utf-8"))
    assert len(tree.xpath("//p[contains(@class,'evidence')]")) == 50 + len(study.narratives)
    assert len(tree.xpath("//mark/b")) > 8 * len(study.narratives)


@pytest.mark.slow
def test_five_hundred_persons_without_a_warning(tmp_path):
    """About as long for each person as in a report of fifty, for the report and for the tables."""
    study = make_study(tmp_path / "study", 500, 2, 3)
    before = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tracking = track(study)
        (path,) = write_report(study)
    assert time.process_time() - before < 300
    assert tracking["profiles"]["person"].nunique() == 500
    assert path.read_text(encoding="utf-8").count("data-person=") == 500


@pytest.mark.slow
def test_where_every_code_is_uncertain_nothing_is_decided(tmp_path):
    study = make_study(tmp_path / "study", 3, 3, 6, flat=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tracking = track(study)
        (path,) = write_report(study)
    assert set(tracking["shifts"]["verdict"]) == {"undecided"}
    assert not tracking["turning_points"]["found"].any()
    tree = html.document_fromstring(path.read_text(encoding="utf-8"))
    verdicts = tree.xpath("(//section[contains(@class,'display-0')])[1]//tbody//td")
    assert {cell.text_content().strip() for cell in verdicts if not cell.xpath(".//a")} == {"0"}


@pytest.mark.slow
def test_chromium_asks_for_nothing(study, page, tmp_path):
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("chromium is not installed")
    assert MARKUP.strip()[:8] in "".join(study.narratives["text"])
    log = tmp_path / "net.json"
    subprocess.run(
        [chromium, *WITHOUT_NETWORK, f"--user-data-dir={tmp_path / 'profile'}", f"--log-net-log={log}", "--dump-dom",
         (study.path / "report.html").as_uri()],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    assert "report.html" in log.read_text(encoding="utf-8", errors="replace")
    assert hosts_asked(log) <= OF_THE_BROWSER


WITHOUT_NETWORK = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-background-networking", "--disable-component-update", "--disable-extensions", "--disable-sync",
    "--disable-features=OptimizationHints,OptimizationGuideModelDownloading,NetworkTimeServiceQuerying",
)  # fmt: skip
"""No name leads anywhere, and the browser is told to want as little as it can."""

OF_THE_BROWSER = frozenset(
    {"accounts.google.com", "android.clients.google.com", "clients2.google.com"}
    | {"update.googleapis.com", "www.google.com"}
)
"""Hosts that Chromium (up to 150) would ask, with about:blank, too; exact names, as a page might load from their like.
"""


def hosts_asked(log: Path) -> set[str]:
    """Hosts of all addresses in a Chromium net log (cut off where the browser was closed)."""
    found = re.findall(r'"url":\s*"(?:https?|wss?|ftp)://([^/"]+)', log.read_text(encoding="utf-8", errors="replace"))
    return set(found)
