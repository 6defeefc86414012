"""Two groups to begin with: who runs the bookings, and who looks at them. Groups of these names are left as they are."""

from django.db import migrations

#: Permissions of bookings are made after all migrations, so those that the groups need are made here.
NAMES = {
    "view_booking": "Can view booking",
    "manage_booking": "Can manage bookings",
    "refund_booking": "Can give money back",
}
GROUPS = {
    "Booking managers": ["view_booking", "manage_booking", "refund_booking"],
    "Booking viewers": ["view_booking"],
}


def _content_type(apps, alias, app_label, model):
    types = apps.get_model("contenttypes", "ContentType").objects.using(alias)
    return types.get_or_create(app_label=app_label, model=model)[0]


def _permissions(apps, alias):
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    booking = _content_type(apps, alias, "wagtail_calendly", "booking")
    found = {
        codename: permissions.get_or_create(
            content_type=booking, codename=codename, defaults={"name": name}
        )[0]
        for codename, name in NAMES.items()
    }
    admin = _content_type(apps, alias, "wagtailadmin", "admin")
    found["access_admin"] = permissions.get_or_create(
        content_type=admin, codename="access_admin", defaults={"name": "Can access Wagtail admin"}
    )[0]
    return found


def make(apps, schema_editor):
    alias = schema_editor.connection.alias
    groups = apps.get_model("auth", "Group").objects.using(alias)
    permissions = _permissions(apps, alias)
    for name, codenames in GROUPS.items():
        group, is_new = groups.get_or_create(name=name)
        if is_new:
            group.permissions.set([permissions[one] for one in ["access_admin", *codenames]])


def take_back(apps, schema_editor):
    """Groups that somebody is in stay."""
    alias = schema_editor.connection.alias
    groups = apps.get_model("auth", "Group").objects.using(alias)
    groups.filter(name__in=GROUPS, user=None).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("wagtail_calendly", "0003_desks"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
    ]

    operations = [migrations.RunPython(make, take_back)]
