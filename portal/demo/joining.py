"""What brings people in: registering, accepting, inviting, joining, My Account."""

from sqlalchemy import select

from portal import journey
from portal.account import service as account
from portal.account.fields import CONTACT_TEXTS, FIELDS
from portal.account.forms import Typed, TypedContact
from portal.demo.cast import Scene
from portal.extensions import db
from portal.identity import accounts, invitations
from portal.models.integration import Integration
from portal.models.partner import Partner, Profile, Registration
from portal.models.people import Invitation, PartnerRole, StaffRole
from portal.public import service as public
from portal.public.forms import FIELDS as INTEREST
from portal.public.forms import TypedInterest
from portal.reviews import replies
from portal.staff import registrations

STAFF_DOMAIN = "gocardless.example"


def employ(scene: Scene) -> None:
    told = scene.told
    accounts.create_user(
        email=f"{told['username']}@{STAFF_DOMAIN}",
        username=told["username"],
        name=told["name"],
        password_hash=scene.cast.password_hash,
        time_zone=told.get("zone", "Europe/London"),
        staff_role=StaffRole(told["role"]),
    )


def reply(scene: Scene) -> None:
    told = scene.told
    replies.save_reply(None, by=scene.me, title=told["title"], text=told["text"], question_key=told.get("question"))


def register(scene: Scene) -> None:
    made = public.register_interest(TypedInterest({field.name: scene.told[field.name] for field in INTEREST}))
    if scene.at_house:
        scene.house.registration_id = made.id


def decline(scene: Scene) -> None:
    registration = db.session.scalars(select(Registration).filter_by(company=scene.told["company"])).one()
    registrations.decline(registration, reason=scene.told["reason"], by=scene.me)


def accept(scene: Scene) -> None:
    house = scene.house
    registration = db.session.get_one(Registration, house.registration_id)
    partner = registrations.accept(registration, username=house.story["registration"]["contact"], by=scene.me)
    house.partner_id = partner.id
    house.integration_id = db.session.scalars(select(Integration.id).filter_by(partner_id=partner.id)).one()


def invite(scene: Scene) -> None:
    person = scene.house.person(scene.told["who"])
    invitations.invite(
        email=scene.house.email(person["username"]),
        name=person["name"],
        role=PartnerRole(person["role"]),
        by=scene.me,
        partner=db.session.get_one(Partner, scene.house.partner_id),
    )


def join(scene: Scene) -> None:
    person = scene.house.person(scene.by)
    waiting = select(Invitation).filter_by(email=scene.house.email(scene.by), accepted_at=None)
    invitations.accept(
        db.session.scalars(waiting).one(),
        name=person["name"],
        time_zone=person.get("zone", "Europe/London"),
        password_hash=scene.cast.password_hash,
    )


def fill_account(scene: Scene) -> None:
    """My Account as far as the story tells it; with `complete` it is finished, too."""
    profile = db.session.get_one(Profile, scene.house.partner_id)
    account.save(profile, _typed(scene, profile), by=scene.me)
    if scene.told.get("complete"):
        account.complete(profile, by=scene.me)
    journey.account_changed(scene.integration, by=scene.me)


def _typed(scene: Scene, profile: Profile) -> Typed:
    told = scene.house.story["profile"]
    values = {field.name: told.get(field.name, [] if field.several else "") for field in FIELDS}
    contacts = [
        TypedContact(
            texts={name: one.get(name, "") for name in CONTACT_TEXTS},
            roles=sorted(one["roles"]),
            review_mails=one.get("review_mails", False),
            wants_login=False,
        )
        for one in scene.house.story["contact"]
    ]
    return Typed(values, contacts, profile.version)
