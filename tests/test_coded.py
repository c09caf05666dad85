"""Coded data: what is read, what is refused, and how codings come together."""

import itertools
import json

import pytest
from dummies import tiny_model

from narratives.cli import main
from narratives.codebook import load_codebook, parse_codebook
from narratives.coded import CodedData, CodedText, Coding, draw_persons, hold_out, rare_codes, read_coded, take_test
from narratives.coded.splitting import some_persons
from narratives.errors import CodedDataError
from narratives.messages import set_language


@pytest.fixture(autouse=True)
def _english():
    set_language("en")
    yield
    set_language(None)


BOOK = parse_codebook(
    {
        "name": "mood",
        "version": "1",
        "variables": [
            {"name": "mood", "scale": "ranked", "codes": [{"name": "lav", "rank": 0}, {"name": "høj", "rank": 1}]},
            {"name": "emne", "codes": ["arbejde", "bolig", "børn"]},
        ],
    }
)


def write_table(path, rows, encoding="utf-8", newline="\n"):
    path.write_bytes(newline.join(";".join(row) for row in rows).encode(encoding))
    return path


def row(number, mood="lav", emne="bolig", text=None):
    return (f"r{number}", text or f"Jeg bor i hus nummer {number}, og det er fint nok", f"p{number % 4}", mood, emne)


HEADER = ("id", "tekst", "deltager", "mood", "emne")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_danish_excel_tables_read_alike(tmp_path, encoding):
    rows = [HEADER, *[row(n, "høj" if n % 2 else "lav", "børn" if n % 3 else "bolig") for n in range(12)]]
    data = read_coded(write_table(tmp_path / "t.csv", rows, encoding, "\r\n"))
    assert data.codebook.names == ("mood", "emne")
    assert set(data.codebook["emne"].labels) == {"børn", "bolig"}
    assert data.persons == ["p0", "p1", "p2", "p3"]
    assert data.texts[3].text == "Jeg bor i hus nummer 3, og det er fint nok"
    assert any("tekst" in note for note in data.notes)


def test_xlsx_reads_like_csv_and_numbers_lose_their_decimals(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["tekst", "grad"])
    for number in range(12):
        book.active.append([f"Det her er en ret lang tekst nummer {number}", float(number % 3)])
    book.save(tmp_path / "t.xlsx")
    data = read_coded(tmp_path / "t.xlsx")
    assert data.codebook["grad"].labels == ("0", "1", "2")
    assert not data.persons_known
    assert len(data.persons) == 12


@pytest.mark.parametrize("nested", [True, False])
def test_json_lines_read_nested_and_flat(tmp_path, nested):
    codes = {"mood": "høj", "emne": "børn"}
    records = [
        {"id": f"a{n}", "text": f"tekst {n}", "person": "p", **({"codes": codes} if nested else codes)}
        for n in range(3)
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), encoding="utf-8")
    data = read_coded(path, codebook=BOOK)
    assert [text.code("mood") for text in data.texts] == ["høj"] * 3
    assert data.texts[0].group == "a"


def fault(tmp_path, rows, **options):
    with pytest.raises(CodedDataError) as caught:
        read_coded(write_table(tmp_path / "t.csv", rows), codebook=BOOK, **options)
    return str(caught.value)


def test_each_fault_names_its_rows(tmp_path):
    good = [row(n, "høj", "børn") for n in range(4)]
    assert "t.csv 6" in fault(tmp_path, [HEADER, *good, row(9, "middel")])
    assert "“middel”" in fault(tmp_path, [HEADER, *good, row(9, "middel")])
    assert "t.csv 6" in fault(tmp_path, [HEADER, *good, ("r9", " ", "p1", "lav", "bolig")])
    twice = fault(tmp_path, [HEADER, *good, ("r1", "en anden tekst", "p1", "lav", "bolig")])
    assert "r1" in twice
    assert "t.csv 3, t.csv 6" in twice


