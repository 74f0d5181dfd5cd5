# Everything runs from .venv, which the first target that needs it sets up.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: generate test lint format wheel-test docs benchmark clean

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

wheel-test: $(READY)  ## the wheel, in an empty virtual environment
	$(BIN)/python -m scripts.try_wheel

docs: $(READY)  ## write the generated reference pages anew
	$(BIN)/python -m scripts.make_docs

benchmark: $(READY)  ## ratios against Helm and kubeconform (needs Go, or both on the PATH)
	$(BIN)/python -m benchmarks

$(READY): pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $(READY)

clean:
	rm -rf .venv build dist
