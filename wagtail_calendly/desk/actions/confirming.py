"""How staff act: what will happen is said first, and done only when it is confirmed by a POST."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button

from wagtail_calendly.desk.actions.forms import ReasonForm
from wagtail_calendly.desk.permissions import MANAGE, booking_policy
from wagtail_calendly.exceptions import NotPossible, ShownChanged

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


CHANGED = gettext_lazy(
    "Something has changed since this was shown, so nothing was done. Look again."
)


class ConfirmedView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """One thing that staff may do. Where it depends on a choice, that is asked on a page before.

    `said` is what was filled in; empty on the first page.
    """

    permission_policy = booking_policy
    permission_required = MANAGE
    template_name = "wagtail_calendly/desk/action.html"
    form_class: type[ReasonForm] = ReasonForm

    name: ClassVar[str]
    label: ClassVar[str | Promise]
    icon: ClassVar[str]
    is_serious: ClassVar[bool] = False
    #: What to say where it cannot be done any more.
    refusal: str | Promise = gettext_lazy("This is not possible any more.")

    def is_open(self) -> bool:
        """Whether it can be done at all now."""
        return True

    def sentences(self, said: dict[str, Any]) -> list[str]:
        """Exactly what will happen."""
        raise NotImplementedError

    def verb(self, said: dict[str, Any]) -> str:
        """The button that does it, with its consequence."""
        return str(self.label)

    def shown(self, said: dict[str, Any]) -> str:
        """What must still be so when it is confirmed."""
        return ""

    def act(self, said: dict[str, Any]) -> str:
        """Do it; what became of it, in words. Raises `NotPossible`."""
        raise NotImplementedError

    def back_url(self) -> str:
        """Where one comes from, and goes afterwards."""
        raise NotImplementedError

    def about(self) -> str:
        """Whose it is, for the title."""
        return ""

    def after_buttons(self) -> list[Button]:
        """What to offer beside the message once it is done."""
        return []

    # The page

    @property
    def user(self) -> AbstractBaseUser:
        """Nobody else gets here."""
        return cast("AbstractBaseUser", self.request.user)

    @cached_property
    def is_confirmed(self) -> bool:
        return "shown" in self.request.POST

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if self.is_open() else self.refuse()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_open():
            return self.refuse()
        if "back" in request.POST:
            return self.ask_again()
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        said = form.cleaned_data
        if not self.is_confirmed:
            return self.render_to_response(self.get_context_data(form=form, said=said))
        if self.request.POST["shown"] != self.shown(said):
            messages.warning(self.request, CHANGED)
            return self.ask_again()
        try:
            done = self.act(said)
        except ShownChanged:
            messages.warning(self.request, CHANGED)
            return redirect(self.request.path)
        except NotPossible:
            return self.refuse()
        messages.success(self.request, done, buttons=self.after_buttons())
        return redirect(self.back_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        is_hidden = "said" in context
        is_last = is_hidden or not context["form"].asks_first
        said = context["said"] if is_hidden else self._unasked(context["form"])
        return context | {
            "is_last": is_last,
            "is_hidden": is_hidden,
            "sentences": self.sentences(said) if is_last else [],
            "verb": self.verb(said) if is_last else _("Continue"),
            "shown": self.shown(said) if is_last else "",
            "back_url": self.back_url(),
            "is_serious": self.is_serious and is_last,
        }

    def get_page_title(self) -> str:
        return str(self.label)

    def get_page_subtitle(self) -> str:
        return self.about()

    def get_header_icon(self) -> str:
        return self.icon

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": self.back_url(), "label": self.about()},
            {
                "url": "",
                "label": self.get_page_title(),
                "sublabel": self.get_page_subtitle(),
            },
        ]

    @staticmethod
    def _unasked(form: Form) -> dict[str, Any]:
        """What holds without a choice."""
        return {
            name: form.get_initial_for_field(field, name) for name, field in form.fields.items()
        }

    def ask_again(self) -> HttpResponse:
        """The first page, with what was filled in."""
        return self.render_to_response(self.get_context_data())

    def refuse(self) -> HttpResponse:
        """Say why nothing was done."""
        messages.warning(self.request, " ".join([str(self.refusal), _("Nothing was changed.")]))
        return redirect(self.back_url())
