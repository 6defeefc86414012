"""Who there is at Calendly: users, and what they are in an organization."""

from __future__ import annotations

from wagtail_calendly.calendly.schemas.base import Moment, Private, Resource


class User(Resource):
    """A member of an organization; `current_user` answers the token's owner."""

    name: str = ""
    slug: str = ""
    email: str = Private
    scheduling_url: str = ""
    timezone: str = ""
    time_notation: str = ""
    avatar_url: str | None = None
    locale: str = ""
    current_organization: str = ""
    created_at: Moment | None = None
    updated_at: Moment | None = None


class OrganizationMembership(Resource):
    """Who belongs to an organization, as `user`, `admin` or `owner`."""

    role: str = ""
    user: User | None = None
    organization: str = ""
    created_at: Moment | None = None
    updated_at: Moment | None = None

    @property
    def is_admin(self) -> bool:
        return self.role in {"admin", "owner"}
