"""Who writes: a site's name, addresses, colour and own words, as its editors set them."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.utils.safestring import SafeString
from wagtail.models import Site
from wagtail.rich_text import expand_db_html

from wagtail_calendly.snippets import markup
from wagtail_calendly.snippets.look import on_color
from wagtail_calendly.snippets.mail_texts import Mail
from wagtail_calendly.snippets.settings import BookingSettings

#: Where neither the site nor the session has a colour: reads well on white and on black.
ACCENT = "#2b6cb0"


@dataclass(frozen=True)
class Sender:
    """A site as the sender of mails. Addresses are empty where there are none."""

    site: Site
    settings: BookingSettings

    @property
    def name(self) -> str:
        """On one line, for it becomes part of a header."""
        given = self.site.site_name or getattr(settings, "WAGTAIL_SITE_NAME", "")
        return " ".join(given.split()) or self.site.hostname

    @property
    def address(self) -> str:
        """DEFAULT_FROM_EMAIL, under the site's name unless it brings a name of its own."""
        name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
        return formataddr((name or self.name, address))

    @property
    def contact_email(self) -> str:
        return self.settings.contact_email

    @property
    def staff_email(self) -> str:
        return self.settings.staff_email or self.settings.contact_email

    @property
    def accent(self) -> str:
        return self.settings.accent_color or ACCENT

    @property
    def on_accent(self) -> str:
        return on_color(self.accent.removeprefix("#"))

    def subject(self, mail: Mail, language: str) -> str:
        """The editors' own; empty where they left ours."""
        return self._wording(mail, language, "subject")

    def opening(self, mail: Mail, language: str) -> SafeString:
        """The editors' own opening words as safe HTML, its links absolute; empty where they left ours."""
        html = self._wording(mail, language, "opening")
        return markup.clean(expand_db_html(html), base=self.site.root_url)

    def _wording(self, mail: Mail, language: str, part: str) -> str:
        """Words for this very language come first, then those for its parent, then those for all."""
        texts = [text.value for text in self.settings.mail_texts if text.value["mail"] == mail]
        for wanted in (language, language.split("-")[0], ""):
            for text in texts:
                if text["language"].strip().lower() == wanted and text[part]:
                    return str(getattr(text[part], "source", text[part]))
        return ""


def sender_of(site: Site) -> Sender:
    """The site with its booking settings; nothing is written where it has none yet."""
    stored = BookingSettings.objects.filter(site=site).first()
    return Sender(site, stored or BookingSettings(site=site))
