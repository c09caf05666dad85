from __future__ import annotations

import random

import pytest

from narratives.errors import UnreadableFile
from narratives.reading.text import decode, looks_binary, read_text


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        ("på jobbet. Ærø".encode("cp1252"), "på jobbet. Ærø", "cp1252"),
        ("på jobbet. Ærø".encode(), "på jobbet. Ærø", "utf-8"),
        ("på øen".encode("utf-8-sig"), "på øen", "utf-8 (BOM)"),
        ("på øen".encode("utf-16"), "på øen", "utf-16 (BOM)"),
        (b"\xfe\xff" + "på øen".encode("utf-16-be"), "på øen", "utf-16 (BOM)"),
        (b"", "", "utf-8"),
    ],
)
def test_decoding_says_which_encoding(data, text, encoding):
    assert decode(data) == (text, encoding)


def test_bytes_outside_cp1252_are_counted_in_a_note(tmp_path):
    path = tmp_path / "x.txt"
    path.write_bytes("I: på øen, ".encode("cp1252") * 30 + b"\x81\x8d")
    source = read_text(path)
    assert source.text.endswith("\ufffd\ufffd")
    assert [kind for kind, _ in source.notes] == ["undecodable"]


def test_rubbish_is_refused_and_a_stray_control_character_is_not(tmp_path):
    path = tmp_path / "x.txt"
    path.write_bytes(random.Random(1).randbytes(5000))
    with pytest.raises(UnreadableFile, match=r"x\.txt"):
        read_text(path)
    path.write_bytes("I: på øen".encode("utf-16-le"))
    with pytest.raises(UnreadableFile):
        read_text(path)
    assert not looks_binary("I: ja\x0c\x1a" + "IP: på øen\r\n" * 100)


def test_markdown_says_so(tmp_path):
    path = tmp_path / "x.MD"
    path.write_text("**I:** hej")
    assert read_text(path).format == "md"
