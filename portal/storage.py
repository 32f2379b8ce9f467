"""Keeps files under random keys, in a local folder or in an S3-compatible bucket; nothing else knows where they are."""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

if TYPE_CHECKING:  # these exist for the type checker only
    from obstore.store import ClientConfig, RetryConfig, S3Config

CHUNK = 256 * 1024
KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{30}")


class StorageUnavailable(RuntimeError):
    """The folder or bucket cannot be read or written now."""


class Storage:
    """Bytes by key. Errors of the store are StorageUnavailable; a key without a file is FileNotFoundError."""

    def __init__(self, store: LocalStore | S3Store, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Store and return the new key; when this returns, a local file survives a power cut."""
        key = _new_key()
        try:
            with _translated():
                obstore.put(self._store, key, data, use_multipart=False)
                if self._folder:
                    _make_durable(self._folder / key)
        except FileNotFoundError as missing:
            raise StorageUnavailable("the bucket or folder itself is missing") from missing
        return key

    def put_file(self, path: Path) -> str:
        """The same for a file of any size, which is read in pieces."""
        key = _new_key()
        with _translated():
            obstore.put(self._store, key, path)
            if self._folder:
                _make_durable(self._folder / key)
        return key

    def open(self, key: str) -> Iterator[bytes]:
        """The bytes in pieces of 256 KB; the first is asked for at once, so that a missing file shows here."""
        with _translated():
            result = obstore.get(self._store, _checked(key))
        return (bytes(piece) for piece in result.stream(min_chunk_size=CHUNK))

    def read(self, key: str) -> bytes:
        return b"".join(self.open(key))

    def size(self, key: str) -> int:
        with _translated():
            return obstore.head(self._store, _checked(key))["size"]

    def delete(self, key: str) -> None:
        """Deleting what is not there is no error, so that it can be repeated."""
        try:
            with _translated():
                obstore.delete(self._store, _checked(key))
        except FileNotFoundError:
            return

    def check(self) -> None:
        """Write, read and delete a small file, for /readyz. Raises StorageUnavailable."""
        key = self.put(b"ready?")
        if self.read(key) != b"ready?":
            raise StorageUnavailable("a file that was just written came back different")
        self.delete(key)


@contextmanager
def _translated() -> Iterator[None]:
    """Turns the store's errors into ours; a missing file stays FileNotFoundError."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        raise StorageUnavailable(str(error)) from error


class _Place:
    """Where files are kept, told once when the application is made; the store is opened when it is first needed."""

    url = ""
    endpoint = ""
    store: Storage | None = None


def configure(url: str, *, endpoint: str = "") -> None:
    _Place.url, _Place.endpoint, _Place.store = url, endpoint, None


def current() -> Storage:
    """The storage of this application."""
    if _Place.store is None:
        _Place.store = connect(_Place.url, endpoint=_Place.endpoint)
    return _Place.store


def connect(url: str, *, endpoint: str = "") -> Storage:
    """The storage at `s3://bucket/prefix`, or in a local folder (a path), which is made when it is missing.

    For S3 the credentials and the region come from the usual AWS_… variables; `endpoint` is the address
    of a compatible service, asked with the bucket in the path.
    """
    parts = urlsplit(url)
    if parts.scheme == "s3":
        return Storage(_s3(parts.netloc, parts.path.strip("/"), endpoint))
    if parts.scheme not in ("", "file"):
        raise ValueError(f"storage must be a folder or s3://bucket, not {parts.scheme}://")
    folder = Path(parts.path).resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Storage(LocalStore(folder), folder)


def _s3(bucket: str, prefix: str, endpoint: str) -> S3Store:
    """A person waits for the answer: few and short retries instead of the library's three minutes."""
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "eu-west-2"
    options: ClientConfig = {
        "allow_http": endpoint.startswith("http://"),
        "connect_timeout": timedelta(seconds=3),
        "timeout": timedelta(seconds=30),
    }
    where: S3Config = {"endpoint": endpoint} if endpoint else {"virtual_hosted_style_request": True}
    retries: RetryConfig = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}
    return S3Store(bucket, prefix=prefix or None, region=region, config=where, client_options=options, retry_config=retries)


def _new_key() -> str:
    """128 random bits; two characters of it name a folder, so that no folder grows without end."""
    key = secrets.token_hex(16)
    return f"{key[:2]}/{key[2:]}"


def _checked(key: str) -> str:
    if not KEY.fullmatch(key):
        raise FileNotFoundError(key)
    return key


def _make_durable(path: Path) -> None:
    """obstore writes and renames but never syncs: the file, its folder, and the folder's entry are made to last."""
    for place in (path, path.parent, path.parent.parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
