"""Which of Stripe's languages of its checkout page fits a language of Django."""

from __future__ import annotations

AUTO = "auto"

#: https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-locale
STRIPE_LOCALES = frozenset(
    """
    bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt nb nl
    pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW
    """.split()
)

_BY_LOWERCASE = {locale.lower(): locale for locale in STRIPE_LOCALES} | {
    "hi": "hi-IN",
    "no": "nb",
    "nn": "nb",
    "tl": "fil",
    "zh-hant": "zh-TW",
    "zh-hans": "zh",
}
#: Spanish as it is spoken in the Americas.
_LATIN_AMERICA = frozenset("ar bo cl co cr cu do ec gt hn mx ni pa pe pr py sv us uy ve".split())


def stripe_locale(language: str) -> str:
    """Stripe's locale for a Django language code such as "de-at"; "auto", the browser's, where none fits."""
    code = language.lower().replace("_", "-")
    base, _, region = code.partition("-")
    if base == "es" and region in _LATIN_AMERICA:
        return "es-419"
    return _BY_LOWERCASE.get(code) or _BY_LOWERCASE.get(base) or AUTO
