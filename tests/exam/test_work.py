"""An exam as the worker makes it: experiment by experiment, stopped, killed, waiting for people."""

from collections import Counter

from portal.exam import table


def test_an_exam_of_the_example_ends_with_a_verdict_for_every_check(exams):
    key = exams.start()
    exam, verdicts = exams.get(key), exams.verdicts(key)
    assert exam.ended_at, exam.words
    assert set(verdicts) == set(table.BY_ID)
    assert exam.position == len(exam.checks) == len(table.CHECKS)
    assert exam.tally == Counter(verdict for verdict, _ in verdicts.values())
    assert {name: said for name, said in verdicts.items() if said[0] == "failed"} == {}
    assert exam.status.value == "passed"
    assert exam.carried is None
