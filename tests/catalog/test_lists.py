"""Schemes, guides and the lists of My Account."""

import pytest

from portal.catalog import CatalogError, account_choices, guides, schemes
from portal.catalog.schemes import Kind, Verified

SCHEME = """[[scheme]]
id = "bacs"
api_id = "bacs"
name = "Bacs Direct Debit"
currency = "GBP"
kind = "bank_debit"
countries = ["GB"]
reference_length = 10
verified = "yes"
protect_plus = []
success_plus = []
facts = []
"""
GUIDE = '[[guide]]\nkey = "connect"\ntitle = "Connecting"\nurl = "https://example.com/"\n'
ACCOUNT = "".join(
    f'{name} = [{{ code = "one", words = "One" }}]\n'
    for name in ("categories", "use_cases", "contact_roles", "user_types", "user_sizes", "industries")
)
COUNTRIES = 'sign_up_countries = ["GB"]\n'


def written(folder, text):
    file = folder / "list.toml"
    file.write_text(text, "utf-8")
    return file


def test_every_official_scheme():
    assert [scheme.id for scheme in schemes()] == [
        "bacs",
        "sepa_core",
        "autogiro",
        "betalingsservice",
        "becs",
        "becs_nz",
        "pad",
        "ach",
        "pay_to",
        "faster_payments",
        "sepa_credit_transfer",
        "sepa_instant_credit_transfer",
        "vrp",
        "outbound_faster_payments",
    ]


def test_the_currencies_of_the_schemes():
    assert {scheme.currency for scheme in schemes()} == {"GBP", "EUR", "SEK", "DKK", "AUD", "NZD", "CAD", "USD"}


def test_facts_of_some_schemes():
    by_id = {scheme.id: scheme for scheme in schemes()}
    assert by_id["autogiro"].verified is Verified.COMPULSORY
    assert by_id["pad"].reference_length is None
    assert by_id["sepa_core"].reference_length == 140
    assert len(by_id["sepa_core"].countries) == 22
    assert by_id["vrp"].kind is Kind.RECURRING_OPEN_BANKING
    assert by_id["ach"].success_plus == ("R01", "R09")


def test_the_lists_of_my_account():
    choices = account_choices()
    assert len(choices.categories) == 17
    assert len(choices.contact_roles) == 9
    assert len(choices.sign_up_countries) == 31
    assert {option.code for option in choices.user_types} == {"individual", "company", "charity", "partnership", "trust"}
    assert {option.code for option in choices.sign_up_countries} < {option.code for option in choices.countries}
    assert "United Kingdom" in {option.words for option in choices.countries}


def test_the_countries_of_payers_are_countries():
    known = {option.code for option in account_choices().countries}
    assert {country for scheme in schemes() for country in scheme.countries} <= known


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('kind = "bank_debit"', 'kind = "debit"', "scheme bacs: 'kind' is 'debit'; allowed are bank_debit"),
        ('currency = "GBP"', 'currency = "pounds"', "it should be a currency such as GBP"),
        ("reference_length = 10", 'reference_length = "10"', "it should be a whole number"),
        ('countries = ["GB"]', 'countries = ["UK "]', "countries has 'UK '"),
        ("facts = []", "fact = []", "unknown key 'fact'"),
        ("facts = []\n", f"facts = []\n{SCHEME}", "duplicate scheme 'bacs'"),
        ('name = "Bacs Direct Debit"\n', "", "missing key 'name'"),
    ],
)
def test_a_mistake_in_a_scheme(tmp_path, before, after, problem):
    with pytest.raises(CatalogError) as caught:
        schemes(written(tmp_path, SCHEME.replace(before, after)))
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (GUIDE + GUIDE, "duplicate guide 'connect'"),
        (GUIDE.replace("https", "http"), "guide connect: 'url' is 'http://example.com/'; it should be an https address"),
        (GUIDE.replace("title", "name"), "guide connect: unknown key 'name'"),
        ("[[guides]]\n", "unknown key 'guides'; allowed are guide"),
    ],
)
def test_a_mistake_in_a_guide(tmp_path, text, problem):
    with pytest.raises(CatalogError) as caught:
        guides(written(tmp_path, text))
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (ACCOUNT, "missing key 'sign_up_countries'"),
        (ACCOUNT + COUNTRIES.replace("GB", "UK"), "sign_up_countries has 'UK', which is no country code"),
        (ACCOUNT + COUNTRIES + "more = []\n", "unknown key 'more'"),
        (ACCOUNT.replace("words", "word", 1) + COUNTRIES, "categories one: unknown key 'word'"),
        (
            ACCOUNT.replace("}]", '}, { code = "one", words = "Again" }]', 1) + COUNTRIES,
            "categories: duplicate code 'one'",
        ),
    ],
)
def test_a_mistake_in_a_list_of_my_account(tmp_path, text, problem):
    with pytest.raises(CatalogError) as caught:
        account_choices(written(tmp_path, text))
    assert problem in str(caught.value)
