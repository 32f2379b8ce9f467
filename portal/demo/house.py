"""One partner of the demo data: its story, its words, its answers."""

from collections.abc import Mapping
from typing import Any

from portal.build.typed import TypedAnswer
from portal.catalog import Value

Told = Mapping[str, Any]


class House:
    """A story with what becomes of it while it is played."""

    def __init__(self, story: Told, usual: Told) -> None:
        self.story, self._usual = story, usual
        self.partner_id = self.integration_id = self.registration_id = 0
        self.colour: str = story["partner"]["colour"]
        self.words = words(story["partner"])
        self.shared_pictures: bool = story["partner"].get("shared_pictures", False)

    @property
    def domain(self) -> str:
        return self.words["domain"]

    def person(self, username: str) -> Told:
        """Somebody of the team, also one who is only invited."""
        everybody = [*self.story["person"], *self.story.get("invited", ())]
        found: Told = next(one for one in everybody if one["username"] == username)
        return found

    def email(self, username: str) -> str:
        return f"{username}@{self.domain}"

    def answer(self, question_key: str, section_key: str) -> TypedAnswer | None:
        """What this partner answers; None where its story says nothing."""
        own = self.story.get("answers", {}).get(section_key, {})
        told = own.get(question_key, self._usual[section_key].get(question_key))
        return None if told is None else self.typed(told)

    def values(self) -> dict[str, Value]:
        """All answers as they will be in the end, by question."""
        answers = {key: self.answer(key, section) for section in self._usual for key in self._keys(section)}
        return {key: one.value for key, one in answers.items() if one and one.value}

    def _keys(self, section_key: str) -> set[str]:
        return {*self._usual[section_key], *self.story.get("answers", {}).get(section_key, {})}

    def typed(self, told: Any, base: str = "") -> TypedAnswer:
        """An answer of the story: a value, or {value, comment}."""
        value, comment = (told["value"], told["comment"]) if isinstance(told, dict) else (told, "")
        filled = value.format(**self.words) if isinstance(value, str) else tuple(sorted(value))
        return TypedAnswer(filled, comment.format(**self.words), base)

    def registration(self) -> dict[str, str]:
        """The form "Register your interest" as they filled it in."""
        told, first = self.story["registration"], self.person(self.story["registration"]["contact"])
        return {
            "company": self.story["partner"]["company"],
            "website": f"https://{self.domain}",
            "country": told["country"],
            "contact_name": first["name"],
            "email": self.email(first["username"]),
            "job_title": told["job_title"],
            "about": told["about"],
        }


PAYERS = ("Olive Street Bakery", "Marlow Dental", "Hill & Sons Roofing", "Kestrel Gym", "Nadia Rahman")


def words(partner: Told) -> dict[str, str]:
    """What stands for the braces in answers and pictures."""
    payers = partner.get("payers", PAYERS)
    address = payers[1].lower().replace(" ", "").replace("&", "")
    named = {f"p{number}": payer for number, payer in enumerate(payers, 1)}
    return {
        "product": partner["product"],
        "domain": partner["domain"],
        "item": partner["item"],
        "m2": f"{address}@mail.example",
        **named,
    }
