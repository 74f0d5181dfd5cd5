#!/usr/bin/env bash
# sigs.k8s.io/yaml 1.6.0: kubectl's reader takes `0o17` and `1e3` for numbers, which writers for YAML 1.1 leave without
# quotes as text.
#
# Guess:    the reader is one for YAML 1.1 (`yes` is true, `012` is 10), so text that a library quotes for YAML 1.1 arrives
#           as text.
# Instead:  the reader takes both versions' numbers. cdk8s 2.70.106 writes the texts "yes" and "012" in quotes, but "0o17"
#           bare: it is read as 15. PyYAML 6.0.3 writes "0o17" and also "1e3" bare: the second is read as 1000.
# Matters:  for values of environment variables, labels and ConfigMaps: an umask of "0o22" or a commit such as "12345e6" is
#           refused as a number by the API server, though the program had it as text.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --no-save cdk8s@2.70.106 constructs@10.4.2
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyyaml==6.0.3
go mod init finding >/dev/null 2>&1
go get sigs.k8s.io/yaml@v1.6.0 >/dev/null 2>&1
cat >main.go <<'GO'
package main

import (
	"fmt"
	"io"
	"os"

	"sigs.k8s.io/yaml"
)

func main() {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		panic(err)
	}
	json, err := yaml.YAMLToJSON(text)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(json))
}
GO
go mod tidy >/dev/null 2>&1
cat >write.js <<'JS'
const { Yaml } = require("cdk8s");
process.stdout.write(Yaml.stringify({ a: "yes", b: "012", c: "0o17", d: "1e3" }));
JS
echo "cdk8s $(node -p 'require("cdk8s/package.json").version')"
venv/bin/python -c 'import yaml; print("PyYAML", yaml.__version__)'
go list -m sigs.k8s.io/yaml
node write.js >by-cdk8s
venv/bin/python -c 'import yaml; print(yaml.safe_dump({"a": "yes", "b": "012", "c": "0o17", "d": "1e3"}), end="")' >by-pyyaml
for writer in cdk8s pyyaml; do
    paste -s -d ' ' "by-$writer"
    go run . <"by-$writer"
done | tee said
diff said - <<'TEXT'
a: "yes" b: "012" c: 0o17 d: "1e3"
{"a":"yes","b":"012","c":15,"d":"1e3"}
a: 'yes' b: '012' c: 0o17 d: 1e3
{"a":"yes","b":"012","c":15,"d":1000}
TEXT
