"""How well dsgen's verdict agrees with Kubernetes' own.

    python -m conformance.oracle                  builds Kubernetes' own code for one minor (needs Go)
    python -m conformance.compare --seed 7        fresh cases, both verdicts, and where they differ
    python -m conformance.recording               records cases and verdicts anew under tests/verdicts
    python -m conformance.sample                  chooses the few of them that `make test` looks at (needs no Go)
    python -m conformance.check                   dsgen against the whole record (needs no Go)
    python -m conformance.without_each_rule       removes each rule in turn: a recorded case must notice (needs no Go)
    python -m conformance.pods.levels             Pod Security Standards against Kubernetes' own code (needs Go)
    python -m conformance.pods.placements         the placement of pods against the DaemonSet controller (needs Go)
    python -m conformance.pods.pairs              what a change does against the API server's own code (needs Go)
    python -m conformance.bundles FOLDER...       both verdicts on manifests of real projects (needs Go)
    python -m conformance.peers                   kubeconform and kubectl-validate on the same cases (needs Go)
    python -m conformance.cluster.end_to_end      dsgen against a real API server on loopback (needs Go and kubectl)
    python -m conformance.cluster.profiles        every profile, applied there until its pods are created
    python -m conformance.cluster.placement       dsgen plan against a real DaemonSet controller (needs Go and kubectl)

A case is a base manifest (`seeds`, and real ones in tests/corpus) with edits. What makes them: `mutations` aims at each
rule, a value just inside and just outside; `structure`, `spelling`, `styles` and `wild` know no rules, and `typed`
no more than the types of fields.
"""
