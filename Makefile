# Everything runs from .venv, which the first target that needs it creates from requirements.lock.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
UV := build/uv/bin/uv
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# The arguments of pytest in `make test`, test-oldest and test-newest. A bare pytest skips tests marked `long`; the tests of one file
# run in the same process, so that each reads its data only once.
TESTS := -n auto --dist loadfile
# The skipped tests, with more examples for every property.
LONG := -n auto -m 'long or hypothesis' --hypothesis-profile=long

.PHONY: generate test test-all fuzz test-oldest test-newest lock lint format hooks-test wheel-test release docs benchmark clean
.PHONY: kubernetes-version conformance conformance-quick conformance-pods conformance-karpenter without-each-rule end-to-end
.PHONY: site site-test

generate: $(READY)  ## every profile in profiles/ -> out/
	$(BIN)/dsgen generate

test: $(READY)  ## the quick tests: both sides of every rule, every page, every command
	$(BIN)/pytest $(TESTS)

test-all: test  ## all tests that need no Go: the quick ones and the long ones
	$(BIN)/pytest $(LONG)

fuzz: $(READY)  ## every property with thousands of fresh random examples
	$(BIN)/pytest -n auto -m hypothesis --hypothesis-profile=fuzz

test-oldest: $(READY) $(UV)  ## the quick tests, with the oldest supported libraries and the oldest available Python
	$(BIN)/python -m scripts.try_ranges oldest $(TESTS)

test-newest: $(READY) $(UV)  ## the quick tests, with the newest libraries and the newest available Python
	$(BIN)/python -m scripts.try_ranges newest $(TESTS)

lint: $(READY)  ## formatting, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(READY)  ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

hooks-test: $(READY)  ## the hooks, installed by pre-commit
	$(BIN)/python -m scripts.try_hooks

wheel-test: $(READY)  ## the wheel, in an empty virtual environment, and a locked project with another one
	$(BIN)/python -m scripts.try_wheel $(WHEEL)
	$(BIN)/python -m scripts.try_two_wheels

release: $(READY)  ## what a release consists of -> dist/: make release TAG=v0.2.0
	$(BIN)/python -m scripts.release $(TAG)

docs: $(READY)  ## regenerate the list of rule modules and the reference pages
	$(BIN)/python -m scripts.make_rule_modules
	$(BIN)/python -m scripts.make_docs

site: $(READY)  ## the documentation with search, and the playground, as static files -> build/site/ (needs Python 3.11 and npm)
	$(BIN)/python -m scripts.site

site-test: site  ## the site in Chromium, by clicks and keys (needs node and Chromium)
	$(BIN)/python -m scripts.site.try_site

benchmark: $(READY)  ## ratios against Helm and kubeconform (needs Go, or both on the PATH)
	$(BIN)/python -m benchmarks

# The checks against Kubernetes' own code need Go; the first run builds that code, which takes some minutes.
CONFORMANCE := $(BIN)/python -m conformance

kubernetes-version: $(READY)  ## take over a release: make kubernetes-version VERSION=1.37.2
	$(BIN)/python -m scripts.kubernetes_version $(VERSION)

conformance-quick: $(READY)  ## 2,000 cases of the newest version against the API server's own code
	$(CONFORMANCE).compare --seed 1 --count 2000 --findings
	$(CONFORMANCE).compare --seed 1 --count 60 --findings --kind all
	$(CONFORMANCE).decode --count 20
	$(CONFORMANCE).flux
	$(CONFORMANCE).apply
	$(CONFORMANCE).upgrades

conformance: $(READY)  ## record the verdicts again, with fresh seeds, for all versions
	$(CONFORMANCE).oracle 1.33 1.34 1.35 1.36 1.37
	$(CONFORMANCE).recording
	$(CONFORMANCE).sample
	$(CONFORMANCE).check

conformance-pods: $(READY)  ## Pod Security, placement and changes of fresh DaemonSets against Kubernetes' own code
	$(CONFORMANCE).pods.levels
	$(CONFORMANCE).pods.placements
	$(CONFORMANCE).pods.pairs

conformance-karpenter: $(READY)  ## what Karpenter reserves for DaemonSets, against its own code
	$(CONFORMANCE).karpenter

without-each-rule: $(READY)  ## remove each rule in turn: a recorded case must fail
	$(CONFORMANCE).without_each_rule

end-to-end: $(READY)  ## a real control plane on loopback: apply, schedule, apply again without a change, and prune
	$(CONFORMANCE).cluster.end_to_end
	$(CONFORMANCE).cluster.placement
	$(CONFORMANCE).cluster.profiles
	$(CONFORMANCE).cluster.gitops
	$(CONFORMANCE).cluster.taking_over
	$(CONFORMANCE).cluster.verdicts
	$(CONFORMANCE).cluster.applies
	$(CONFORMANCE).cluster.rollouts

# Only wheels in requirements.lock are installed, by hash, and dsgen itself is built with the hatchling in that file.
$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "dsgen needs Python 3.10 or newer, this is \
	%s.%s; name another: make PYTHON=python3.12" % sys.version_info[:2])'
	$(PYTHON) -m venv --clear .venv
	@$(PIP) --require-hashes --requirement requirements.lock || { echo >&2 "make: requirements.lock cannot be \
	installed, see above; where the registry lacks a version that it names, \`make lock\` renews it"; exit 1; }
	$(PIP) --no-build-isolation --no-deps --editable .
	@$(BIN)/python -m scripts.check_lock
	touch $(READY)

# The lock file has the newest versions for each Python from 3.10 on, without their index. It is generated without .venv, since a
# lock file that cannot be installed must be renewable too.
lock: $(UV)  ## update requirements.lock to the newest versions, with hashes
	$(UV) pip compile --quiet --upgrade --universal --python-version 3.10 --extra dev --no-build --emit-build-options \
	  --generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
	  --output-file requirements.lock pyproject.toml
	$(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --no-build --emit-build-options \
	  --generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
	  --output-file site/requirements.txt site/requirements.in

$(UV):
	$(PYTHON) -m venv --clear build/uv
	build/uv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9'

clean:
	rm -rf .venv build dist
