package main

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	apiservice "k8s.io/kubernetes/pkg/api/service"
	"k8s.io/kubernetes/pkg/apis/core"
)

// allocate does what the storage of services does before the strategy is asked (pkg/registry/core/service/storage: alloc.go),
// as far as that depends on no cluster: every node port from 1 to 65535 can be had, and both families of addresses.
func allocate(object runtime.Object) field.ErrorList {
	s, ok := object.(*core.Service)
	if !ok {
		return nil
	}
	if s.Spec.ClusterIP != "" && len(s.Spec.ClusterIPs) == 0 {
		s.Spec.ClusterIPs = []string{s.Spec.ClusterIP}
	}
	taken := map[int32]bool{}
	found := append(allocateFamilies(s), allocateNodePorts(s, taken)...)
	if apiservice.NeedsHealthCheck(s) && s.Spec.HealthCheckNodePort == 0 {
		s.Spec.HealthCheckNodePort = 32000
	} else if apiservice.NeedsHealthCheck(s) {
		// The server calls this an internal error.
		found = append(found, take(taken, s.Spec.HealthCheckNodePort, field.NewPath("spec", "healthCheckNodePort"))...)
	}
	return found
}

func allocateFamilies(s *core.Service) field.ErrorList {
	headless := s.Spec.ClusterIP == core.ClusterIPNone && len(s.Spec.Selector) == 0
	policy := s.Spec.IPFamilyPolicy
	single := policy == nil && !headless || policy != nil && *policy == core.IPFamilyPolicySingleStack
	if s.Spec.Type == core.ServiceTypeExternalName || !single {
		return nil
	}
	var found field.ErrorList
	for what, number := range map[string]int{"addresses": len(s.Spec.ClusterIPs), "families": len(s.Spec.IPFamilies)} {
		if number == 2 {
			found = append(found, field.Invalid(field.NewPath("spec", "ipFamilyPolicy"), policy, "two "+what))
		}
	}
	return found
}

func allocateNodePorts(s *core.Service, taken map[int32]bool) field.ErrorList {
	if s.Spec.Type != core.ServiceTypeNodePort && s.Spec.Type != core.ServiceTypeLoadBalancer {
		return nil
	}
	skip := s.Spec.Type == core.ServiceTypeLoadBalancer && s.Spec.AllocateLoadBalancerNodePorts != nil && !*s.Spec.AllocateLoadBalancerNodePorts
	given := map[int32]int32{}
	for i, port := range s.Spec.Ports {
		path := field.NewPath("spec", "ports").Index(i).Child("nodePort")
		if port.NodePort == 0 && skip {
			continue
		}
		wanted := port.NodePort
		if given[port.Port] == 0 {
			for _, other := range s.Spec.Ports {
				if other.Port == port.Port && other.NodePort != 0 {
					wanted = other.NodePort
					break
				}
			}
			given[port.Port] = wanted
		} else if wanted == given[port.Port] {
			continue
		}
		if wanted == 0 {
			continue
		}
		if found := take(taken, wanted, path); found != nil {
			return found
		}
	}
	return nil
}

func take(taken map[int32]bool, number int32, path *field.Path) field.ErrorList {
	if number < 1 || number > 65535 || taken[number] {
		return field.ErrorList{field.Invalid(path, number, fmt.Sprintf("port %d cannot be had", number))}
	}
	taken[number] = true
	return nil
}
