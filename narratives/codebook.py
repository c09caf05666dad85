"""A codebook is data: variables, their codes, and what each means.

Codebooks are YAML files (``narratives/codebooks/*.yaml``, or the user's own). Nothing in the code
knows the name of a code: what needs a meaning asks for a variable by the *role* that the codebook
declares (:data:`ROLES`), and for a code by its rank, polarity or role (:data:`CODE_ROLES`).

Codes are shown as they are in every language; a variable's ``label`` may have an English one beside it
(``label_en``), which is shown where English is spoken and changes nothing else, not even the digest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from narratives.errors import CodebookError
from narratives.files import sha256_of
from narratives.messages import language, say

__all__ = [
    "CODE_ROLES",
    "ROLES",
    "SCALES",
    "Code",
    "Codebook",
    "Variable",
    "load_codebook",
    "parse_codebook",
    "shipped_codebooks",
]

SCALES = ("nominal", "ranked")

ROLES = ("agency", "identity", "evaluation", "context", "focus", "time")
"""Meanings that displays and measures look for; a codebook may declare each at most once, or none."""

CODE_ROLES = ("caseworker", "future")
"""The same for codes: contact with the caseworker (display 4), and looking ahead (display 2)."""


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a variable.

    Attributes:
        name: as coders write it.
        rank: place on a ranked variable, from 0; None for a code outside the ranking, and on nominal variables.
        polarity: -1, 0 or 1 for the codes of an evaluation; None elsewhere, and for mixed evaluations.
        role: one of :data:`CODE_ROLES`, or None.
        definition, include, exclude, examples: for people who code.
    """

    name: str
    rank: int | None = None
    polarity: int | None = None
    role: str | None = None
    definition: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Variable:
    """A question asked of every narrative, and its possible answers in fixed order.

    Attributes:
        name: as columns of tables are called.
        codes: in label order.
        scale: one of :data:`SCALES`.
        role: one of :data:`ROLES`, or None.
        label: as people read it, in the codebook's language.
        question: for people who code.
        label_en: the label in English, "" if the codebook gives none; no part of what makes two variables equal.
    """

    name: str
    codes: tuple[Code, ...]
    scale: str = "nominal"
    role: str | None = None
    label: str = ""
    question: str = ""
    label_en: str = field(default="", compare=False)

    @property
    def labels(self) -> tuple[str, ...]:
        """Code names in the order of the codebook: the label order of every probability array."""
        return tuple(code.name for code in self.codes)

    @property
    def ranked(self) -> bool:
        """Whether the codes (those with a rank) stand in an order."""
        return self.scale == "ranked"

    @property
    def ranks(self) -> tuple[int | None, ...]:
        """The rank of each code in label order."""
        return tuple(code.rank for code in self.codes)

    def label_in(self, spoken: str) -> str:
        """The label in a language ("da", "en"); where there is none in English, the one there is.

        A label that the codebook does not translate, but a shipped one does, is translated as there: so studies
        and models keep the codebook they were made with.
        """
        if spoken != "en":
            return self.label
        return self.label_en or _translations().get((self.name, self.label), self.label)

    def with_role(self, role: str) -> Code | None:
        """The code that plays ``role`` (one of :data:`CODE_ROLES`), or None."""
        return next((code for code in self.codes if code.role == role), None)

    def code(self, name: str) -> Code:
        """The code called ``name``.

        Raises:
            CodebookError: if the variable has no such code.
        """
        for code in self.codes:
            if code.name == name:
                return code
        raise CodebookError(say("codebook.unknown_code", code=name, variable=self.name, codes=", ".join(self.labels)))


