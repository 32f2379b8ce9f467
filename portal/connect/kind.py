"""The connect test as a kind of run: its steps, and the clause that asks for each."""

from portal.runs.kinds import StepWords

STEPS = {
    "link": StepWords("The link is built", "Your app's id, the scope and where to come back, in one address.", "connect"),
    "sent": StepWords("The merchant is at GoCardless", "Signing up or logging in, then allowing or denying.", "connect"),
    "returned": StepWords("The merchant comes back", "The state is compared before anything else is read.", "connect"),
    "exchanged": StepWords("The code is exchanged", "Server to server, with the client secret: a token comes back.", "connect"),
    "again": StepWords("The same code once more", "A code must be good only once.", "connect"),
    "looked_up": StepWords("The token is looked up", "Whether it is active, and for whom.", "connect"),
    "creditor": StepWords("The creditor is read", "The first call with the token.", "api-ref"),
    "verification": StepWords("The verification status is read", "Whether the merchant will be paid out.", "verify"),
    "revoked": StepWords("The token is revoked", "The merchant is disconnected by you.", "connect"),
    "refused": StepWords("The API refuses the token", "401 is what your product sees after a disconnection.", "connect"),
}
USUAL = ("link", "sent", "returned", "exchanged", "looked_up", "creditor", "verification")
READS = ("looked_up", "creditor", "verification")
"""What may be read again at any time."""
