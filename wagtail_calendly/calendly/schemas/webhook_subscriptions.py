"""Where Calendly delivers to."""

from __future__ import annotations

from pydantic import Field

from wagtail_calendly.calendly.schemas.base import ACTIVE, Moment, Resource


class WebhookSubscription(Resource):
    """Where Calendly delivers. `state` active or disabled; a disabled one can only be deleted and made anew."""

    callback_url: str = Field(default="", repr=False)
    state: str = ""
    events: tuple[str, ...] = ()
    scope: str = ""
    organization: str = ""
    user: str = ""
    group: str = ""
    creator: str = ""
    retry_started_at: Moment | None = None
    created_at: Moment | None = None
    updated_at: Moment | None = None

    @property
    def is_active(self) -> bool:
        return self.state == ACTIVE
