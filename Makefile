# Everything runs from .venv, which the first target that needs it sets up.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: generate test lint format hooks-test wheel-test docs benchmark clean
.PHONY: conformance conformance-quick conformance-pods without-each-rule end-to-end

generate: $(READY)  ## every profile in profiles/ -> out/
	$(BIN)/dsgen generate

test: $(READY)  ## all tests that need no Go
	$(BIN)/pytest -n auto

lint: $(READY)  ## formatting, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(READY)  ## rewrite the code in the house style
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

hooks-test: $(READY)  ## the hooks, installed by pre-commit
	$(BIN)/python -m scripts.try_hooks

wheel-test: $(READY)  ## the wheel, in an empty virtual environment
	$(BIN)/python -m scripts.try_wheel

docs: $(READY)  ## write the generated reference pages anew
	$(BIN)/python -m scripts.make_docs

benchmark: $(READY)  ## ratios against Helm and kubeconform (needs Go, or both on the PATH)
	$(BIN)/python -m benchmarks

# The checks against Kubernetes' own code, which need Go; the first run builds it for some minutes.
CONFORMANCE := $(BIN)/python -m conformance

conformance-quick: $(READY)  ## 2,000 cases of the newest version against the API server's own code
	$(CONFORMANCE).compare --seed 1 --count 2000 --findings
	$(CONFORMANCE).flux

conformance: $(READY)  ## record the verdicts anew, with fresh seeds, for all versions
	$(CONFORMANCE).oracle 1.33 1.34 1.35 1.36
	$(CONFORMANCE).recording
	$(CONFORMANCE).check

conformance-pods: $(READY)  ## Pod Security, placement and changes of fresh DaemonSets against Kubernetes' own code
	$(CONFORMANCE).pods.levels
	$(CONFORMANCE).pods.placements
	$(CONFORMANCE).pods.pairs

without-each-rule: $(READY)  ## take each rule away in turn: the recorded cases must miss it
	$(CONFORMANCE).without_each_rule

end-to-end: $(READY)  ## a real control plane on loopback: kubectl apply, pods on nodes, no change the second time, and pruning
	$(CONFORMANCE).cluster.end_to_end
	$(CONFORMANCE).cluster.placement
	$(CONFORMANCE).cluster.profiles
	$(CONFORMANCE).cluster.gitops

$(READY): pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $(READY)

clean:
	rm -rf .venv build dist
