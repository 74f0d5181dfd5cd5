#!/usr/bin/env bash
# yq 4.54.3: reads the file mode `0400` as 400, which is the mode 0620; kubectl reads 256, which is 0400.
#
# Guess:    a tool that is used on manifests reads `defaultMode: 0400` as kubectl does, as 256.
# Instead:  `yq -o json` prints 400, and `.mode + 0` too; only an expression that does not touch the value leaves `0400`.
#           kubectl's reader (sigs.k8s.io/yaml 1.6.0) takes `0400` for 256. `0o400` is 256 for both.
# Matters:  for scripts that turn manifests into JSON by yq, or change a mode by an expression: the files get another mode,
#           and nothing fails. The API server refuses only numbers above 511 (0777), such as 644.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
go mod init finding >/dev/null 2>&1
go get sigs.k8s.io/yaml@v1.6.0 >/dev/null 2>&1
GOFLAGS=-mod=mod GOBIN="$dir" go install github.com/mikefarah/yq/v4@v4.54.3 2>/dev/null
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
./yq --version
go list -m sigs.k8s.io/yaml
for mode in 0400 0o400; do
    echo "mode: $mode" >volume.yaml
    json=$(./yq -o json -I 0 . volume.yaml)
    echo "$mode: kubectl reads $(go run . <volume.yaml); yq prints $json, which kubectl reads as $(echo "$json" | go run .)"
done | tee said
cat >expected <<'TEXT'
0400: kubectl reads {"mode":256}; yq prints {"mode":400}, which kubectl reads as {"mode":400}
0o400: kubectl reads {"mode":256}; yq prints {"mode":256}, which kubectl reads as {"mode":256}
TEXT
diff said expected
