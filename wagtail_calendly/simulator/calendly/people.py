"""API: users and organization memberships."""

from __future__ import annotations

from starlette.responses import Response

from wagtail_calendly.simulator.calendly import shapes
from wagtail_calendly.simulator.calendly.access import Call
from wagtail_calendly.simulator.calendly.errors import ApiError, InvalidParametersError, detail
from wagtail_calendly.simulator.calendly.paging import PAGING, paginate, resource
from wagtail_calendly.simulator.calendly.params import Field, choice, email, uri


async def get_user(call: Call) -> Response:
    call.query({})
    wanted = call.id()
    user = call.caller if wanted == "me" else call.calendly.users.get(wanted)
    if user is None:
        raise ApiError(404)
    return resource(shapes.user(call.calendly, user))


async def list_memberships(call: Call) -> Response:
    asked = call.query(
        {
            "user": Field(uri("users/*")),
            "organization": Field(uri("organizations/*")),
            "email": Field(email),
            "role": Field(choice("user", "admin", "owner")),
            **PAGING,
        }
    )
    if "user" not in asked and "organization" not in asked:
        raise InvalidParametersError([detail("organization", "or user must be filled", "missing")])
    if "user" in asked:
        call.may_see_user(asked["user"])
    if "organization" in asked:
        call.may_see_organization(asked["organization"])
    members = [
        user
        for user in call.calendly.users.values()
        if asked.get("user", user.uri) == user.uri
        and asked.get("email", user.email) == user.email
        and asked.get("role", user.role) == user.role
    ]
    return paginate(call, members, asked, lambda user: shapes.membership(call.calendly, user))