@dataclass(frozen=True)
class Codebook:
    """A named, versioned set of variables."""

    name: str
    version: str
    variables: tuple[Variable, ...]
    title: str = ""
    source: str = ""
    language: str = "da"
    notes: tuple[str, ...] = field(default=())

    @property
    def names(self) -> tuple[str, ...]:
        """Variable names in order."""
        return tuple(variable.name for variable in self.variables)

    @property
    def sha256(self) -> str:
        """Digest of everything but translations; two codebooks with one digest are the same."""
        bare = replace(self, variables=tuple(replace(variable, label_en="") for variable in self.variables))
        return sha256_of(json.dumps(bare.to_dict(), ensure_ascii=False, sort_keys=True))

    @property
    def spoken(self) -> Codebook:
        """The same codebook, each ``label`` in the language in force: for showing, never for storing."""
        variables = (replace(variable, label=variable.label_in(language())) for variable in self.variables)
        return replace(self, variables=tuple(variables))

    def __getitem__(self, name: str) -> Variable:
        """The variable called ``name``; raises KeyError."""
        for variable in self.variables:
            if variable.name == name:
                return variable
        raise KeyError(name)

    def with_role(self, role: str) -> Variable | None:
        """The variable that plays ``role`` (one of :data:`ROLES`), or None."""
        return next((variable for variable in self.variables if variable.role == role), None)

    def only(self, names: Iterable[str]) -> Codebook:
        """The same codebook reduced to some variables."""
        wanted = set(names)
        kept = tuple(variable for variable in self.variables if variable.name in wanted)
        return Codebook(self.name, self.version, kept, self.title, self.source, self.language, self.notes)

    def to_dict(self) -> dict[str, Any]:
        """Plain data that :func:`parse_codebook` takes back, empty fields left out."""
        return _without_empty(asdict(self))


def shipped_codebooks() -> tuple[str, ...]:
    """Names of the codebooks that come with the package."""
    folder = files("narratives") / "codebooks"
    return tuple(sorted(item.name.removesuffix(".yaml") for item in folder.iterdir() if item.name.endswith(".yaml")))


def load_codebook(name_or_path: str | Path = "agency") -> Codebook:
    """The shipped codebook of that name, or the one in that YAML file.

    Raises:
        CodebookError: if there is none, or it is not valid.
    """
    import yaml

    if str(name_or_path) in shipped_codebooks():
        origin = f"{name_or_path}.yaml"
        content = (files("narratives") / "codebooks" / origin).read_text(encoding="utf-8")
    else:
        origin, content = str(name_or_path), _read(Path(name_or_path))
    try:
        data = yaml.safe_load(content)
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        line = place.line + 1 if place else "?"
        raise CodebookError(say("codebook.not_yaml", file=origin, line=line)) from error
    return parse_codebook(data, origin)


def parse_codebook(data: object, origin: str = "codebook") -> Codebook:
    """Build a codebook from plain data and check it.

    Raises:
        CodebookError: naming ``origin`` and the place that is wrong.
    """
    book = _mapping(data, origin, {"name", "version", "variables", "title", "source", "language", "notes"})
    for key in ("name", "version", "variables"):
        if not book.get(key):
            raise CodebookError(say("codebook.missing", file=origin, place=key))
    variables = tuple(_variable(item, origin) for item in _list(book["variables"], origin, "variables"))
    _unique([variable.name for variable in variables], origin, "variables")
    _unique([variable.role for variable in variables if variable.role], origin, "role")
    return Codebook(
        name=str(book["name"]),
        version=str(book["version"]),
        variables=variables,
        title=str(book.get("title", "")),
        source=str(book.get("source", "")),
        language=str(book.get("language", "da")),
        notes=_texts(book.get("notes"), origin, "notes"),
    )


def _variable(data: object, origin: str) -> Variable:
    entry = _mapping(data, origin, {"name", "scale", "role", "label", "label_en", "question", "codes"})
    name = str(entry.get("name") or "")
    if not name:
        raise CodebookError(say("codebook.missing", file=origin, place="variables: name"))
    _choice(entry.get("scale", "nominal"), SCALES, origin, f"{name}: scale")
    if entry.get("role") is not None:
        _choice(entry["role"], ROLES, origin, f"{name}: role")
    codes = tuple(_code(item, origin, name) for item in _list(entry.get("codes"), origin, f"{name}: codes"))
    _unique([code.name for code in codes], origin, f"{name}: codes")
    _unique([code.role for code in codes if code.role], origin, f"{name}: role")
    variable = Variable(
        name=name,
        codes=codes,
        scale=str(entry.get("scale", "nominal")),
        role=entry.get("role"),
        label=str(entry.get("label", name)),
        question=str(entry.get("question", "")),
        label_en=_line(entry.get("label_en", ""), origin, f"{name}: label_en"),
    )
    _check_ranks(variable, origin)
    return variable


