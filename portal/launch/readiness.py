"""Is a listing ready to be sent? Answered by a list of reasons, each with the place that mends it."""

from collections.abc import Collection, Sequence

from portal.launch.fields import FIELDS, problem
from portal.launch.versions import Version
from portal.models.listing import SupportDocument
from portal.refusals import Missing
from portal.status import FileState

LISTING, LOGO, DOCUMENTS = "launch.listing", "launch.logo", "launch.documents"


def problems(draft: Version, *, schemes: Collection[str], features: Collection[str]) -> dict[str, str]:
    """What keeps the texts from being ready, by field. `schemes` are those of My Account, `features` what the approved answers show."""
    found = {field.name: problem(field, draft.get(field.name, "")) for field in FIELDS}
    if not found["schemes"] and not set(draft["schemes"]) <= set(schemes):
        found["schemes"] = "Choose only schemes that My Account names, or add the scheme there first."
    if not found["features"] and not set(draft["features"]) <= set(features):
        found["features"] = "Choose only features that your approved Build answers show."
    return {name: words for name, words in found.items() if words}


def missing(
    draft: Version, *, logo: bool, documents: Sequence[SupportDocument], schemes: Collection[str], features: Collection[str]
) -> list[Missing]:
    """Everything that keeps the listing from being sent, in the order of the page; empty when nothing does."""
    found = [] if logo else [Missing("Upload your logo.", LOGO, "logo")]
    found += [Missing(words, LISTING, name) for name, words in problems(draft, schemes=schemes, features=features).items()]
    return [*found, *_documents(documents)]


def _documents(documents: Sequence[SupportDocument]) -> list[Missing]:
    if not documents:
        return [Missing("Add support documentation: a link or a file.", DOCUMENTS, "add")]
    if any(one.state is FileState.REFUSED for one in documents):
        return [Missing("Remove the support document that was refused.", DOCUMENTS, "present")]
    if any(one.state is FileState.CHECKING for one in documents):
        return [Missing("Wait until the support document is checked; this takes a minute at most.", DOCUMENTS, "present")]
    return []
