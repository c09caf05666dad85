"""Files that are not what their name says, that are broken, or that are no transcripts at all."""

from __future__ import annotations

import contextlib
import random
import time
import unicodedata
import zipfile
from pathlib import Path

import pytest
from making import WRITERS, Said

from narratives.errors import NarrativesError, UnknownFormat, UnreadableFile
from narratives.messages import set_language
from narratives.reading.formats import READERS, extract

REPORTS = Path(__file__).parent.parent.parent / "shared" / "samples" / "reports"
SAID = [Said("IP" if i % 2 else "I", f"Det er tur nummer {i}, og jeg går på øen hver dag.", 3.0 * i) for i in range(12)]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.fixture(autouse=True)
def _english():
    set_language("en")
    yield
    set_language(None)


def zipped(path: Path, **parts: bytes) -> bytes:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("x.txt", b"", "empty"),
        ("x.docx", b"\xef\xbb\xbf \r\n", "empty"),
        ("x.txt", b" " * 5000, "no text"),
        ("x.docx", PNG, "image"),
        ("x.txt", b"\xff\xd8\xff\xe0" + bytes(50), "image"),
        ("x.pdf", b"RIFF\x00\x00\x00\x00WAVEfmt ", "sound"),
        ("x.m4a", b"\x00\x00\x00\x20ftypM4A ", "sound"),
        ("x.docx", OLE + "WordDocument".encode("utf-16-le"), "old Word"),
        ("x.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("x.doc", b"bare tekst", "old Word"),
        ("x.docx", b"I: bare tekst", "called .docx"),
        ("x.pdf", b"I: bare tekst", "called .pdf"),
        ("x.txt", b"<!DOCTYPE html><html><p>I: hej</p></html>", "web page"),
        ("x.doc", b"<html><head></head><body>I: hej</body></html>", "web page"),
        ("~$terview.docx", b"\x05Bruger", "lock file"),
        ("x.pdf", b"%PDF-1.7\nrubbish", "damaged"),
        ("x.docx", b"PK\x03\x04rubbish", "damaged"),
        ("x.qdpx", b"whatever", "project"),
    ],
)  # fmt: skip
def test_each_is_one_clear_sentence(tmp_path, name, data, said):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(UnreadableFile, match=said) as caught:
        extract(path)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_unknown_endings_missing_files_and_zips(tmp_path):
    (tmp_path / "x.xyz").write_text("I: hej")
    with pytest.raises(UnknownFormat, match=r"\.xyz"):
        extract(tmp_path / "x.xyz")
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        extract(tmp_path / "missing.txt")
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        extract(tmp_path)
    for name, part, said in (
        ("x.docx", "a.txt", "archive"),
        ("y.txt", "ppt/slide", "presentation"),
        ("z.pages", "Index/Document.iwa", "Pages"),
    ):
        zipped(tmp_path / name, **{part: b"x"})
        with pytest.raises(UnreadableFile, match=said):
            extract(tmp_path / name)


def test_a_zip_bomb_is_refused_unopened(tmp_path):
    bomb = tmp_path / "x.docx"
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(300):
            part.write(bytes(1 << 20))
    began = time.process_time()
    with pytest.raises(UnreadableFile, match="too big"):
        extract(bomb)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("x.doc", "rtf"),
        ("x.txt", "vtt"),
        ("x.docx", "odt"),
        ("x.txt", "pdf"),
        ("x.txt", "srt"),
        ("x.xml", "eaf"),
        ("x.doc", "docx"),
    ],
)
def test_misnamed_files_that_can_be_read_are_read_with_a_note(tmp_path, name, written):
    WRITERS[written][1](tmp_path / name, SAID)
    source = extract(tmp_path / name)
    assert source.notes[0][0] == "content"
    assert source.format == written
    assert "tur nummer 11" in source.text


def test_decomposed_file_names_are_shown_composed(tmp_path):
    path = tmp_path / unicodedata.normalize("NFD", "bølge å.txt")
    path.write_bytes(b"")
    with pytest.raises(UnreadableFile, match="bølge å"):
        extract(path)


def test_a_line_of_20_mb_takes_seconds(tmp_path):
    line = "IP: " + "Jeg gik på arbejde hver dag, og det var godt. " * 430_000
    path = tmp_path / "x.txt"
    path.write_text(line, encoding="utf-8")
    began = time.process_time()
    assert extract(path).text == line
    assert time.process_time() - began < 5


def damaged(data: bytes, rng: random.Random) -> bytes:
    kind = rng.randrange(3)
    if kind == 0:
        return data[: rng.randrange(len(data))]
    if kind == 1:
        changed = bytearray(data)
        for _ in range(rng.choice([1, 3, 20])):
            changed[rng.randrange(len(changed))] = rng.randrange(256)
        return bytes(changed)
    start = rng.randrange(len(data))
    return data[:start] + data[start + rng.randrange(1, 200) :]


