from __future__ import annotations

import zipfile

import pytest
from making import WRITERS, Said

from narratives.errors import UnreadableFile
from narratives.reading.formats import extract
from narratives.reading.opendocument import read_odt

PREFIXES = {"office": "office", "text": "text", "table": "table", "draw": "drawing", "style": "style"}
NS = " ".join(f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for prefix, name in PREFIXES.items())
FO = 'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
BOLD = '<style:style style:name="T1"><style:text-properties fo:font-weight="bold"/></style:style>'
ROOT = (
    f"<office:document-content {NS} {FO}><office:automatic-styles>{BOLD}</office:automatic-styles>"
    "<office:body><office:text>",
    "</office:text></office:body></office:document-content>",
)


@pytest.fixture
def read(tmp_path):
    """The text of an odt whose body is the given XML."""

    def of(body: str) -> str:
        plain, changed = tmp_path / "plain.odt", tmp_path / "x.odt"
        WRITERS["odt"][1](plain, [Said("I", "x", 0.0)])
        with zipfile.ZipFile(plain) as old, zipfile.ZipFile(changed, "w") as new:
            for item in old.infolist():
                data = old.read(item)
                if item.filename == "content.xml":
                    data = body.join(ROOT).encode()
                new.writestr(item, data)
        return read_odt(changed).text

    return of


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<text:p>I:<text:tab/>Hvad<text:line-break/>så</text:p>", "I:\tHvad\nså"),
        ('<text:p>a<text:s text:c="3"/>b<text:s/>c</text:p>', "a   b c"),
        ("<text:p>  IP:\n   Jeg  gik </text:p>", "IP: Jeg gik"),
        ("<text:p>Jeg <text:span>gik</text:span> <text:a>hjem</text:a>.</text:p>", "Jeg gik hjem."),
        (
            "<text:p>før<text:note><text:note-body><text:p>fod</text:p></text:note-body></text:note> efter</text:p>",
            "før efter",
        ),
        ("<text:p>a<office:annotation><text:p>kommentar</text:p></office:annotation>b</text:p>", "ab"),
        (
            "<text:h>Titel</text:h><text:list><text:list-item><text:p>I: et</text:p></text:list-item></text:list>",
            "## Titel\n\nI: et",
        ),
        (
            "<text:p>før<draw:frame><draw:text-box><text:p>boks</text:p></draw:text-box></draw:frame></text:p>",
            "før\n\nboks",
        ),
        (
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>slettet</text:p></text:deletion>"
            "</text:changed-region></text:tracked-changes><text:p>I: <text:change text:change-id='1'/>hej</text:p>",
            "I: hej",
        ),
    ],
)
def test_what_the_document_shows(read, body, shown):
    assert read(body) == shown


def test_a_table_of_turns_becomes_labelled_paragraphs(read):
    def row(*cells: str) -> str:
        inside = "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in cells)
        return f"<table:table-row>{inside}</table:table-row>"

    rows = row("Taler", "Tekst") + row("I", "Hvad laver du?") + row("IP", "Jeg går på kursus.")
    table = f"<table:table><table:table-header-rows/>{rows}</table:table>"
    assert read(f"<text:p>Interview</text:p>{table}") == "Interview\n\nI: Hvad laver du?\n\nIP: Jeg går på kursus."


def test_a_protected_document_says_so(tmp_path):
    plain, path = tmp_path / "plain.odt", tmp_path / "x.odt"
    WRITERS["odt"][1](plain, [Said("I", "x", 0.0)])
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename.endswith("manifest.xml"):
                data = data.replace(b"</manifest:manifest>", b"<!-- --><manifest:encryption-data/></manifest:manifest>")
            new.writestr(item, data)
    with pytest.raises(UnreadableFile, match=r"password|adgangskode"):
        extract(path)


def paragraph(lead: str, rest: str) -> str:
    return f'<text:p><text:span text:style-name="T1">{lead}</text:span>{rest}</text:p>'


def test_labels_that_only_bold_tells_from_speech_get_a_colon(read):
    said = [("I", " Hvad så?"), ("Bente ", "Jeg kom hjem."), ("I", "<text:span> Ja?</text:span>"), ("Bente", " Ja.")]
    assert read("".join(paragraph(*one) for one in said)).split("\n\n") == [
        "I: Hvad så?",
        "Bente: Jeg kom hjem.",
        "I: Ja?",
        "Bente: Ja.",
    ]


def test_other_words_in_bold_stay_as_they_are(read):
    said = [("Aldrig", " igen."), ("Men", " så kom hun."), ("Aldrig", " mere."), ("I:", " Ja?"), ("Hvad så?", "")]
    assert read("".join(paragraph(*one) for one in said)).split("\n\n") == [lead + rest for lead, rest in said]


def test_headings_are_marked_unless_they_come_back_or_hold_a_colon(read):
    said = "<text:p>I: Hvad så?</text:p><text:p>IP: Det gik.</text:p>"
    heads = ["Jobcentret", "Bente", "Dato: 3. maj", "Bente"]
    text = read("".join(f"<text:h>{head}</text:h>{said}<text:p>Og {n}.</text:p>" for n, head in enumerate(heads)))
    assert text.split("\n\n")[::4] == ["## Jobcentret", "Bente", "Dato: 3. maj", "Bente"]
