// Cel gives Kubernetes' own answer for expressions, in the environment of the version of Kubernetes that it is built of.
//
// It reads one JSON question per line and writes one JSON answer per line, in the same order:
//
//	{"expression": "...", "schema": {...}, "data": ...}
//
// The variable `self` has the value `data`, and the type of the schema of a CustomResourceDefinition, or any type without one.
// An answer has the error of compilation, or the value and its type or the error of evaluation, and what both cost.
package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"time"

	"conformance/lines"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/checker"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/model"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/version"
	apiservercel "k8s.io/apiserver/pkg/cel"
	"k8s.io/apiserver/pkg/cel/common"
	"k8s.io/apiserver/pkg/cel/environment"
	"k8s.io/apiserver/pkg/cel/library"
)

type question struct {
	Expression string                           `json:"expression"`
	Schema     *apiextensionsv1.JSONSchemaProps `json:"schema"`
	Data       json.RawMessage                  `json:"data"`
}

type answer struct {
	Compile  string `json:"compile,omitempty"`
	Error    string `json:"error,omitempty"`
	Type     string `json:"type,omitempty"`
	Value    any    `json:"value"`
	Cost     uint64 `json:"cost"`
	Estimate uint64 `json:"estimate"`
}

// sizes estimates sizes by the type of self, as the API server does for the rules of CustomResourceDefinitions.
type sizes struct{ root *apiservercel.DeclType }

func (s sizes) EstimateSize(element checker.AstNode) *checker.SizeEstimate {
	if s.root == nil || len(element.Path()) == 0 {
		return nil
	}
	node := s.root
	for _, name := range element.Path()[1:] {
		switch name {
		case "@items", "@values":
			node = node.ElemType
		case "@keys":
			node = node.KeyType
		default:
			field, ok := node.Fields[name]
			if !ok {
				return nil
			}
			node = field.Type
		}
		if node == nil {
			return nil
		}
	}
	return &checker.SizeEstimate{Min: 0, Max: uint64(node.MaxElements)}
}

func (sizes) EstimateCallCost(function, overload string, target *checker.AstNode, args []checker.AstNode) *checker.CallEstimate {
	return nil
}

func environmentOf(minor string, decl *apiservercel.DeclType) (*cel.Env, error) {
	parsed := version.MustParse(minor)
	options := environment.VersionedOptions{IntroducedVersion: version.MajorMinor(1, 0)}
	if decl == nil {
		options.EnvOptions = []cel.EnvOption{cel.Variable("self", cel.DynType)}
	} else {
		options.EnvOptions = []cel.EnvOption{cel.Variable("self", decl.CelType())}
		options.DeclTypes = []*apiservercel.DeclType{decl}
	}
	set, err := environment.MustBaseEnvSet(parsed).Extend(options)
	if err != nil {
		return nil, err
	}
	return set.NewExpressionsEnv(), nil
}

func reply(minor string, asked question) (said answer) {
	var decl *apiservercel.DeclType
	var value any
	if len(asked.Data) > 0 {
		// Whole numbers stay whole.
		if err := utiljson.Unmarshal(asked.Data, &value); err != nil {
			return answer{Compile: err.Error()}
		}
	}
	if asked.Schema != nil {
		var internal apiextensions.JSONSchemaProps
		if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(asked.Schema, &internal, nil); err != nil {
			return answer{Compile: err.Error()}
		}
		structural, err := structuralschema.NewStructural(&internal)
		if err != nil {
			return answer{Compile: err.Error()}
		}
		decl = model.SchemaDeclType(structural, false)
		if decl == nil {
			return answer{Compile: "no type"}
		}
		decl = decl.MaybeAssignTypeName("selfType")
		value = common.UnstructuredToVal(value, &model.Structural{Structural: structural})
	}
	env, err := environmentOf(minor, decl)
	if err != nil {
		return answer{Compile: err.Error()}
	}
	ast, issues := env.Compile(asked.Expression)
	if issues != nil {
		return answer{Compile: issues.String()}
	}
	estimator := &library.CostEstimator{SizeEstimator: sizes{decl}}
	program, err := env.Program(ast, cel.CostLimit(1_000_000), cel.CostTracking(estimator), cel.InterruptCheckFrequency(100))
	if err != nil {
		return answer{Compile: err.Error()}
	}
	if estimate, err := env.EstimateCost(ast, estimator); err == nil {
		said.Estimate = estimate.Max
	}
	result, details, err := program.Eval(map[string]any{"self": value})
	if details != nil && details.ActualCost() != nil {
		said.Cost = *details.ActualCost()
	}
	if err != nil {
		said.Error = err.Error()
		return said
	}
	said.Type, said.Value = result.Type().TypeName(), plain(result)
	return said
}

// plain returns a value as JSON has it; what it does not have, as text.
func plain(value ref.Val) any {
	switch of := value.(type) {
	case types.Bool, types.String, types.Int, types.Uint:
		return value.Value()
	case types.Double:
		if number := float64(of); !math.IsNaN(number) && !math.IsInf(number, 0) {
			return number
		}
		return fmt.Sprint(value.Value())
	case types.Timestamp:
		return map[string]any{"seconds": of.Unix(), "nanoseconds": of.Nanosecond()}
	case types.Duration:
		return map[string]any{"seconds": int64(of.Duration / time.Second), "nanoseconds": int64(of.Duration % time.Second)}
	case types.Bytes:
		return map[string]any{"bytes": fmt.Sprintf("%x", []byte(of))}
	case apiservercel.Quantity, *apiservercel.Quantity, apiservercel.Semver, apiservercel.URL, apiservercel.IP, apiservercel.CIDR:
		return "opaque"
	case types.Null:
		return nil
	case *types.Optional:
		if !of.HasValue() {
			return []any{}
		}
		return []any{plain(of.GetValue())}
	case traits.Mapper:
		found := map[string]any{}
		for each := of.Iterator(); each.HasNext() == types.True; {
			key := each.Next()
			found[fmt.Sprint(key.Value())] = plain(of.Get(key))
		}
		return found
	case traits.Lister:
		found := []any{}
		for each := of.Iterator(); each.HasNext() == types.True; {
			found = append(found, plain(each.Next()))
		}
		return found
	}
	if text := value.ConvertToType(types.StringType); !types.IsError(text) {
		return fmt.Sprint(text.Value())
	}
	return fmt.Sprint(value.Value())
}

func main() {
	lines.Answer(func(asked question) answer { return reply(os.Args[1], asked) })
}
