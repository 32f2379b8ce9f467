"""The benchmarks: each measures against a bound and prints one line a figure. `make bench`, or `make bench BENCH=name`."""
