"""What a case can be about: its words, and which of GoCardless's people hear of a new one."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.models.people import StaffRole
from portal.status import CaseCategory


@dataclass(frozen=True, slots=True)
class Category:
    words: str
    hint: str
    told: StaffRole


C, R = CaseCategory, StaffRole
CATEGORIES: Mapping[CaseCategory, Category] = {
    C.INTEGRATION: Category("Our integration", "OAuth, the API, webhooks, a sandbox run.", R.SOLUTIONS_ENGINEER),
    C.BUILD: Category("A question in Build", "What a question asks for, or which evidence shows it.", R.SOLUTIONS_ENGINEER),
    C.REVIEW: Category("Review feedback", "A remark you do not follow, or a date.", R.SOLUTIONS_ENGINEER),
    C.COMMERCIAL: Category("Commercial terms", "Pricing, revenue share, the agreement.", R.PARTNER_MANAGER),
    C.MARKETING: Category("Launch and marketing", "The directory, a landing page, joint campaigns.", R.PARTNER_MANAGER),
    C.LEAD: Category("A merchant lead", "Something about a merchant you want to bring.", R.SALES),
    C.LOGIN: Category("A sign-in for a contact", "Somebody of your company who needs this portal.", R.PARTNER_MANAGER),
    C.PORTAL: Category("This portal", "Something here does not work or is hard to find.", R.PARTNER_MANAGER),
    C.OTHER: Category("Something else", "", R.PARTNER_MANAGER),
}
ACCOUNT = "account"
"""The answer that makes no case: the account of a merchant, whom help@gocardless.com helps."""
