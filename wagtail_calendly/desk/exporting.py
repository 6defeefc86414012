"""Exports as CSV and XLSX that no spreadsheet program mistakes for formulas."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import get_language, override
from wagtail.admin.views.mixins import Echo, SpreadsheetExportMixin

#: What begins a formula, in ASCII and full width, whatever blanks stand before it.
#: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
#: Characters that a workbook cannot hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def defused(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


class DefusedExportMixin(SpreadsheetExportMixin):
    """Wagtail's export for texts that anybody may have written; put it before Wagtail's views.

    A workbook says of each cell that it is text. CSV cannot: there formulas are defused, and every cell is
    quoted, so that none falls apart where a program splits it at another sign.
    """

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        ready = super().preprocess_field_value(field, value, export_format)
        if not isinstance(ready, str):
            return ready
        plain = _CONTROL.sub("", ready)
        return defused(plain) if export_format == self.FORMAT_CSV else plain

    def stream_csv(self, queryset: Iterable[Any]) -> Iterator[bytes]:
        """Wagtail's own, with every cell quoted, in the reader's language: when it is sent, that is over."""
        return self._lines(queryset, get_language())

    def _lines(self, queryset: Iterable[Any], language: str | None) -> Iterator[bytes]:
        writer = csv.DictWriter(Echo(), fieldnames=self.list_export, quoting=csv.QUOTE_ALL)
        with override(language):
            heading = {name: self.get_heading(queryset, name) for name in self.list_export}
        yield writer.writerow(heading)
        rows = iter(queryset)
        while True:
            with override(language):
                item = next(rows, None)
                if item is None:
                    return
                line = self.write_csv_row(writer, self.to_row_dict(item))
            yield line
