"""Schemathesis against the OpenAPI document: whatever is sent, the answer is GoCardless's and never a fault of the sandbox."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from portal.sandbox import Settings, openapi
from tests.sandbox.conftest import Running
from tests.sandbox.kit import merchant

SCHEMA = schemathesis.openapi.from_dict(openapi.document(Settings()))
ALL = {result.ok().label: result.ok() for result in SCHEMA.get_all_operations()}
OPERATIONS = {label: operation for label, operation in ALL.items() if "/_sandbox/" not in label}
LEVERS = {label: ALL[label] for label in set(ALL) - set(OPERATIONS) if label != "POST /_sandbox/reset"}
CLEAR_ERROR = {"message", "documentation_url", "type", "request_id", "code", "errors"}


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A sandbox of its own, for much is changed and removed."""
    made = Running(tmp_path_factory.mktemp("contract"))
    yield merchant(made.app, documented_ids=True), made.url
    made.close()


def test_the_document_covers_every_route():
    assert len(OPERATIONS) == 139
    assert len(LEVERS) == 16


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("label", OPERATIONS)
def test_no_call_makes_the_sandbox_fail(own, label, mode):
    never_fails(own, OPERATIONS[label], mode)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("label", sorted(LEVERS))
def test_no_lever_makes_the_sandbox_fail(own, label, mode):
    never_fails(own, LEVERS[label], mode)


def never_fails(own, operation, mode):
    api, base = own

    @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case):
        answer = case.call(base_url=base, headers=api.headers)
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400:
            error = answer.json()["error"]
            assert set(error) >= CLEAR_ERROR
            assert error["code"] == answer.status_code
            assert all(entry["message"] for entry in error["errors"])

    try:
        call()
    except schemathesis.errors.InvalidSchema as problem:
        pytest.fail(f"the OpenAPI document is wrong: {problem}")
