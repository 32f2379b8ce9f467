"""Storage in a local folder and in a real S3 endpoint: the same promises for both."""

import os
import re
from pathlib import Path
from uuid import uuid4

import pytest

from portal import storage
from portal.storage import StorageUnavailable, connect

BIG = bytes(range(256)) * 8192


@pytest.fixture(scope="module")
def s3_endpoint():
    server_module = pytest.importorskip("moto.server", reason="moto[s3] is not installed, so there is no S3 endpoint to ask")
    server = server_module.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(s3_endpoint, monkeypatch):
    boto3 = pytest.importorskip("boto3", reason="moto[s3] brings boto3, which makes the bucket")
    for name, value in (("AWS_ACCESS_KEY_ID", "key"), ("AWS_SECRET_ACCESS_KEY", "secret"), ("AWS_DEFAULT_REGION", "eu-west-2")):
        monkeypatch.setenv(name, value)
    client = boto3.client("s3", endpoint_url=s3_endpoint)
    bucket = f"evidence-{uuid4()}"
    client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    client.close()
    return connect(f"s3://{bucket}/portal", endpoint=s3_endpoint)


@pytest.fixture
def folder(tmp_path):
    return connect(str(tmp_path / "uploads"))


@pytest.fixture(params=["folder", "s3"])
def store(request):
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("data", [b"", b"x", BIG])
def test_what_is_put_comes_back(store, data):
    key = store.put(data)
    assert store.read(key) == data
    assert store.size(key) == len(data)


def test_a_large_file_comes_in_pieces(store):
    pieces = list(store.open(store.put(BIG)))
    assert len(pieces) > 1
    assert b"".join(pieces) == BIG


def test_keys_are_random_and_tell_nothing(store):
    keys = {store.put(b"same") for _ in range(20)}
    assert len(keys) == 20
    assert all(re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{30}", key) for key in keys)


def test_deleting_can_be_repeated(store):
    key = store.put(b"x")
    store.delete(key)
    store.delete(key)
    with pytest.raises(FileNotFoundError):
        store.open(key)
    with pytest.raises(FileNotFoundError):
        store.size(key)


@pytest.mark.parametrize("key", ["../secret", "/etc/passwd", "", "ab/../../x", "AB/" + "0" * 30, "ab/" + "0" * 29 + "\n"])
def test_what_is_no_key_is_not_looked_for(store, key):
    with pytest.raises(FileNotFoundError):
        store.open(key)


def test_readiness_leaves_nothing_behind(store, tmp_path):
    store.check()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_folder_that_cannot_be_written_is_unavailable(folder, tmp_path):
    place = tmp_path / "uploads"
    place.rmdir()
    place.write_text("a file stands where the folder was")
    with pytest.raises(StorageUnavailable):
        folder.check()


def test_a_bucket_that_is_not_there_is_unavailable(s3_endpoint, s3):
    with pytest.raises(StorageUnavailable):
        connect("s3://missing", endpoint=s3_endpoint).check()


def test_an_endpoint_that_does_not_answer_is_unavailable(s3):
    with pytest.raises(StorageUnavailable):
        connect("s3://evidence", endpoint="http://127.0.0.1:1").check()


def test_a_local_file_and_its_folders_are_synced(folder, tmp_path, monkeypatch):
    """Read from the operating system's own calls: the file, its folder, and the folder above are flushed before put returns."""
    synced, real = [], os.fsync

    def watched(handle):
        synced.append(Path(f"/proc/self/fd/{handle}").readlink())
        real(handle)

    monkeypatch.setattr(storage.os, "fsync", watched)
    path = tmp_path / "uploads" / folder.put(b"x")
    assert synced == [path, path.parent, path.parent.parent]


def test_neighbours_in_other_buckets_are_apart(s3, s3_endpoint):
    key = s3.put(b"x")
    with pytest.raises(FileNotFoundError):
        connect("s3://missing", endpoint=s3_endpoint).open(key)


def test_another_kind_of_address_stops_the_start():
    with pytest.raises(ValueError, match="ftp"):
        connect("ftp://example.com/x")
