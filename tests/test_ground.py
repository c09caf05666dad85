"""The ground under every room: public names, messages, atomic files, narrative ids."""

from __future__ import annotations

import ast
import re
import string
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import narratives
from narratives import messages
from narratives.files import nfc, sha256_of, write_atomically, writing
from narratives.narrative import Narrative, narrative_id
from narratives.transcript import Role, quote

PACKAGE = Path(narratives.__file__).parent
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))


def test_every_public_name_of_the_package_can_be_had():
    for name in narratives.__all__:
        assert getattr(narratives, name).__name__ == name
    with pytest.raises(AttributeError):
        _ = narratives.nothing


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_all_lists_names_that_the_module_defines(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    listed = next((node for node in tree.body if isinstance(node, ast.Assign) and _is_all(node)), None)
    if listed is None:
        return
    names = ast.literal_eval(listed.value)
    assert len(names) == len(set(names))
    defined = {name for node in tree.body for name in _defined(node)} | set(_lazy(path))
    assert set(names) <= defined


def test_importing_the_package_loads_nothing_heavy():
    code = "import narratives, narratives.cli, sys; narratives.cli.build_parser(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"torch", "transformers", "spacy", "pandas", "numpy", "datasets", "sklearn", "docx", "lxml", "matplotlib"}
    assert not heavy & set(loaded)


def test_help_takes_less_than_a_third_of_a_second_of_processor_time():
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-c", "from narratives.cli import main; main()", "--help"]
    subprocess.run(command, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime < 0.3


@pytest.mark.parametrize("kind", ["models", "corpora"])
def test_a_wheel_carries_what_is_shipped_to_where_the_package_looks(kind, tmp_path, monkeypatch):
    from narratives import shipped

    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["narratives"]
    installed = tmp_path / wheel["force-include"][kind]
    installed.mkdir(parents=True)
    monkeypatch.setattr(shipped, "_PACKAGE", tmp_path / "narratives")
    assert shipped.shipped_folder(kind) == installed


def tables():
    for path in sorted((PACKAGE / "messages").glob("*.toml")):
        for key, texts in tomllib.loads(path.read_text(encoding="utf-8")).items():
            yield pytest.param(texts, id=key)


@pytest.mark.parametrize("texts", tables())
def test_every_message_stands_in_both_languages_with_the_same_fields(texts):
    assert set(texts) == set(messages.LANGUAGES)
    fields = {code: {name for _, name, _, _ in string.Formatter().parse(text) if name} for code, text in texts.items()}
    assert fields["da"] == fields["en"]


def test_every_message_that_code_asks_for_exists():
    known = set(messages._tables())
    asked = {key for path in MODULES for key in re.findall(r'\bsay\(\s*"([\w.]+)"', path.read_text(encoding="utf-8"))}
    assert asked - known == set()


def test_the_language_follows_the_choice_then_the_environment(monkeypatch):
    monkeypatch.setenv("NARRATIVES_LANG", "da")
    assert messages.language() == "da"
    messages.set_language("en")
    try:
        assert messages.language() == "en"
    finally:
        messages.set_language(None)
    with pytest.raises(ValueError, match="fr"):
        messages.set_language("fr")


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "fil.txt"
    write_atomically(path, "gammel æøå\r\n")

    def fail():
        with writing(path) as temporary:
            temporary.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_bytes() == "gammel æøå\r\n".encode()
    assert [item.name for item in tmp_path.iterdir()] == ["fil.txt"]


def test_digests_tell_parts_apart():
    assert sha256_of("ab", "c") != sha256_of("a", "bc")
    assert sha256_of("æ") == sha256_of("æ".encode())
    assert nfc("bo\u0308lge") == "bölge"


def test_narrative_ids_follow_transcript_place_and_text():
    source = "IP: Jeg søgte selv. Ja. Og så fik jeg det."
    places = ((4, 19), (24, 42))
    facts = {"transcript": "p07-2", "speaker": "IP", "person": "p07", "role": Role.PARTICIPANT, "score": 0.5}
    narrative = Narrative.at(source, spans=places, **facts)
    assert narrative.text == quote(source, places) == "Jeg søgte selv. Og så fik jeg det."
    assert narrative.id == Narrative.at(source, spans=places, **{**facts, "score": 0.9}).id
    others = {narrative_id("p07-2", ((4, 19),), "x"), narrative_id("p07-3", places, narrative.text)}
    assert narrative.id not in others
    assert (narrative.start, narrative.end) == (4, 42)


def _is_all(node):
    return any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets)


def _defined(node):
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name))
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from (alias.asname or alias.name for alias in node.names)


def _lazy(path):
    return narratives.__all__ if path == PACKAGE / "__init__.py" else ()