@cache
def _translations() -> Mapping[tuple[str, str], str]:
    """English labels of the shipped codebooks, by name and label of the variable."""
    variables = [variable for name in shipped_codebooks() for variable in load_codebook(name).variables]
    return {(variable.name, variable.label): variable.label_en for variable in variables if variable.label_en}


def _code(data: object, origin: str, variable: str) -> Code:
    if isinstance(data, str):
        data = {"name": data}
    entry = _mapping(data, origin, {"name", "rank", "polarity", "role", "definition", "include", "exclude", "examples"})
    name = str(entry.get("name") or "").strip()
    if not name:
        raise CodebookError(say("codebook.missing", file=origin, place=f"{variable}: codes: name"))
    place = f"{variable}: {name}"
    for key in ("rank", "polarity"):
        if entry.get(key) is not None and (not isinstance(entry[key], int) or isinstance(entry[key], bool)):
            raise CodebookError(say("codebook.not_a_number", file=origin, place=f"{place}: {key}"))
    if entry.get("role") is not None:
        _choice(entry["role"], CODE_ROLES, origin, f"{place}: role")
    return Code(
        name=name,
        rank=entry.get("rank"),
        polarity=entry.get("polarity"),
        role=entry.get("role"),
        definition=str(entry.get("definition", "")).strip(),
        include=_texts(entry.get("include"), origin, f"{place}: include"),
        exclude=_texts(entry.get("exclude"), origin, f"{place}: exclude"),
        examples=_texts(entry.get("examples"), origin, f"{place}: examples"),
    )


def _check_ranks(variable: Variable, origin: str) -> None:
    """A ranked variable has at least two ranks 0..n-1, each once; a nominal one has none."""
    ranks = [code.rank for code in variable.codes if code.rank is not None]
    wanted = list(range(len(ranks))) if variable.ranked else []
    if sorted(ranks) != wanted or (variable.ranked and len(ranks) < 2):
        raise CodebookError(say("codebook.ranks", file=origin, variable=variable.name))
    if len(variable.codes) < 2:
        raise CodebookError(say("codebook.too_few_codes", file=origin, variable=variable.name))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        shipped = ", ".join(shipped_codebooks())
        raise CodebookError(say("codebook.not_found", file=path, shipped=shipped)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise CodebookError(say("codebook.unreadable", file=path)) from error


def _mapping(data: object, origin: str, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise CodebookError(say("codebook.not_a_mapping", file=origin, found=str(data)[:40]))
    unknown = sorted(str(key) for key in data if key not in known)
    if unknown:
        raise CodebookError(
            say("codebook.unknown_field", file=origin, field=unknown[0], known=", ".join(sorted(known)))
        )
    return data


def _list(data: object, origin: str, place: str) -> list[Any]:
    if not isinstance(data, list) or not data:
        raise CodebookError(say("codebook.not_a_list", file=origin, place=place))
    return data


def _texts(data: object, origin: str, place: str) -> tuple[str, ...]:
    """A list of strings, or one string, or nothing."""
    if data is None:
        return ()
    if isinstance(data, str):
        return (data.strip(),)
    return tuple(str(item).strip() for item in _list(data, origin, place)) if data else ()


def _line(data: object, origin: str, place: str) -> str:
    """A text on one line."""
    if not isinstance(data, str) or "\n" in data.strip():
        raise CodebookError(say("codebook.not_a_line", file=origin, place=place))
    return data.strip()


def _choice(value: object, choices: tuple[str, ...], origin: str, place: str) -> None:
    if value not in choices:
        raise CodebookError(say("codebook.choice", file=origin, place=place, value=value, choices=", ".join(choices)))


def _unique(names: list[Any], origin: str, place: str) -> None:
    twice = sorted({str(name) for name in names if names.count(name) > 1})
    if twice:
        raise CodebookError(say("codebook.twice", file=origin, place=place, name=twice[0]))


def _without_empty(value: Any) -> Any:
    """Plain data without None, "", () and []; tuples become lists."""
    if isinstance(value, dict):
        return {key: _without_empty(item) for key, item in value.items() if item not in (None, "", (), [])}
    if isinstance(value, (list, tuple)):
        return [_without_empty(item) for item in value]
    return value