@pytest.mark.parametrize("format_", WRITERS)
def test_damage_never_raises_anything_else(tmp_path, format_):
    suffix, write = WRITERS[format_]
    path = tmp_path / f"x{suffix}"
    write(path, SAID)
    data, rng = path.read_bytes(), random.Random(7)
    for _ in range(25):
        path.write_bytes(damaged(data, rng))
        try:
            extract(path)
        except NarrativesError as error:
            assert path.name in str(error)  # noqa: PT017 - both outcomes are right


@pytest.mark.parametrize(
    ("format_", "part"),
    [
        ("docx", "word/document.xml"),
        ("docx table", "word/document.xml"),
        ("odt", "content.xml"),
        ("xlsx", "xl/worksheets/sheet1.xml"),
    ],
)
def test_damage_inside_a_sound_container_never_raises_anything_else(tmp_path, format_, part):
    suffix, write = WRITERS[format_]
    sound, path = tmp_path / f"sound{suffix}", tmp_path / f"x{suffix}"
    write(sound, SAID)
    rng = random.Random(11)
    with zipfile.ZipFile(sound) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(25):
        zipped(path, **{**parts, part: damaged(parts[part], rng)})
        try:
            extract(path)
        except NarrativesError as error:
            assert path.name in str(error)  # noqa: PT017 - both outcomes are right


@pytest.mark.skipif(not REPORTS.exists(), reason="needs ../shared/samples")
def test_real_reports_are_read():
    for path in sorted(REPORTS.glob("*.txt")):
        assert len(extract(path).text) > 10_000


def test_every_format_has_a_writer_here():
    endings = {suffix for suffix, _ in WRITERS.values()}
    assert set(READERS) - endings == {".md", ".markdown", ".htm", ".tsv"}


def test_garbled_letters_are_noted(tmp_path):
    text = "I: Går du på øen?\n\nIP: Æblet på øen, ja, på øen.\n"
    (tmp_path / "x.txt").write_bytes(text.encode().decode("cp1252", "replace").encode())
    ((kind, sentence),) = extract(tmp_path / "x.txt").notes
    assert kind == "garbled"
    assert "»Ã¸«" in sentence
    (tmp_path / "y.txt").write_text(text + "IP: Hun hed São og Ã.\n", encoding="utf-8")
    assert extract(tmp_path / "y.txt").notes == ()


@pytest.mark.parametrize(
    "head",
    [
        "<Internals\\\\Interviews\\\\p07> - § 2 references coded [4.31% Coverage]",
        "<Filer\\\\p07> - § 1 reference kodet  [2,10% dækning]",
    ],
)
def test_coded_quotes_out_of_nvivo_are_no_transcript(tmp_path, head):
    (tmp_path / "x.txt").write_text(f"{head}\n\nReference 1 - 2,10% dækning\n\nJeg gik hjem.\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="NVivo"):
        extract(tmp_path / "x.txt")


def test_a_project_that_is_an_archive_is_called_a_project(tmp_path):
    zipped(tmp_path / "x.qdpx", **{"Sources/a.txt": b"hej"})
    with pytest.raises(UnreadableFile, match="project of an analysis program"):
        extract(tmp_path / "x.qdpx")


def test_a_transcript_that_nvivo_exports_as_text_is_a_table(tmp_path):
    rows = ["\tTimespan\tContent\tSpeaker", "1\t0:00,0 - 0:02,5\tHvad så?\tI", "2\t0:02,5 - 0:09,0\tDet gik.\tIP"]
    (tmp_path / "x.txt").write_text("\r\n".join(rows), encoding="utf-8")
    source = extract(tmp_path / "x.txt")
    assert [(t.speaker, source.text[t.start : t.end], t.time) for t in source.turns] == [
        ("I", "Hvad så?", 0.0),
        ("IP", "Det gik.", 2.5),
    ]


@pytest.mark.parametrize("name", ["x.txt", "x.csv", "x.md"])
def test_open_brackets_without_end_take_no_time(tmp_path, name):
    (tmp_path / name).write_text("[ " * 400_000 + ";a\nI: hej\n", encoding="utf-8")
    start = time.perf_counter()
    with contextlib.suppress(UnreadableFile):
        extract(tmp_path / name)
    assert time.perf_counter() - start < 5


def test_why_a_file_does_not_open_is_said_in_the_readers_language(tmp_path):
    set_language("da")
    (tmp_path / "x.txt").symlink_to(tmp_path / "borte.txt")
    with pytest.raises(UnreadableFile, match="findes ikke mere"):
        extract(tmp_path / "x.txt")