def test_a_person_on_both_sides_is_refused(tmp_path):
    header = (*HEADER, "split")
    rows = [header, (*row(0), "train"), (*row(4), "test"), (*row(1), "train")]
    message = fault(tmp_path, rows)
    assert "p0" in message
    assert "t.csv 2" in message
    assert "t.csv 3" in message


def test_conflicting_codings_become_shares_and_are_said(tmp_path):
    rows = [HEADER, *[row(n) for n in range(4)], ("r1", row(1)[1], "p1", "høj", "bolig")]
    data = read_coded(write_table(tmp_path / "t.csv", rows), codebook=BOOK)
    assert len(data) == 4
    assert data.texts[1].shares("mood") == {"lav": 0.5, "høj": 0.5}
    assert data.targets("mood")[1].tolist() == [0.5, 0.5]
    assert data.hard("mood")[1] == 0
    assert any("differently" in note and "t.csv 3" in note for note in data.notes)


def test_a_code_with_two_examples_is_named():
    texts = [
        CodedText(str(n), "x", str(n), codings=(Coding("a", {"emne": "bolig"}),), place=f"f {n}") for n in range(3)
    ]
    texts += [
        CodedText(f"b{n}", "x", f"b{n}", codings=(Coding("a", {"emne": "børn"}),), place=f"g {n}") for n in (1, 2)
    ]
    (said,) = rare_codes(CodedData(tuple(texts), BOOK.only(["emne"])))
    assert "børn" in said
    assert "g 1, g 2" in said


def test_shares_are_weighted_by_certainty():
    text = CodedText(
        "1", "x", "p", codings=(Coding("a", {"v": "x"}, {"v": 1.0}), Coding("b", {"v": "y"}, {"v": 1 / 3}))
    )
    assert text.shares("v") == pytest.approx({"x": 0.75, "y": 0.25})
    assert text.certainty("v") == pytest.approx(2 / 3)
    assert text.code("w") is None


