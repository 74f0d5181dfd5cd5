#!/usr/bin/env bash
# cel-python 0.5.0: gives a value where CEL has an error, and an error where it has a value.
#
# Guess:    an implementation of CEL agrees with cel-go, which the API server uses, on plain expressions without extensions.
# Instead:  `[1, 2, 3][-1]` is 3, `int('0x10')` 16 and `duration('1d')` a day, which are errors to cel-go 0.31.0. `1 < 1.5`
#           has no overload, while cel-go compares numbers of different types as Kubernetes configures it. NaN equals
#           itself, and two times that differ by nanoseconds are equal.
# Matters:  for tests of admission policies in Python: a policy that passes fails every request in the cluster, or the other
#           way round.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check cel-python==0.5.0
go mod init finding >/dev/null 2>&1
go get github.com/google/cel-go@v0.31.0 >/dev/null 2>&1
cat >expressions <<'TEXT'
[1, 2, 3][-1] == 3
int('0x10') == 16
duration('1d') == duration('24h')
1 < 1.5
0.0 / 0.0 == 0.0 / 0.0
timestamp('2026-01-31T12:00:00.000000001Z') == timestamp('2026-01-31T12:00:00Z')
-7 / 2 == -3 && -7 % 2 == -1
TEXT
cat >main.go <<'GO'
package main

import (
	"bufio"
	"fmt"
	"os"

	"github.com/google/cel-go/cel"
)

func main() {
	env, err := cel.NewEnv(cel.CrossTypeNumericComparisons(true))
	if err != nil {
		panic(err)
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		ast, issues := env.Compile(lines.Text())
		if issues.Err() != nil {
			panic(issues.Err())
		}
		program, err := env.Program(ast)
		if err != nil {
			panic(err)
		}
		if value, _, err := program.Eval(map[string]any{}); err != nil {
			fmt.Println("error")
		} else {
			fmt.Println(value.Value())
		}
	}
}
GO
go mod tidy >/dev/null 2>&1
go list -m github.com/google/cel-go
go run . <expressions >by-go
venv/bin/python -c '
import sys

import celpy

for line in sys.stdin:
    environment = celpy.Environment()
    try:
        print(str(bool(environment.program(environment.compile(line)).evaluate({}))).lower())
    except celpy.CELEvalError:
        print("error")
' <expressions >by-python
venv/bin/pip list --disable-pip-version-check 2>/dev/null | grep -i cel-python
paste -d '|' expressions by-go by-python
diff - <(paste -d '|' by-go by-python) <<'TEXT'
error|true
error|true
error|true
true|error
false|true
false|true
true|true
TEXT
