from __future__ import annotations

import docx
import pytest
from docx.oxml import parse_xml

from narratives.reading.speakers import find_turns
from narratives.reading.word import read_docx
from narratives.transcript import quote

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
V = 'xmlns:v="urn:schemas-microsoft-com:vml"'


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


@pytest.fixture
def read(tmp_path):
    def of(*paragraphs: str) -> str:
        document = docx.Document()
        body = document.element.body
        for xml in paragraphs:
            body.insert(len(body) - 1, parse_xml(xml))
        document.save(str(tmp_path / "x.docx"))
        return read_docx(tmp_path / "x.docx").text

    return of


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        (run("Jeg ") + f'<w:ins w:id="1" w:author="a">{run("blev ")}</w:ins>' + run("syg"), "Jeg blev syg"),
        (
            f'{run("Jeg ")}<w:del w:id="1" w:author="a"><w:r><w:delText>var </w:delText></w:r></w:del>{run("syg")}',
            "Jeg syg",
        ),
        (
            f'<w:moveFrom w:id="1" w:author="a">{run("væk")}</w:moveFrom>'
            f'<w:moveTo w:id="2" w:author="a">{run("her")}</w:moveTo>',
            "her",
        ),
        ("<w:r><w:t>I:</w:t><w:tab/><w:t>Hvad</w:t><w:br/><w:t>så</w:t></w:r>", "I:\tHvad\nså"),
        (f"<w:hyperlink>{run('link')}</w:hyperlink>", "link"),
        (f'<w:smartTag w:element="place">{run("Ærø")}</w:smartTag>', "Ærø"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{run('felt')}</w:sdtContent></w:sdt>", "felt"),
        (
            f'<w:r><w:instrText>PAGE</w:instrText></w:r>{run("tekst")}<w:r><w:footnoteReference w:id="2"/></w:r>',
            "tekst",
        ),
        ("<w:r><w:t>A</w:t><w:noBreakHyphen/><w:t>kas</w:t><w:softHyphen/><w:t>se</w:t></w:r>", "A-kasse"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>skjult</w:t></w:r>" + run("synlig"), "synlig"),
    ],
)
def test_what_the_accepted_document_shows(read, inside, shown):
    assert read(f"<w:p {W}>{inside}</w:p>") == shown


def emphasised(lead: str, rest: str, mark: str = "<w:b/>") -> str:
    head = f'<w:r><w:rPr>{mark}</w:rPr><w:t xml:space="preserve">{lead}</w:t></w:r>'
    return f"<w:p {W}>{head}{run(rest)}</w:p>"


@pytest.mark.parametrize("mark", ["<w:b/>", "<w:i/>", '<w:u w:val="single"/>', '<w:rStyle w:val="Strk"/>'])
def test_labels_that_only_bold_or_italics_tell_from_speech_get_a_colon(read, mark):
    said = [("Interviewer", " Hvad så?"), ("Bente", " Jeg kom hjem."), ("Interviewer", " Ja?"), ("Bente ", "Ja.")]
    text = read(*(emphasised(lead, rest, mark) for lead, rest in said))
    assert [(t.speaker, quote(text, t.spans)) for t in find_turns(text).turns] == [
        ("Interviewer", "Hvad så?"),
        ("Bente", "Jeg kom hjem."),
        ("Interviewer", "Ja?"),
        ("Bente", "Ja."),
    ]


@pytest.mark.parametrize(
    "said",
    [
        [("I:", " Hvad så?"), ("IP:", " Jeg kom hjem."), ("I:", " Ja?"), ("IP:", " Ja.")],
        [("I", ": Hvad så?"), ("IP", ": Jeg kom hjem."), ("I", ": Ja?"), ("IP", ": Ja.")],
        [("Aldrig", " igen, sagde jeg."), ("Men", " så kom hun."), ("Aldrig", " igen."), ("Det", " var det.")],
        [("Bente", " kom hjem."), ("Bente", " gik igen."), ("Bente", " blev syg."), ("Bente", " blev rask.")],
        [("Hvad så?", ""), ("", "Jeg kom hjem."), ("Hvad så?", ""), ("", "Jeg gik igen.")],
    ],
)
def test_other_words_in_bold_stay_as_they_are(read, said):
    assert read(*(emphasised(lead, rest) for lead, rest in said)) == "\n\n".join(lead + rest for lead, rest in said)


def test_a_deleted_paragraph_end_joins_two_paragraphs(read):
    deleted = '<w:pPr><w:rPr><w:del w:id="1" w:author="a"/></w:rPr></w:pPr>'
    assert read(f"<w:p {W}>{deleted}{run('IP: Jeg')}</w:p>", f"<w:p {W}>{run(' gik')}</w:p>") == "IP: Jeg gik"


