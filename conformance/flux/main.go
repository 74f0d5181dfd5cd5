// Answers what Flux makes of texts: one JSON string a line comes in, and one answer a line goes out. Each variable has
// the value <NAME>.
package main

import (
	"conformance/lines"

	"github.com/fluxcd/pkg/envsubst"
)

type answer struct {
	Text string `json:"text"`
	OK   bool   `json:"ok"`
}

func substituted(text string) answer {
	made, err := envsubst.Eval(text, func(name string) (string, bool) { return "<" + name + ">", true })
	return answer{made, err == nil}
}

func main() { lines.Answer(substituted) }
