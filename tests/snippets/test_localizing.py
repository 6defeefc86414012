"""Translating with wagtail-localize, in a host that has it: the story is in `tests/hosts/translating.py`."""

from tests.hosts.running import ON_SQLITE, run


@ON_SQLITE
def test_translators_get_the_words_and_the_offer_stays_one() -> None:
    run("localize", "translating")
