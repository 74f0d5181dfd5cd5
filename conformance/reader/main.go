// Reader reads YAML as the API server and kubectl do, and says in JSON what it read.
//
// One JSON question per line, {"yaml": "..."}; one answer per line, {"value": ...} or {"error": "..."}.
package main

import (
	"encoding/json"

	"conformance/lines"

	"sigs.k8s.io/yaml"
)

type question struct {
	YAML string `json:"yaml"`
}

type answer struct {
	Value json.RawMessage `json:"value,omitempty"`
	Error string          `json:"error,omitempty"`
}

func read(q question) answer {
	body, err := yaml.YAMLToJSONStrict([]byte(q.YAML))
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Value: body}
}

func main() { lines.Answer(read) }
