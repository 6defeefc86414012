"""The booking block: what an editor drops into a page to offer sessions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.blocks import (
    BlockGroup,
    BooleanBlock,
    CharBlock,
    ChoiceBlock,
    ListBlock,
    RichTextBlock,
    StructBlock,
    StructBlockValidationError,
    StructValue,
)
from wagtail.snippets.blocks import SnippetChooserBlock

from wagtail_calendly.blocks import samples
from wagtail_calendly.blocks.offering import Offering, offering
from wagtail_calendly.blocks.selection import Selection, select
from wagtail_calendly.blocks.site import defaults
from wagtail_calendly.snippets.look import EmbedMode, Layout
from wagtail_calendly.snippets.offer import title_for_editors
from wagtail_calendly.snippets.settings import ALL_SESSIONS, BookingSettings


class BookingBlock(StructBlock):
    """Offers sessions on a page. Subclass it to add children or to change `Meta.template`.

    What children are constructed with is frozen into the migrations of every host: change a
    label or a choice only for a good reason. Help texts stand in the form layout, which is not.
    """

    heading = CharBlock(required=False, label=gettext_lazy("Heading"))
    introduction = RichTextBlock(
        required=False, features=["bold", "italic", "link"], label=gettext_lazy("Introduction")
    )
    sessions = ListBlock(
        SnippetChooserBlock("wagtail_calendly.SessionType"),
        default=[],
        label=pgettext_lazy("to book", "Sessions"),
    )
    all_sessions = BooleanBlock(required=False, label=gettext_lazy("Offer all live sessions"))
    layout = ChoiceBlock(
        required=False,
        choices=[
            ("", gettext_lazy("As in the booking settings")),
            *Layout.choices,
        ],
        label=gettext_lazy("Layout"),
    )
    embed_mode = ChoiceBlock(
        required=False,
        choices=[
            ("", gettext_lazy("As in the booking settings")),
            *EmbedMode.choices,
        ],
        label=gettext_lazy("Calendar"),
    )
    consent = ChoiceBlock(
        choices=[
            ("click", gettext_lazy("When the visitor asks for it")),
            ("visible", gettext_lazy("As soon as it is visible")),
        ],
        default="click",
        label=gettext_lazy("Load Calendly"),
    )

    class Meta:
        icon = "calendar-alt"
        label = gettext_lazy("Booking")
        label_format = "{heading}"
        description = gettext_lazy(
            "Sessions that visitors can book, with a calendar to choose a time."
        )
        template = "wagtail_calendly/blocks/booking.html"
        preview_template = "wagtail_calendly/blocks/preview.html"
        #: The level of the block's heading; the titles of sessions stand one below it.
        heading_level = 2
        form_layout = BlockGroup(
            children=["heading", "introduction", "sessions", "all_sessions"],
            settings=[
                "layout",
                "embed_mode",
                BlockGroup(
                    children=["consent"],
                    heading=pgettext_lazy("of visitors", "Privacy"),
                    icon="lock",
                    help_text=gettext_lazy(
                        "By default nothing reaches Calendly before the visitor asks for the calendar. "
                        "Loading it as soon as it is visible gives that promise up: check that your "
                        "privacy notice, and the law where your visitors live, allow it."
                    ),
                ),
            ],
        )

    def clean(self, value: StructValue) -> StructValue:
        """Refuse what visitors would find empty or ambiguous, and say what mends it."""
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        chosen, all_sessions = len(cleaned["sessions"]), cleaned["all_sessions"]
        errors = {}
        if not chosen and not all_sessions:
            errors["sessions"] = ValidationError(
                _("Nothing is offered yet. Choose a session, or offer all live sessions.")
            )
        elif cleaned["layout"] == Layout.DIRECT and (chosen != 1 or all_sessions):
            errors["layout"] = ValidationError(
                _("This layout shows exactly one session. Choose only one, or another layout.")
            )
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return cleaned

    def get_context(
        self, value: StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Adds `offering`, all that the template prints beside the block's own value."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["offering"] = self.get_offering(value, context)
        return context

    def get_offering(self, value: StructValue, context: dict[str, Any]) -> Offering:
        """Override to offer something else, or in another order."""
        request = context.get("request")
        selection = self.get_selection(value, context)
        return offering(
            selection,
            value,
            site=defaults(request),
            page=context.get("page"),
            heading_level=self.meta.heading_level,
            for_editor=getattr(request, "is_preview", False),
        )

    def get_selection(self, value: StructValue, context: dict[str, Any]) -> Selection:
        """The sessions that visitors see, and what is withheld from them."""
        if context.get("block_def") is self:  # the inserter's preview, where samples stand
            return Selection(shown=list(value["sessions"]))
        return select(value["sessions"], all_live=value["all_sessions"], context=context)

    def get_preview_value(self) -> StructValue:
        """Samples, so that the preview is the same on a site that has no sessions yet."""
        shown = {
            "heading": _("Book a session"),
            "sessions": samples.sessions(),
            "layout": Layout.CARDS,
        }
        return self.normalize(dict(self.get_default()) | shown)

    def extract_references(self, value: StructValue) -> Iterator[tuple[Any, str, str, str]]:
        """For Wagtail's reference index: a block that offers all points to the booking settings."""
        yield from super().extract_references(value)
        if value.get("all_sessions"):
            yield BookingSettings, ALL_SESSIONS, "all_sessions", "all_sessions"

    def get_form_state(self, value: StructValue) -> dict[str, Any]:
        """In the editor a session that visitors do not see says so beside its name."""
        state: dict[str, Any] = super().get_form_state(value)
        for item, session in zip(state["sessions"], value["sessions"], strict=True):
            if session is not None:
                item["value"]["string"] = title_for_editors(session)
        return state