def test_second_coders_add_and_individual_codings_replace(tmp_path):
    records = [{"id": f"a{n}", "text": f"tekst {n}", "person": "p", "codes": {"mood": "lav"}} for n in range(3)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    (tmp_path / "second_coding.tsv").write_text("id\tmood\tmood_sikkerhed\na0\thøj\t3\n", encoding="utf-8")
    coders = "id\tcoder\tmood\tmood_sikkerhed\na1\tA\thøj\t3\na1\tB\thøj\t3\n"
    (tmp_path / "a_coders.tsv").write_text(coders, encoding="utf-8")
    data = read_coded(tmp_path, codebook=BOOK)
    assert data.texts[0].shares("mood") == {"lav": 0.5, "høj": 0.5}
    assert data.texts[1].shares("mood") == {"høj": 1.0}
    assert data.texts[2].shares("mood") == {"lav": 1.0}


STUDY = {"model": {"name": "agency-da"}, "codebook": {"content": BOOK.to_dict()}}


def study_of(folder, number=12):
    """A study of ``number`` narratives coded with BOOK, and nothing reviewed in it."""
    folder.mkdir()
    (folder / "run.json").write_text(json.dumps(STUDY), encoding="utf-8")
    lines = [f"n{n},Det er fortælling nummer {n},p{n % 4},lav" for n in range(number)]
    (folder / "narratives.csv").write_text("\n".join(["narrative_id,text,person,mood", *lines]), encoding="utf-8")
    return folder


def sheet_of(path, coders):
    """A sheet as ``narratives sample`` draws it, filled in, with these names in the column coder."""
    lines = [f"n{n},0.5,Det er fortælling nummer {n},{'høj' if n % 2 else 'lav'},,{c}," for n, c in enumerate(coders)]
    path.write_text("\n".join(["narrative_id,probability,text,mood,emne,coder,remark", *lines]), encoding="utf-8")
    return path


@pytest.mark.parametrize(("coders", "unnamed"), [([""] * 12, 12), (["Ida"] * 8 + [""] * 4, 4), (["Ida"] * 12, 0)])
def test_whoever_fills_in_a_blind_sheet_counts_as_a_person_named_or_not(tmp_path, coders, unnamed):
    sheet = sheet_of(tmp_path / "review.csv", coders)
    data = read_coded(study_of(tmp_path / "study"), review=[sheet])
    assert [text.code("mood") for text in data.texts] == ["lav", "høj"] * 6
    assert [text.codings[0].coder for text in data.texts] == [coder or "review" for coder in coders]
    assert data.codebook["mood"].ranked
    said = [note for note in data.notes if "name no coder" in note]
    assert [note.startswith(f"review.csv: {unnamed} rows") for note in said] == [True] * bool(unnamed)


def test_a_sheet_without_the_column_coder_or_by_the_model_is_never_trained_on(tmp_path):
    study = study_of(tmp_path / "study")
    with pytest.raises(CodedDataError, match=r"never trained on.*--review"):
        read_coded(study, review=[sheet_of(tmp_path / "review.csv", ["agency-da"] * 3)])
    (tmp_path / "bare.csv").write_text("narrative_id,mood\nn1,høj\n", encoding="utf-8")
    with pytest.raises(CodedDataError, match="never trained on"):
        read_coded(study, review=[tmp_path / "bare.csv"])


def test_a_sheet_needs_its_one_study(tmp_path):
    sheet = sheet_of(tmp_path / "review.csv", ["Ida"] * 3)
    for sources in ([sheet], [study_of(tmp_path / "a"), study_of(tmp_path / "b")]):
        with pytest.raises(CodedDataError, match="belongs to one study"):
            read_coded(sources, review=[sheet])


def shipped_table(tmp_path, strange=(), column="agency"):
    """A table coded by the first variable of the shipped codebook, in many spellings, and some strange codes."""
    known = [code for label in load_codebook("agency")["agency"].labels for code in (label, f" {label.upper()} ")]
    codes = [*known, *strange]
    rows = [(f"Jeg fortæller her noget nummer {n}", f"p{n % 5}", code) for n, code in enumerate(codes)]
    return write_table(tmp_path / "t.csv", [("text", "person", column), *rows])


def test_codes_are_those_of_the_codebook_whatever_their_case_and_the_space_around_them(tmp_path):
    data = read_coded(shipped_table(tmp_path))
    assert data.codebook == load_codebook("agency").only(["agency"])
    assert {text.code("agency") for text in data.texts} == set(data.codebook["agency"].labels)


@pytest.mark.parametrize("codes", [[], ["agency"]])
def test_a_strange_code_among_those_of_a_shipped_codebook_is_refused_with_its_row(tmp_path, codes):
    table = shipped_table(tmp_path, ["Målbevidst"])
    place = f"t.csv {len(table.read_text(encoding='utf-8').splitlines())}"
    with pytest.raises(CodedDataError) as caught:
        read_coded(table, codes=codes)
    fault, hint = str(caught.value).splitlines()
    assert "“Målbevidst”" in fault
    assert place in fault
    assert "--codebook" in hint


@pytest.mark.parametrize("before", ["", "\r\n", "sep=;\r\n", ";;;;\r\n"])
def test_rows_are_named_as_a_spreadsheet_shows_them_whatever_is_empty_above(tmp_path, before):
    rows = [HEADER, *[row(n, "høj" if n % 2 else "lav", "børn" if n % 3 else "bolig") for n in range(6)]]
    filled = [";".join(cells) for cells in rows]
    filled[3:3] = ["", ";;;;", 'r;"Et langt\r\n\r\nsvar om huset";p9;lav;børn', ""]
    filled += ["", "r9;;p1;lav;børn"]
    path = tmp_path / "t.csv"
    path.write_bytes((before + "\r\n".join(filled)).encode())
    place = 14 if before.strip("\r\n") != "sep=;" and before else 13
    with pytest.raises(CodedDataError, match=rf"t\.csv {place}\b"):
        read_coded(path)


def test_a_scheme_of_ones_own_under_a_shipped_variables_name_is_no_shipped_codebook(tmp_path):
    rows = [(f"Jeg fortæller her noget nummer {n}", "høj" if n % 2 else "lav") for n in range(12)]
    data = read_coded(write_table(tmp_path / "t.csv", [("text", "agency"), *rows]))
    assert set(data.codebook["agency"].labels) == {"høj", "lav"}


def test_a_column_is_read_as_the_variable_it_is_said_to_be(tmp_path):
    book = load_codebook("agency").only(["agency"])
    table = shipped_table(tmp_path, column="kode 2")
    with pytest.raises(CodedDataError, match="--codes COLUMN=VARIABLE"):
        read_coded(table, codebook=book)
    data = read_coded(table, codes=["kode 2=agency"], codebook=book)
    assert {text.code("agency") for text in data.texts} == set(book["agency"].labels)
    with pytest.raises(CodedDataError, match="no column “kode 3”"):
        read_coded(table, codes=["kode 3=agency"], codebook=book)


def test_a_blank_person_among_others_is_named_and_a_person_of_its_own(tmp_path):
    rows = [list(row(n, "høj" if n % 2 else "lav")) for n in range(8)]
    rows[3][2] = ""
    rows[5][2], rows[5][0] = "", "p1"
    data = read_coded(write_table(tmp_path / "t.csv", [HEADER, *rows]), codebook=BOOK)
    assert data.persons_known
    assert [data.texts[3].person, data.texts[5].person] == ["r3", "t.csv 7"]
    assert any("2 rows without a person (t.csv 5, t.csv 7)" in note for note in data.notes)


def test_study_codes_are_never_trained_on_but_reviewed_ones_are(tmp_path):
    (tmp_path / "run.json").write_text('{"model": {"name": "agency-da"}}')
    table = "narrative_id,text,person,mood\nn1,Det gik godt,p1,lav\nn2,Det gik skidt,p2,lav\n"
    (tmp_path / "narratives.csv").write_text(table, encoding="utf-8")
    with pytest.raises(CodedDataError, match="never trained on"):
        read_coded(tmp_path, codebook=BOOK)
    review = "narrative_id,mood,coder\nn1,høj,Ida\nn2,lav,agency-da\n"
    (tmp_path / "review.csv").write_text(review, encoding="utf-8")
    data = read_coded(tmp_path, codebook=BOOK)
    assert [(text.text, text.person, text.code("mood")) for text in data.texts] == [("Det gik godt", "p1", "høj")]


def of_persons(count, group="g", split=""):
    return [CodedText(f"{group}{n}", f"t {n}", f"{group}-p{n:02}", group, split=split) for n in range(count)]


@pytest.mark.parametrize("seed", range(5))
def test_held_out_persons_share_nothing_with_the_rest(seed):
    texts = tuple(of_persons(20) + of_persons(8, "h") + of_persons(8, "h"))
    fitted, held = hold_out(CodedData(texts, BOOK), 0.25, seed)
    assert not set(fitted.persons) & set(held.persons)
    assert len(fitted) + len(held) == len(texts)
    assert len([p for p in held.persons if p.startswith("g")]) == 5


def test_neighbours_are_held_out_together():
    data = CodedData(tuple(of_persons(20)), BOOK, keep_neighbours=True)
    numbers = sorted(int(person[-2:]) for person in draw_persons(data, 0.25, 3))
    assert numbers == list(range(numbers[0], numbers[0] + 5))


def test_larger_shares_of_the_persons_hold_smaller_ones():
    names = [f"p{number:02}" for number in range(20)]
    drawn = [some_persons(reversed(names + names), share, 3) for share in (0, 0.25, 0.5, 1)]
    assert [len(persons) for persons in drawn] == [0, 5, 10, 20]
    assert all(less < more for less, more in itertools.pairwise(drawn))
    assert drawn[1] == some_persons(names, 0.25, 3) != some_persons(names, 0.25, 4)
    assert len(some_persons(names, 0, 3, fewest=2)) == 2


def test_a_given_split_is_kept():
    data = CodedData(tuple(of_persons(4) + of_persons(2, "d", "dev") + of_persons(3, "t", "test")), BOOK)
    usable, test = take_test(data)
    fitted, held = hold_out(usable, 0.5, 1)
    assert (len(fitted), len(held), len(test)) == (4, 2, 3)


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.jsonl", '{"id": 1}\n{broken', "line 2"),
        ("a.docx", "x", "cannot be read"),
        ("a.csv", "a;a\n1;2\n", "same name"),
        ("a.csv", "a;b\n1;2\n", "no column looks like text"),
        ("a.csv", "tekst\nDet her er en lang tekst uden en eneste kode\n", "no column looks like codes"),
        ("a.xlsx", "not a workbook", "spreadsheet"),
    ],
)
def test_unreadable_files_are_one_sentence(tmp_path, name, content, word):
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(CodedDataError, match=word):
        read_coded(tmp_path / name)


