// Reader reads YAML as the API server and kubectl do, and says in JSON what it read.
//
// One JSON question per line, {"yaml": "..."}; one answer per line, {"value": ...} or {"error": "..."}.
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"

	"sigs.k8s.io/yaml"
)

type question struct {
	YAML string `json:"yaml"`
}

type answer struct {
	Value json.RawMessage `json:"value,omitempty"`
	Error string          `json:"error,omitempty"`
}

func main() {
	in := json.NewDecoder(bufio.NewReader(os.Stdin))
	out := json.NewEncoder(os.Stdout)
	for in.More() {
		var q question
		if err := in.Decode(&q); err != nil {
			log.Fatal(err)
		}
		var a answer
		body, err := yaml.YAMLToJSONStrict([]byte(q.YAML))
		if err != nil {
			a.Error = err.Error()
		} else {
			a.Value = body
		}
		if err := out.Encode(a); err != nil {
			log.Fatal(err)
		}
	}
}
