"""Days as people write them in tables, file names and at the head of an interview."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from narratives.files import nfc
from narratives.reading.vocabulary import words_by_name

__all__ = ["DATE_IN_NAME", "parse_date"]

_MONTHS = {name: int(number) for number, names in words_by_name("months").items() for name in names}
_MONTH_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))

DATE_IN_NAME = re.compile(
    r"(?<!\d)(?:(?:19|20)\d{2}[-_.](?:0?[1-9]|1[0-2])[-_.](?:[12]\d|3[01]|0?[1-9])"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"|(?:[12]\d|3[01]|0?[1-9])[-_./](?:1[0-2]|0?[1-9])[-_./](?:(?:19|20)\d{2}|\d{2})"
    rf"|(?:[12]\d|3[01]|0?[1-9])\.?[ _-](?:{_MONTH_NAMES})\.?[ _-](?:19|20)\d{{2}})(?!\d)",
    re.IGNORECASE,
)
"""A date inside a file name; the year stands in four digits, or in two after day and month."""

_YMD = re.compile(r"((?:19|20)\d{2})[-_./ ]?(\d{1,2})[-_./ ]?(\d{1,2})(?:[t ].*)?")
_DMY = re.compile(r"(\d{1,2})\.?[-_./ ]+(\d{1,2})\.?[-_./ ]+(\d{4}|\d{2})(?:[t ].*)?")
_WORDS = re.compile(r"(?:[^\W\d_]+ (?:den )?)?(\d{1,2})\.?[ _-]+([^\W\d_]+)\.?[ _,-]+(\d{4}|\d{2})")
_SERIAL = re.compile(r"(\d{5})(?:[.,]0+)?")
_EXCEL_EPOCH = date(1899, 12, 30)
_PIVOT = 70


def parse_date(value: str | date | datetime | None) -> date | None:
    """The day that ``value`` means; None if it is no date.

    Understands yyyy-mm-dd, yyyymmdd, dd-mm-yyyy, dd.mm.yy, dd/mm-yyyy, "3. november 2008" and Excel's day
    numbers (five digits). Day stands before month, as in Denmark.
    """
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    text = nfc(value).strip().casefold()
    for pattern, order in ((_YMD, "ymd"), (_DMY, "dmy"), (_WORDS, "dmy")):
        if found := pattern.fullmatch(text):
            parts = dict(zip(order, found.groups(), strict=True))
            return _day(parts["y"], parts["m"], parts["d"])
    serial = _SERIAL.fullmatch(text)
    return _EXCEL_EPOCH + timedelta(days=int(serial[1])) if serial else None


def _day(year: str, month: str, day: str) -> date | None:
    """The day of three parts, the month as number or name; None if there is no such day."""
    number = int(year)
    if number < 100:
        number += 1900 if number >= _PIVOT else 2000
    try:
        return date(number, _MONTHS.get(month) or int(month), int(day))
    except ValueError:
        return None