UNCODED = "text;agency;note\nJeg søgte selv, og det gik godt.;;\nDe ringede aldrig tilbage.;;\n"


@pytest.mark.parametrize(("codes", "shown"), [([], "agency, note"), (["agency"], "agency"), (["note"], "note")])
def test_a_table_without_a_single_code_is_refused_in_a_sentence_that_says_so(tmp_path, codes, shown):
    (tmp_path / "t.csv").write_text(UNCODED, encoding="utf-8")
    with pytest.raises(CodedDataError, match=f"t.csv: no row is coded; there is nothing in {shown}\\."):
        read_coded(tmp_path / "t.csv", codes=codes)


def test_a_table_without_the_models_variables_says_which_are_wanted(tmp_path):
    (tmp_path / "t.csv").write_text("text;mood\nJeg søgte selv.;god\nDe ringede.;skidt\n", encoding="utf-8")
    with pytest.raises(CodedDataError, match=r"no row is coded; no column is called .*\(agency, .*text, mood"):
        read_coded(tmp_path / "t.csv", codebook=load_codebook("agency"))


@pytest.mark.parametrize("command", ["train", "evaluate"])
def test_training_and_measuring_without_codes_end_in_one_sentence_and_1(tmp_path, command, capsys):
    model = [str(tiny_model(tmp_path / "model"))] if command == "evaluate" else []
    (tmp_path / "t.csv").write_text(UNCODED, encoding="utf-8")
    capsys.readouterr()
    assert main(["--lang", "en", command, *model, str(tmp_path / "t.csv"), "-o", str(tmp_path / "out")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "no row is coded" in line
    assert not (tmp_path / "out").exists()


def test_missing_column_and_file(tmp_path):
    path = write_table(tmp_path / "t.csv", [HEADER, row(1)])
    with pytest.raises(CodedDataError, match="no column “svar”"):
        read_coded(path, text_column="svar")
    with pytest.raises(CodedDataError, match="does not exist"):
        read_coded(tmp_path / "nothing.csv")


def test_the_shipped_corpus_loads_in_memory_and_keeps_its_test_persons():
    from narratives.coded import load_corpus, read_corpus

    data = read_corpus("agency", ["natural"])
    usable, test = take_test(data)
    assert not set(usable.persons) & set(test.persons)
    assert data.codebook.with_role("agency") is not None
    loaded = load_corpus("agency", ["natural"])
    assert (len(loaded["rest"]), len(loaded["test"])) == (len(usable), len(test))
    assert not loaded["rest"].cache_files
