"""The admin of cancellation policies: what each says to visitors, and which session types use it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from wagtail_calendly.snippets import policy_words, tables
from wagtail_calendly.snippets.models import CancellationPolicy, SessionType


def steps_in_short(policy: CancellationPolicy) -> str:
    return policy_words.in_short(policy.as_tiers())


def steps_column() -> Column:
    return Column("tiers", label=gettext_lazy("What visitors get back"), accessor=steps_in_short)


class PolicyIndexView(IndexView):
    """The list, with the session types that offer each policy."""

    def get_base_queryset(self) -> QuerySet[CancellationPolicy]:
        session_types = SessionType.objects.select_related(None).prefetch_related(None)
        titles = session_types.only("title", "cancellation_policy_id")
        rows: QuerySet[CancellationPolicy] = super().get_base_queryset()
        return rows.prefetch_related(Prefetch("session_types", titles))


class _Policies:
    """What the first list and each later page of results share."""

    @property
    def columns(self) -> list[Column]:
        return [*super().columns, steps_column()]  # type: ignore[misc]


class PolicyChooseView(_Policies, ChooseView):
    pass


class PolicyChooseResultsView(_Policies, ChooseResultsView):
    pass


class PolicyChooserViewSet(SnippetChooserViewSet):
    """Offers the policies that exist, and makes a new one in place."""

    choose_view_class = PolicyChooseView
    choose_results_view_class = PolicyChooseResultsView
    form_fields = ["name", "tiers"]


class CancellationPolicyViewSet(SnippetViewSet):
    model = CancellationPolicy
    icon = "clipboard-list"
    menu_label = gettext_lazy("Cancellation policies")
    add_to_admin_menu = False
    index_view_class = PolicyIndexView
    chooser_viewset_class = PolicyChooserViewSet
    list_per_page = 50
    edit_handler = ObjectList([FieldPanel("name"), FieldPanel("tiers")])

    @property
    def list_display(self) -> list[str | Column]:
        used_by = tables.used_by_column(lambda policy: policy.session_types.all())
        return ["name", steps_column(), used_by]


def keep_what_is_used(
    request: HttpRequest, policies: Sequence[CancellationPolicy]
) -> HttpResponse | None:
    """Refuse to delete policies that session types or their drafts offer."""
    if not policies or not isinstance(policies[0], CancellationPolicy):
        return None
    keys = [policy.pk for policy in policies]
    users = SessionType.objects.filter(
        Q(cancellation_policy__in=keys) | Q(latest_revision__content__cancellation_policy__in=keys)
    )
    names = sorted({session_type.title for session_type in users})
    if not names:
        return None
    messages.error(
        request,
        _(
            "It is the cancellation policy of %(names)s, so it is kept. "
            "Choose another policy there first."
        )
        % {"names": ", ".join(names)},
    )
    return redirect(CancellationPolicy.snippet_viewset.get_url_name("list"))
