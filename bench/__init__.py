"""Benchmarks, one module a claim: `./run bench NAME`. Each prints its figures as JSON in the last line and
exits 1 when figures disagree or anything is lost. `docs/benchmarks.md` says what they measure and found."""
