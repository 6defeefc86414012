"""Pages of a long list, counted only as far as anybody pages: counting a million takes longer than showing twenty."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.paginator import WagtailPaginator

#: So many rows are always counted; whoever pages on sees the end move away by so many pages.
COUNTED = 1000
AHEAD = 10


class FarPaginator(WagtailPaginator):
    """Wagtail's paginator with a count that ends somewhere beyond the page that is asked for."""

    counted = COUNTED

    def get_page(self, number: Any) -> Page:
        asked = int(number) if str(number).isdecimal() else 1
        self.horizon = max(self.counted, (asked + AHEAD) * self.per_page)
        return super().get_page(number)

    @cached_property
    def horizon(self) -> int:
        """Up to here it is counted."""
        return self.counted

    @cached_property
    def _seen(self) -> int:
        rows = self.object_list.order_by().values("pk")
        return int(rows[: self.horizon + 1].count())

    @cached_property
    def count(self) -> int:
        return min(self._seen, self.horizon)

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than were counted."""
        return self._seen > self.horizon

    @cached_property
    def items_count_label(self) -> str:
        label = str(super().items_count_label)
        return (
            _("more than %(count_of_things)s") % {"count_of_things": label}
            if self.is_cut
            else label
        )
