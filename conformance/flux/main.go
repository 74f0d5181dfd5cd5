// Answers what Flux makes of texts: one JSON string a line comes in, and one answer a line goes out. Each variable has
// the value <NAME>.
package main

import (
	"bufio"
	"encoding/json"
	"os"

	"github.com/fluxcd/pkg/envsubst"
)

type answer struct {
	Text string `json:"text"`
	OK   bool   `json:"ok"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var text string
		if err := json.Unmarshal(lines.Bytes(), &text); err != nil {
			panic(err)
		}
		made, err := envsubst.Eval(text, func(name string) (string, bool) { return "<" + name + ">", true })
		if err := out.Encode(answer{made, err == nil}); err != nil {
			panic(err)
		}
	}
}
