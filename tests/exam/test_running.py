"""How checks depend on each other, and what becomes of experiments that cannot be made."""

import json

import pytest

from portal import catalog
from portal.exam.nouns import Check, Environment, Experiment, Family, Judgement, Skip, Verdict, Wait, failed, passed
from portal.exam.rig import AppUnderTest, Limits, Rig, TestSettings
from portal.exam.running import SETTINGS, blocked, experiments, judge, perform, with_needs
from portal.exam.sandbox import Sandbox, SandboxFailed
from portal.exam.table import BY_ID, BY_NAME, CHECKS, EXPERIMENTS

URL = "http://127.0.0.1:9"


def rig(*, environment=Environment.EMBEDDED, **declared):
    app = AppUnderTest(client_id="a", client_secret="a secret text", redirect_uris=(), environment=environment)
    return Rig(app, TestSettings(**declared), Limits.of(0.5), Sandbox(URL, "a"), {})


def experiment(run, **more):
    return Experiment("links.test", Family.LINKS, run, **more)


def check(judge=lambda seen: passed("Good."), **more):
    named = {"id": "links.test", "family": Family.LINKS, "title": "T", "expected": "E", "why": "W", "guide": "connect"}
    return Check(**{**named, "experiment": "links.test", "judge": judge, **more})


def raises(problem):
    def run(_rig):
        raise problem

    return run


def seen(rig, run, **more):
    return perform(rig, experiment(run, **more))


def test_an_observation_is_json_and_says_what_there_was_to_work_with():
    made = seen(
        rig(connect_url="https://a.example.com"), lambda _: {"when": Verdict.PASSED, "pair": (1, 2), "other": {1: object}}
    )
    assert json.loads(json.dumps(made)) == made
    assert made["pair"] == [1, 2]
    assert (made["declared"], made["environment"]) == (["connect_url"], "embedded")


@pytest.mark.parametrize(
    ("run", "words"),
    [(raises(Skip("There is nothing to send.")), "There is nothing to send."), (raises(SandboxFailed("It refused.")), "It refused."),
     (raises(KeyError("x")), "The check itself failed."), (raises(RecursionError()), "The check itself failed.")],
)  # fmt: skip
def test_what_could_not_be_made_leaves_its_checks_out(run, words):
    said = judge(check(), {"links.test": seen(rig(), run)}, {})
    assert said.verdict is Verdict.SKIPPED
    assert said.words.startswith(words)


def test_a_wait_is_told_to_whom_it_concerns():
    waits = seen(rig(), raises(Wait("You", "Press the button.")))
    assert isinstance(waits, Wait)
    assert judge(check(), {"links.test": waits}, {}) == Judgement(Verdict.WAITING, "You: Press the button.")


def test_what_is_not_declared_leaves_out_what_needs_it():
    made = seen(rig(), raises(AssertionError()), settings=("connect_url", "action_url"))
    assert (
        judge(check(), {"links.test": made}, {}).words
        == "You have not declared the page that sends a user to authorise and a test hook."
    )
    of_check = judge(check(settings=("action_url",)), {"links.test": seen(rig(), lambda _: {})}, {})
    assert (of_check.verdict, of_check.words) == (Verdict.SKIPPED, "You have not declared a test hook.")


def test_what_needs_levers_is_left_out_elsewhere():
    away = rig(environment=Environment.GOCARDLESS)
    assert judge(check(), {"links.test": seen(away, raises(AssertionError()))}, {}).verdict is Verdict.SKIPPED
    made = seen(away, lambda _: {}, environments=frozenset(Environment))
    assert judge(check(), {"links.test": made}, {}).verdict is Verdict.PASSED
    assert judge(check(environments=frozenset({Environment.EMBEDDED})), {"links.test": made}, {}).verdict is Verdict.SKIPPED


def test_an_experiment_that_was_not_made_is_no_failure():
    assert judge(check(), {}, {}).verdict is Verdict.SKIPPED


def test_a_judge_that_stumbles_blames_nobody():
    said = judge(check(judge=lambda seen: seen["not there"]), {"links.test": seen(rig(), lambda _: {})}, {})
    assert (said.verdict, "not your fault" in said.words) == (Verdict.SKIPPED, True)


@pytest.mark.parametrize(
    ("before", "verdict"),
    [(passed(""), None), (Judgement(Verdict.WARNING, ""), None), (failed(""), Verdict.SKIPPED), (Judgement(Verdict.SKIPPED, ""), Verdict.SKIPPED),
     (Judgement(Verdict.WAITING, ""), Verdict.WAITING), (None, Verdict.SKIPPED)],
    ids=["passed", "warned", "failed", "skipped", "waiting", "not checked"],
)  # fmt: skip
def test_what_a_check_needs_must_have_passed(before, verdict):
    found = blocked(check(needs=("links.leads",)), {"links.leads": before} if before else {})
    assert (found.verdict if found else None) is verdict
    assert found is None or BY_ID["links.leads"].title in found.words


def test_checks_bring_what_they_need_in_the_tables_order():
    chosen = with_needs([BY_ID["callbacks.state_replayed"]])
    ids = [one.id for one in chosen]
    assert ids == [one.id for one in CHECKS if one.id in ids]
    assert {"links.leads", "links.state_fresh", "callbacks.connected"} < set(ids)
    assert [one.name for one in experiments(chosen)] == [
        "links.request",
        "links.samples",
        "callbacks.connect",
        "callbacks.state_unknown",
        "callbacks.state_replayed",
    ]


class TestTable:
    def test_there_are_enough(self):
        assert len(CHECKS) >= 45
        assert sum(one.negative for one in CHECKS) >= 18
        assert {one.family for one in CHECKS} == set(Family)

    def test_names_are_given_once(self):
        assert len(BY_ID) == len(CHECKS)
        assert len(BY_NAME) == len(EXPERIMENTS)
        assert len({one.title for one in CHECKS}) == len(CHECKS)
        assert all(one.id.startswith(f"{one.family.value}.") and len(one.id) <= 64 for one in CHECKS)

    def test_what_a_check_needs_stands_before_it(self):
        before = set()
        for one in CHECKS:
            assert set(one.needs) <= before, one.id
            before.add(one.id)

    def test_every_experiment_is_judged_and_every_check_has_one(self):
        assert {one.experiment for one in CHECKS} == BY_NAME.keys()

    def test_every_setting_has_words_and_every_guide_is_there(self):
        assert {name for one in (*CHECKS, *EXPERIMENTS) for name in one.settings} <= SETTINGS.keys()
        assert {one.guide for one in CHECKS} <= catalog.guides().keys()

    def test_titles_and_words_are_whole(self):
        for one in CHECKS:
            assert not one.title.endswith("."), one.title
            assert one.expected.endswith("."), one.expected
            assert one.why.endswith("."), one.why


def test_limits_grow_with_patience_and_stay_bounded():
    earnest, short = Limits.of(10), Limits.of(0.5)
    assert (earnest.answer, earnest.page, earnest.slow) == (10, 10, 3)
    assert (short.answer, short.slow) == (0.5, 0.15)
    assert short.settle < 0.1
