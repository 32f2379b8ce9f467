"""The languages and the parts of the code: which file is which, and what each needs to run."""

from dataclasses import dataclass
from pathlib import Path

from portal.samples import quoting
from portal.samples.quoting import Quote

CODE = Path(__file__).parent / "code"


@dataclass(frozen=True, slots=True)
class Part:
    """One file of each language."""

    key: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Language:
    """`suffix` is of its files, `needs` what to install first; `quote` writes a text between double quotes."""

    key: str
    name: str
    suffix: str
    needs: str
    quote: Quote

    def file(self, part: Part) -> str:
        """The name of the file of this part, as the other files call it."""
        return f"{part.key.capitalize() if self.key in CAPITALS else part.key}.{self.suffix}"

    def source(self, part: Part) -> str:
        """As it is on disk: with the names of the values in their places."""
        return (CODE / self.key / self.file(part)).read_text(encoding="utf-8")


CAPITALS = frozenset({"java", "dotnet"})
"""Where a file is called after its class."""
PARTS = (
    Part("settings", "Settings", "Your values. The secrets are read from the environment and never stand in code."),
    Part("link", "The link", "Where your button “Connect with GoCardless” leads, with a state that proves the answer yours."),
    Part(
        "callback", "The way back", "Your redirect URI: the state is checked, then the code is exchanged for an access token."
    ),
    Part("store", "Keeping the token", "One token for each organisation, encrypted, found again when a webhook names it."),
    Part("verification", "Verification status", "Read from the creditor right after connecting, and shown to the merchant."),
    Part("webhook", "The webhook's signature", "Checked over the raw bytes in constant time, before anything is read."),
)
LANGUAGES = (
    Language("python", "Python", "py", "pip install requests cryptography gocardless_pro", quoting.python),
    Language("php", "PHP", "php", "composer require gocardless/gocardless-pro", quoting.php),
    Language("ruby", "Ruby", "rb", "gem install gocardless_pro", quoting.ruby),
    Language("node", "Node", "mjs", "npm install gocardless-nodejs", quoting.javascript),
    Language("java", "Java", "java", "Java 17 and com.gocardless:gocardless-pro, which brings Gson", quoting.java),
    Language("dotnet", ".NET", "cs", "dotnet add package GoCardless", quoting.javascript),
)