def test_block_content_controls_and_inserted_paragraphs_keep_their_order(read):
    sdt = f"<w:sdt {W}><w:sdtContent><w:p>{run('I: et')}</w:p></w:sdtContent></w:sdt>"
    assert read(sdt, f"<w:p {W}>{run('IP: to')}</w:p>") == "I: et\n\nIP: to"


def test_a_text_box_comes_once_and_after_its_paragraph(read):
    box = f"<v:textbox><w:txbxContent><w:p>{run('i boksen')}</w:p></w:txbxContent></v:textbox>"
    choice = f'<mc:Choice Requires="wps"><w:drawing>{box}</w:drawing></mc:Choice>'
    both = (
        f"<mc:AlternateContent {MC} {V}>{choice}<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
    )
    assert read(f"<w:p {W}>{run('I: før')}<w:r>{both}</w:r>{run(' efter')}</w:p>") == "I: før efter\n\ni boksen"


def test_headers_and_comments_stay_out(tmp_path):
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Fortroligt"
    document.add_paragraph("I: hej")
    document.save(str(tmp_path / "x.docx"))
    assert read_docx(tmp_path / "x.docx").text == "I: hej"


def table_of(document, rows):
    table = document.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def test_a_table_of_turns_becomes_labelled_paragraphs_in_its_place(tmp_path):
    document = docx.Document()
    document.add_paragraph("Person: p07")
    table_of(
        document,
        [
            ("Tid", "Taler", "Udsagn"),
            ("00:01", "I:", "Hvordan går det?"),
            ("00:05", "IP:", "Godt.\n\nTak."),
            ("", "", "Ja."),
        ],
    )
    document.add_paragraph("(slut)")
    document.save(str(tmp_path / "x.docx"))
    source = read_docx(tmp_path / "x.docx")
    assert source.text == (
        "Person: p07\n\n[00:00:01] I: Hvordan går det?\n\n[00:00:05] IP: Godt.\n\nTak.\n\nIP: Ja.\n\n(slut)"
    )
    turns = find_turns(source.text).turns
    assert [(t.speaker, t.time, quote(source.text, t.spans).split()) for t in turns] == [
        ("I", 1.0, ["Hvordan", "går", "det?"]),
        ("IP", 5.0, ["Godt.", "Tak.", "Ja."]),
    ]
    assert [kind for kind, _ in source.notes] == ["tables"]


def test_a_table_of_facts_stays_key_and_value(tmp_path):
    document = docx.Document()
    table_of(document, [("Person", "p07"), ("Bølge", "2"), ("Dato", "3. maj 2021")])
    document.save(str(tmp_path / "x.docx"))
    assert read_docx(tmp_path / "x.docx").text == "Person\tp07\nBølge\t2\nDato\t3. maj 2021"


def turns_of(path):
    source = read_docx(path)
    return [(turn.speaker, quote(source.text, turn.spans)) for turn in find_turns(source.text).turns]


def test_headings_belong_to_nobody(tmp_path):
    document = docx.Document()
    document.add_heading("Interview med Bente", 0)
    for theme in ("Baggrund", "Jobcentret og alt det andet"):
        document.add_heading(theme, 2)
        document.add_paragraph("I: Hvad så?")
        document.add_paragraph("IP: Det gik.")
    document.save(str(tmp_path / "x.docx"))
    assert turns_of(tmp_path / "x.docx") == [("I", "Hvad så?"), ("IP", "Det gik.")] * 2


def test_headings_that_are_labels_facts_or_speech_stay(tmp_path):
    document = docx.Document()
    document.add_heading("Person: p07", 1)
    for label, words in (("Interviewer", "Hvad så?"), ("Bente", "Det gik."), ("Interviewer", "Ja?"), ("Bente", "Ja.")):
        document.add_heading(label, 3)
        document.add_paragraph(words)
    document.save(str(tmp_path / "x.docx"))
    assert turns_of(tmp_path / "x.docx") == [
        ("Interviewer", "Hvad så?"), ("Bente", "Det gik."), ("Interviewer", "Ja?"), ("Bente", "Ja."),
    ]  # fmt: skip
    assert find_turns(read_docx(tmp_path / "x.docx").text).front_matter == {"Person": "p07"}


def test_a_table_of_questions_and_answers_becomes_turns(tmp_path):
    document = docx.Document()
    table_of(
        document, [("Nr.", "Spørgsmål", "Svar"), ("1", "Hvad så?", "Det gik."), ("2", "Ja?", ""), ("3", "Nu?", "Ja.")]
    )
    document.save(str(tmp_path / "x.docx"))
    assert turns_of(tmp_path / "x.docx") == [
        ("Spørgsmål", "Hvad så?"), ("Svar", "Det gik."), ("Spørgsmål", "Ja? Nu?"), ("Svar", "Ja."),
    ]  # fmt: skip
