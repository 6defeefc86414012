"""What lists of things that wait for staff share."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Model
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSet

from wagtail_calendly.desk.actions import ConfirmedView
from wagtail_calendly.desk.columns import DESK_MEDIA
from wagtail_calendly.desk.paging import FarPaginator
from wagtail_calendly.desk.permissions import MANAGE, VIEW, BookingsMenuItem, booking_policy, may


class WaitingIndexView(generic.IndexView):
    """A listing that whoever may view bookings may read. Its first column carries what can be done."""

    any_permission_required: ClassVar = [VIEW]
    permission_policy = booking_policy
    list_export: ClassVar[list[str]] = []
    paginate_by = 20
    paginator_class = FarPaginator
    table_classname = "listing wc-bookings"

    @cached_property
    def may_manage(self) -> bool:
        """Whether the reader may also do something about it."""
        return may(self.request.user, MANAGE)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        return context | {"media": context["media"] + DESK_MEDIA}

    def get_list_buttons(self, instance: Any) -> list[Any]:
        """Called as the row is: what a row is called in logs says nothing to people."""
        buttons: list[Any] = super().get_list_buttons(instance)
        for button in buttons:
            words = {"name": self.columns[0].get_value(instance)}
            button.attrs["aria-label"] = _("Actions for “%(name)s”") % words
        return buttons

    def title_column(self, name: str, **kwargs: Any) -> TitleColumn:
        return self._get_title_column_class(TitleColumn)(name, **kwargs)


class WaitingViewSet(ViewSet):
    """A page of the desk with one listing, and what can be done with its rows."""

    model: type[Model]
    index_view_class: type[WaitingIndexView]
    actions: tuple[type[ConfirmedView], ...] = ()
    menu_item_class = BookingsMenuItem

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(
            header_icon=self.icon,
            index_url_name=self.get_url_name("index"),
            index_results_url_name=self.get_url_name("index_results"),
            **kwargs,
        )

    def get_urlpatterns(self) -> list[URLPattern]:
        view = self.index_view_class
        return [
            path("", self.construct_view(view), name="index"),
            path("results/", self.construct_view(view, results_only=True), name="index_results"),
            *(
                path(f"<int:pk>/{action.name}/", action.as_view(), name=action.name)
                for action in self.actions
            ),
        ]
