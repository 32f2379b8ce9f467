"""The worker's look at a stored file, with real pictures, PDFs and a scanner that speaks clamd's protocol."""

import pytest

from portal.files import antivirus, checking
from portal.files.antivirus import ScannerUnavailable
from portal.files.checking import Job
from portal.files.reasons import WORDS, Why
from portal.files.sniff import identify
from tests.files import samples


def job(kept, data):
    found = identify(data)
    return Job(kept.store.put(data), found.kind, found.width, found.height)


@pytest.mark.parametrize("make", [samples.png, samples.jpeg])
def test_a_picture_gets_a_thumbnail(kept, make):
    verdict = checking.examine(job(kept, make()))
    assert (verdict.refusal, verdict.preview_key) == ("", None)
    assert identify(kept.store.read(verdict.thumbnail_key)).width == 64


def test_a_pdf_gets_a_preview_and_a_thumbnail(kept):
    verdict = checking.examine(job(kept, samples.pdf()))
    assert identify(kept.store.read(verdict.preview_key)).height == 1400
    assert identify(kept.store.read(verdict.thumbnail_key)).height == 480


@pytest.mark.parametrize(("data", "why"), [(samples.locked_pdf(), Why.LOCKED_PDF), (b"%PDF-1.7\nnothing\n%%EOF", Why.DAMAGED)])
def test_a_pdf_that_cannot_be_drawn_is_refused_with_words(kept, data, why):
    assert checking.examine(job(kept, data)).refusal == WORDS[why]


def test_a_file_that_left_storage_is_refused_with_words(kept):
    lost = job(kept, samples.pdf())
    kept.store.delete(lost.storage_key)
    assert checking.examine(lost).refusal == WORDS[Why.LOST]


def test_a_clean_file_passes_the_scanner(kept, scanned):
    assert checking.examine(job(kept, samples.pdf())).refusal == ""
    assert scanned.seen == [samples.pdf()]


def test_an_infected_file_is_refused_and_taken_out_of_storage(kept, scanned):
    infected = job(kept, samples.pdf() + b"\n" + samples.EICAR + b"\n%%EOF")
    verdict = checking.examine(infected)
    assert verdict.refusal == WORDS[Why.INFECTED]
    assert kept.keys == set()


def test_without_an_answer_of_the_scanner_there_is_no_verdict(kept):
    antivirus.configure("127.0.0.1:1")
    try:
        with pytest.raises(ScannerUnavailable):
            checking.examine(job(kept, samples.pdf()))
    finally:
        antivirus.configure("")
