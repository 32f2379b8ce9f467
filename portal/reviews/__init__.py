"""The solutions engineers' desk: the queue, the review page, verdicts and the clock."""
