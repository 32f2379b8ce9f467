"""Says by its content whether a file is a Word document without macros; decompresses no more than two small parts of it."""

import io
import zipfile

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TYPES, BODY, SETTINGS = "[Content_Types].xml", "word/document.xml", "word/_rels/settings.xml.rels"
MOST_PARTS, MOST_UNPACKED, LARGEST_TABLE = 2_000, 200 * 1024 * 1024, 512 * 1024
RUNS = ("vbaproject.bin", "vbadata.xml", "word/activex/", "word/embeddings/")

DAMAGED = "This Word document cannot be opened. Open it in Word, save it again as .docx, and send that."
NOT_WORD = "This is not a PDF or a Word document (.docx). Save it as one of these and send it again."
MACROS = "This Word document holds macros or other embedded programs. Save it without them, or as PDF, and send that."
TEMPLATE = "This Word document loads a template from elsewhere. Detach the template, or save as PDF, and send that."
TOO_MUCH = "This Word document holds more than we take. Save it as PDF and send that."


class NoDocument(Exception):
    """This is no document that we take; the words are for the person who sent it."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def check(data: bytes) -> None:
    """Return when it is a plain Word document. Raises NoDocument."""
    if not data.startswith(b"PK\x03\x04"):
        raise NoDocument(NOT_WORD)
    if _announced(data) > MOST_PARTS:
        raise NoDocument(TOO_MUCH)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            _check_parts(parts)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as broken:
        raise NoDocument(DAMAGED) from broken
    except Exception as broken:
        if type(broken).__module__ == "zlib":  # its error has no other base than Exception
            raise NoDocument(DAMAGED) from broken
        raise


def _announced(data: bytes) -> int:
    """How many parts the closing record names: read before the list itself, which may be made to be endless."""
    at = data.rfind(b"PK\x05\x06")
    if at < 0 or len(data) < at + 22:
        raise NoDocument(DAMAGED)
    return int.from_bytes(data[at + 10 : at + 12], "little")


def _check_parts(parts: zipfile.ZipFile) -> None:
    names = {info.filename.lower() for info in parts.infolist()}
    if TYPES.lower() not in names or BODY not in names:
        raise NoDocument(NOT_WORD)
    if len(names) > MOST_PARTS or sum(info.file_size for info in parts.infolist()) > MOST_UNPACKED:
        raise NoDocument(TOO_MUCH)
    if any(name.endswith(RUNS[:2]) or name.startswith(RUNS[2:]) for name in names):
        raise NoDocument(MACROS)
    types = _part(parts, TYPES)
    if b"macroenabled" in types.lower():
        raise NoDocument(MACROS)
    if MAIN not in types:
        raise NoDocument(NOT_WORD)
    if SETTINGS in names and b"attachedtemplate" in (links := _part(parts, SETTINGS).lower()) and b"external" in links:
        raise NoDocument(TEMPLATE)


def _part(parts: zipfile.ZipFile, name: str) -> bytes:
    """One small part; a longer one than it should be is cut, whatever its header says."""
    with parts.open(name) as part:
        return part.read(LARGEST_TABLE)
