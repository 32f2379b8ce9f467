"""Is My Account complete? Answered by a list of reasons, each with the place that mends it."""

from portal.account.fields import CONTACT_TEXTS, FIELDS, email_problem, phone_problem, problem
from portal.catalog import AccountFacts, account_choices
from portal.models.partner import Contact, Profile
from portal.refusals import Missing

ENDPOINT = "account.show"
NEEDED_OF_CONTACT = ("first_name", "last_name", "email")


def missing(profile: Profile) -> list[Missing]:
    """Everything that keeps My Account from being complete, in the order of the page; empty when nothing does."""
    return [Missing(words, ENDPOINT, anchor) for anchor, words in problems(profile).items()]


def problems(profile: Profile) -> dict[str, str]:
    """The same, by the id of the field on the page."""
    found = {field.name: problem(field, getattr(profile, field.name)) for field in FIELDS}
    if not profile.contacts:
        found["contact-0-first_name"] = "Add at least one contact."
    for position, contact in enumerate(profile.contacts):
        found |= {f"contact-{position}-{name}": words for name, words in _contact(contact, profile.head_office).items()}
    return {anchor: words for anchor, words in found.items() if words}


def _contact(contact: Contact, region: str) -> dict[str, str]:
    found = {
        name: f"Enter the contact's {CONTACT_TEXTS[name].lower()}." for name in NEEDED_OF_CONTACT if not getattr(contact, name)
    }
    if contact.email:
        found["email"] = email_problem(contact.email)
    if contact.phone:
        found["phone"] = phone_problem(contact.phone, region)
    if not contact.roles:
        found["roles"] = "Choose at least one role for the contact."
    elif not set(contact.roles) <= {option.code for option in account_choices().contact_roles}:
        found["roles"] = "Choose roles from the list."
    return found


def facts(profile: Profile) -> AccountFacts:
    """What the certification's conditions may ask of My Account."""
    return AccountFacts(
        schemes=frozenset(profile.schemes),
        categories=frozenset(filter(None, [profile.category, *profile.more_categories])),
        use_cases=frozenset(profile.use_cases),
        user_types=frozenset(profile.user_types),
        user_countries=frozenset(profile.user_countries),
    )
