// Answers what Karpenter reserves for DaemonSets on a new node of each instance type: one question a line comes in, and one answer a
// line goes out. The calculation is Karpenter's own.
package main

import (
	"context"
	"slices"
	_ "unsafe"

	"conformance/lines"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/sets"

	v1 "sigs.k8s.io/karpenter/pkg/apis/v1"
	"sigs.k8s.io/karpenter/pkg/cloudprovider"
	provisioning "sigs.k8s.io/karpenter/pkg/controllers/provisioning/scheduling"
	"sigs.k8s.io/karpenter/pkg/operator/options"
	"sigs.k8s.io/karpenter/pkg/scheduling"
	"sigs.k8s.io/karpenter/pkg/utils/daemonset"
)

//go:linkname overheads sigs.k8s.io/karpenter/pkg/controllers/provisioning/scheduling.buildDaemonOverheadGroups
func overheads(context.Context, []*provisioning.NodeClaimTemplate, []*corev1.Pod) map[*provisioning.NodeClaimTemplate][]provisioning.DaemonOverheadGroup

type instanceType struct {
	Name   string              `json:"name"`
	Labels map[string][]string `json:"labels"`
}

type pool struct {
	Name   string            `json:"name"`
	Labels map[string]string `json:"labels"`
	Taints []corev1.Taint    `json:"taints"`
	Types  []instanceType    `json:"types"`
}

type question struct {
	Pools      []pool              `json:"pools"`
	DaemonSets []*appsv1.DaemonSet `json:"daemonsets"`
}

// What is reserved for each type, pool after pool.
type answer []map[corev1.ResourceName]string

// Karpenter's own well-known labels, to which a provider adds the labels of its instance types.
var wellKnown = v1.WellKnownLabels

func reserved(asked question) answer {
	keys := sets.New[string]()
	for _, pool := range asked.Pools {
		for _, kind := range pool.Types {
			for key := range kind.Labels {
				keys.Insert(key)
			}
		}
	}
	v1.WellKnownLabels = wellKnown.Union(keys)
	var templates []*provisioning.NodeClaimTemplate
	for _, pool := range asked.Pools {
		templates = append(templates, template(pool, keys))
	}
	var pods []*corev1.Pod
	for _, each := range asked.DaemonSets {
		pods = append(pods, daemonset.PodForDaemonSet(each))
	}
	ctx := options.ToContext(context.Background(), &options.Options{IgnoreDRARequests: true})
	groups := overheads(ctx, templates, pods)
	said := answer{}
	for _, template := range templates {
		for _, kind := range template.InstanceTypeOptions {
			for _, group := range groups[template] {
				if slices.Contains(group.InstanceTypes, kind) {
					amounts := map[corev1.ResourceName]string{}
					for name, amount := range group.DaemonOverhead {
						amounts[name] = amount.String()
					}
					said = append(said, amounts)
				}
			}
		}
	}
	return said
}

func template(pool pool, keys sets.Set[string]) *provisioning.NodeClaimTemplate {
	nodePool := &v1.NodePool{}
	nodePool.Name = pool.Name
	nodePool.Spec.Template.Labels = pool.Labels
	nodePool.Spec.Template.Spec.Taints = pool.Taints
	nodePool.Spec.Template.Spec.NodeClassRef = &v1.NodeClassReference{Group: "example.com", Kind: "Class", Name: "class"}
	made := provisioning.NewNodeClaimTemplate(nodePool)
	for _, kind := range pool.Types {
		requirements := scheduling.NewRequirements()
		for key := range keys {
			if values, ok := kind.Labels[key]; ok {
				requirements.Add(scheduling.NewRequirement(key, corev1.NodeSelectorOpIn, slices.Clone(values)...))
			} else {
				requirements.Add(scheduling.NewRequirement(key, corev1.NodeSelectorOpDoesNotExist))
			}
		}
		made.InstanceTypeOptions = append(made.InstanceTypeOptions, &cloudprovider.InstanceType{Name: kind.Name, Requirements: requirements})
	}
	return made
}

func main() { lines.Answer(reserved) }
