# Everything runs from .venv, which the first target that needs it sets up with what requirements.lock names.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
UV := build/uv/bin/uv
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# What `make test` gives to pytest; test-oldest and test-newest run the same. A bare pytest leaves out what is marked `long`,
# and a file of tests stays in one process, which reads once what it needs.
TESTS := -n auto --dist loadfile
# And what is left out, with more examples for every property.
LONG := -n auto -m 'long or hypothesis' --hypothesis-profile=long

.PHONY: generate test test-all test-oldest test-newest lock lint format hooks-test wheel-test docs benchmark clean
.PHONY: conformance conformance-quick conformance-pods without-each-rule end-to-end

generate: $(READY)  ## every profile in profiles/ -> out/
	$(BIN)/dsgen generate

test: $(READY)  ## the quick tests: both sides of every rule, every page, every command
	$(BIN)/pytest $(TESTS)

test-all: test  ## all tests that need no Go: the quick ones, and what they leave out
	$(BIN)/pytest $(LONG)

test-oldest: $(READY) $(UV)  ## the quick tests, with the oldest libraries that pyproject.toml allows and the oldest Python found
	$(BIN)/python -m scripts.try_ranges oldest $(TESTS)

test-newest: $(READY) $(UV)  ## the quick tests, with the newest of everything and the newest Python found
	$(BIN)/python -m scripts.try_ranges newest $(TESTS)

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

docs: $(READY)  ## generate the list of rule modules and the reference pages
	$(BIN)/python -m scripts.make_rule_modules
	$(BIN)/python -m scripts.make_docs

benchmark: $(READY)  ## ratios against Helm and kubeconform (needs Go, or both on the PATH)
	$(BIN)/python -m benchmarks

# The checks against Kubernetes' own code, which need Go; the first run builds it for some minutes.
CONFORMANCE := $(BIN)/python -m conformance

conformance-quick: $(READY)  ## 2,000 cases of the newest version against the API server's own code
	$(CONFORMANCE).compare --seed 1 --count 2000 --findings
	$(CONFORMANCE).flux
	$(CONFORMANCE).apply

conformance: $(READY)  ## record the verdicts anew, with fresh seeds, for all versions
	$(CONFORMANCE).oracle 1.33 1.34 1.35 1.36
	$(CONFORMANCE).recording
	$(CONFORMANCE).sample
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

# Nothing that requirements.lock does not name is fetched: wheels only, with their hashes, and dsgen itself is built with
# the hatchling that is named there.
$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "dsgen needs Python 3.10 or newer, this is \
	%s.%s; name another: make PYTHON=python3.12" % sys.version_info[:2])'
	$(PYTHON) -m venv --clear .venv
	@$(PIP) --require-hashes --requirement requirements.lock || { echo >&2 "make: requirements.lock cannot be \
	installed, see above; where the registry lacks a version that it names, \`make lock\` renews it"; exit 1; }
	$(PIP) --no-build-isolation --no-deps --editable .
	@$(BIN)/python -m scripts.check_lock
	touch $(READY)

# The lock holds the newest versions for each Python from 3.10 on, and says nothing of where they came from. It is made
# without .venv, since a lock that cannot be installed must be renewed too.
lock: $(UV)  ## name the newest versions in requirements.lock, and their hashes
	$(UV) pip compile --quiet --upgrade --universal --python-version 3.10 --extra dev --no-build --emit-build-options \
	  --generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
	  --output-file requirements.lock pyproject.toml

$(UV):
	$(PYTHON) -m venv --clear build/uv
	build/uv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9'

clean:
	rm -rf .venv build dist
