"""Links: is the authorization request that the partner's product makes right, parameter by parameter?"""

from collections.abc import Callable

from portal.exam.links import judging
from portal.exam.links.asking import EXPERIMENTS
from portal.exam.nouns import Check, Family, Judgement, Observation

__all__ = ["CHECKS", "EXPERIMENTS"]


def _check(
    name: str,
    title: str,
    expected: str,
    why: str,
    judge: Callable[[Observation], Judgement],
    *,
    experiment: str = "request",
    needs: tuple[str, ...] = ("leads",),
    negative: bool = False,
) -> Check:
    return Check(
        id=f"links.{name}",
        family=Family.LINKS,
        title=title,
        expected=expected,
        why=why,
        guide="connect",
        negative=negative,
        experiment=f"links.{experiment}",
        judge=judge,
        needs=tuple(f"links.{need}" for need in needs),
    )


CHECKS = (
    _check(
        "leads",
        "Users are sent to GoCardless",
        "The page that starts a connection leads to GoCardless's authorization page, by a redirect or a link.",
        "Every connection begins with this request; the other checks look at what it carries.",
        judging.leads,
        needs=(),
    ),
    _check(
        "host",
        "The link goes to the right GoCardless",
        "The host is the one of this app's environment: sandbox apps at the sandbox, live apps at live.",
        "Sandbox and live know nothing of each other. With the wrong one, every merchant ends on an error page.",
        judging.host,
    ),
    _check(
        "encrypted",
        "The link is encrypted",
        "The link begins with https.",
        "Over http, everybody on the way reads and changes the request.",
        judging.encrypted,
    ),
    _check(
        "response_type",
        "response_type is code",
        "response_type=code, nothing else.",
        "GoCardless knows the authorization code grant alone.",
        judging.response_type,
    ),
    _check(
        "client_id",
        "client_id is this app's",
        "client_id is the one that GoCardless gave this app.",
        "Merchants allow this app, by this name; another id is another app, or none.",
        judging.client_id,
    ),
    _check(
        "redirect_uri",
        "redirect_uri is registered",
        "redirect_uri is byte for byte one of the app's registered addresses.",
        "GoCardless sends merchants nowhere else; one slash too many, and they see an error page.",
        judging.redirect_uri,
    ),
    _check(
        "scope",
        "scope is one of the two",
        "scope is read_write or read_only, one of them.",
        "It is what the merchant allows. GoCardless refuses anything else.",
        judging.scope,
    ),
    _check(
        "write_access",
        "The link asks for write access",
        "scope is read_write.",
        "Customers, mandates and payments can only be created by an app that may write.",
        judging.write_access,
        needs=("scope",),
    ),
    _check(
        "state",
        "state is sent",
        "The request carries a state.",
        "It comes back with the merchant. Without it, anybody can finish a connection in somebody else's browser.",
        judging.state,
    ),
    _check(
        "state_fresh",
        "Every visit gets its own state",
        "Ten browsers that start connecting are given ten different states.",
        "A state that is shared ties nobody to their own visit: an attacker's works for the victim as well.",
        judging.fresh,
        experiment="samples",
        needs=("state",),
    ),
    _check(
        "state_unguessable",
        "state cannot be guessed",
        "Ten states share no pattern and differ in 96 bits at least; 128 of a secure random source are right.",
        "Who can guess the state can finish a connection in somebody else's browser.",
        judging.unguessable,
        experiment="samples",
        needs=("state_fresh",),
    ),
    _check(
        "not_steered",
        "Strangers cannot steer the request",
        "Parameters that are appended to your page's address do not get into the request.",
        "A link with a prepared state or redirect_uri would connect your user to an attacker.",
        judging.steered,
        experiment="steered",
        negative=True,
    ),
    _check(
        "prefill",
        "The merchant's details are filled in",
        "The request carries prefill[email] or other prefill[…] with what your product knows, in the right form.",
        "Merchants who find their details there finish signing up more often.",
        judging.prefill,
    ),
    _check(
        "parameters_known",
        "Every parameter is one that GoCardless knows",
        "No parameter is misspelt, such as redirectUri or prefill[company].",
        "GoCardless ignores what it does not know: what was meant by it never happens.",
        judging.known,
    ),
    _check(
        "view_signup",
        "New merchants see the sign-up view",
        "The link for new merchants opens the sign-up view.",
        "Who has no account yet and meets a log-in form turns back.",
        judging.signup_view,
    ),
    _check(
        "view_login",
        "Merchants with an account see the log-in view",
        "The link for merchants who have a GoCardless account opens the log-in view.",
        "Who has an account and meets a sign-up form opens a second one.",
        judging.login_view,
        experiment="login",
    ),
    _check(
        "language",
        "language is a code that exists",
        "language, if it is sent, is a code of ISO 639-1.",
        "Anything else is ignored, and merchants see the language of their browser.",
        judging.language,
    ),
    _check(
        "no_secret",
        "The link holds no secret",
        "No secret, token, password or code is in the link.",
        "A link is kept in histories, logs and referrers. A secret that was in one has to be replaced.",
        judging.no_secret,
    ),
    _check(
        "no_duplicates",
        "Every parameter is given once",
        "No parameter is repeated.",
        "RFC 6749, section 3.1, forbids it: which value counts depends on who reads.",
        judging.no_duplicates,
    ),
)
