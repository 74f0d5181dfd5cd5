package main

import (
	"maps"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	apiservice "k8s.io/kubernetes/pkg/api/service"
	"k8s.io/kubernetes/pkg/apis/batch"
	"k8s.io/kubernetes/pkg/apis/core"
	netutils "k8s.io/utils/net"
)

// An address of each family, for services to which the cluster gave one that nobody knows.
var given = map[core.IPFamily]string{core.IPv4Protocol: "192.0.2.1", core.IPv6Protocol: "2001:db8::1"}

// carry does what the storage of services does before the strategy is asked about a change (pkg/registry/core/service/storage: beginUpdate),
// as far as that depends on no cluster. What the old service does not state, the cluster chose: as far as it can be, it is what the new
// one states.
func carry(object, before runtime.Object) field.ErrorList {
	s, ok := object.(*core.Service)
	if !ok {
		return nil
	}
	old := before.(*core.Service)
	asStored(old, s)
	carryAddresses(s, old)
	carryNodePorts(s, old)
	found := append(carryFamilies(s, old), changedNodePorts(s, old)...)
	if apiservice.NeedsHealthCheck(s) && s.Spec.HealthCheckNodePort == 0 {
		s.Spec.HealthCheckNodePort = 32000
	}
	return found
}

func isAddressed(s *core.Service) bool { return s.Spec.Type != core.ServiceTypeExternalName }

func isSingle(s *core.Service) bool {
	return s.Spec.IPFamilyPolicy != nil && *s.Spec.IPFamilyPolicy == core.IPFamilyPolicySingleStack
}

func hasNodePorts(s *core.Service) bool {
	return s.Spec.Type == core.ServiceTypeNodePort || s.Spec.Type == core.ServiceTypeLoadBalancer
}

// asStored fills in what the server gave the old service when it was created.
func asStored(old, s *core.Service) {
	spec := &old.Spec
	if spec.ClusterIP != "" && len(spec.ClusterIPs) == 0 {
		spec.ClusterIPs = []string{spec.ClusterIP}
	}
	if apiservice.NeedsHealthCheck(old) && spec.HealthCheckNodePort == 0 {
		spec.HealthCheckNodePort = 32000
		if s.Spec.HealthCheckNodePort != 0 {
			spec.HealthCheckNodePort = s.Spec.HealthCheckNodePort
		}
	}
	if !isAddressed(old) {
		return
	}
	setPolicy(old)
	if spec.ClusterIP == core.ClusterIPNone {
		return
	}
	stated := s.Spec.ClusterIPs
	if len(stated) == 0 && s.Spec.ClusterIP != "" {
		stated = []string{s.Spec.ClusterIP}
	}
	if !isAddressed(s) || slices.Contains(stated, core.ClusterIPNone) {
		stated = nil
	}
	if len(spec.IPFamilies) == 0 && len(spec.ClusterIPs) != 0 {
		spec.IPFamilies = familiesOf(spec.ClusterIPs)
	} else if len(spec.IPFamilies) == 0 {
		for _, families := range [][]core.IPFamily{s.Spec.IPFamilies, familiesOf(stated), {core.IPv4Protocol}} {
			if isAddressed(s) && len(spec.IPFamilies) == 0 {
				spec.IPFamilies = slices.Clone(families)
			}
		}
		if isSingle(old) && len(spec.IPFamilies) > 1 {
			spec.IPFamilies = spec.IPFamilies[:1]
		}
	}
	if len(spec.ClusterIPs) == 0 {
		for i, family := range spec.IPFamilies {
			if i < len(stated) {
				spec.ClusterIPs = append(spec.ClusterIPs, stated[i])
			} else {
				spec.ClusterIPs = append(spec.ClusterIPs, given[family])
			}
		}
		if len(spec.ClusterIPs) > 0 {
			spec.ClusterIP = spec.ClusterIPs[0]
		}
	}
}

func setPolicy(s *core.Service) {
	if s.Spec.IPFamilyPolicy == nil {
		usual := core.IPFamilyPolicySingleStack
		if s.Spec.ClusterIP == core.ClusterIPNone && len(s.Spec.Selector) == 0 {
			usual = core.IPFamilyPolicyRequireDualStack
		}
		s.Spec.IPFamilyPolicy = &usual
	}
}

func carryAddresses(s, old *core.Service) {
	if isAddressed(s) && isAddressed(old) {
		if s.Spec.ClusterIP == "" {
			s.Spec.ClusterIP = old.Spec.ClusterIP
		}
		if len(s.Spec.ClusterIPs) == 0 {
			s.Spec.ClusterIPs = old.Spec.ClusterIPs
		}
	}
	same := slices.Equal(s.Spec.ClusterIPs, old.Spec.ClusterIPs)
	switch {
	case s.Spec.ClusterIP == old.Spec.ClusterIP:
		if len(s.Spec.ClusterIPs) == 0 {
			s.Spec.ClusterIPs = old.Spec.ClusterIPs
		}
	case same && s.Spec.ClusterIP == "":
		s.Spec.ClusterIPs = nil
	case same:
		s.Spec.ClusterIPs = []string{s.Spec.ClusterIP}
	}
}

func carryNodePorts(s, old *core.Service) {
	if hasNodePorts(s) && hasNodePorts(old) {
		before, after := nodePorts(old), nodePorts(s)
		byName := map[string]int32{}
		for _, port := range old.Spec.Ports {
			byName[port.Name] = port.NodePort
		}
		for i := range s.Spec.Ports {
			port := &s.Spec.Ports[i]
			if known := byName[port.Name]; port.NodePort == 0 && !(before[known] && after[known]) {
				port.NodePort = known
			}
		}
	}
	if apiservice.NeedsHealthCheck(s) && apiservice.NeedsHealthCheck(old) && s.Spec.HealthCheckNodePort == 0 {
		s.Spec.HealthCheckNodePort = old.Spec.HealthCheckNodePort
	}
}

func nodePorts(s *core.Service) map[int32]bool {
	found := map[int32]bool{}
	for _, port := range s.Spec.Ports {
		if port.NodePort != 0 {
			found[port.NodePort] = true
		}
	}
	return found
}

func carryFamilies(s, old *core.Service) field.ErrorList {
	if !isAddressed(s) {
		return nil
	}
	spec := &s.Spec
	if spec.IPFamilyPolicy == nil && old.Spec.IPFamilyPolicy != nil {
		spec.IPFamilyPolicy = old.Spec.IPFamilyPolicy
	}
	setPolicy(s)
	path := field.NewPath("spec", "ipFamilyPolicy")
	var found field.ErrorList
	if isSingle(s) {
		if slices.Equal(spec.ClusterIPs, old.Spec.ClusterIPs) && len(spec.ClusterIPs) > 1 {
			spec.ClusterIPs = spec.ClusterIPs[:1]
		}
		if slices.Equal(spec.IPFamilies, old.Spec.IPFamilies) && len(spec.IPFamilies) > 1 {
			spec.IPFamilies = spec.IPFamilies[:1]
		}
	} else if 0 < len(spec.ClusterIPs) && len(spec.ClusterIPs) < len(old.Spec.ClusterIPs) ||
		0 < len(spec.IPFamilies) && len(spec.IPFamilies) < len(old.Spec.IPFamilies) {
		found = append(found, field.Invalid(path, spec.IPFamilyPolicy, "must be SingleStack"))
	}
	if isSingle(s) && (len(spec.ClusterIPs) == 2 || len(spec.IPFamilies) == 2) {
		found = append(found, field.Invalid(path, spec.IPFamilyPolicy, "must not be SingleStack"))
	}
	if families := familiesOf(spec.ClusterIPs); len(found) == 0 && len(families) > len(spec.IPFamilies) {
		spec.IPFamilies = append(spec.IPFamilies, families[len(spec.IPFamilies):]...)
	}
	return found
}

// familiesOf returns the families of some addresses; none if one is no address.
func familiesOf(addresses []string) []core.IPFamily {
	var families []core.IPFamily
	for _, text := range addresses {
		address := netutils.ParseIPSloppy(text)
		if address == nil {
			return nil
		}
		if netutils.IsIPv6(address) {
			families = append(families, core.IPv6Protocol)
		} else {
			families = append(families, core.IPv4Protocol)
		}
	}
	return families
}

func changedNodePorts(s, old *core.Service) field.ErrorList {
	taken := nodePorts(old)
	if apiservice.NeedsHealthCheck(old) {
		taken[old.Spec.HealthCheckNodePort] = true
	}
	if hasNodePorts(s) {
		for i, port := range s.Spec.Ports {
			if port.NodePort == 0 || nodePorts(old)[port.NodePort] || slices.ContainsFunc(s.Spec.Ports[:i],
				func(other core.ServicePort) bool { return other.NodePort == port.NodePort }) {
				continue
			}
			if found := take(taken, port.NodePort, field.NewPath("spec", "ports").Index(i).Child("nodePort")); found != nil {
				return found
			}
		}
	}
	if apiservice.NeedsHealthCheck(s) && !apiservice.NeedsHealthCheck(old) && s.Spec.HealthCheckNodePort != 0 {
		return take(taken, s.Spec.HealthCheckNodePort, field.NewPath("spec", "healthCheckNodePort"))
	}
	return nil
}

// carryJob gives a changed job the selector and the labels of its pods that the server generated when the old one was created, as an
// apply keeps them, and completions that only defaults have set.
func carryJob(s, before *subject) {
	job, ok := s.object.(*batch.Job)
	if !ok {
		return
	}
	old := before.object.(*batch.Job)
	if !s.counted && !before.counted && old.Spec.Completions != nil {
		job.Spec.Completions = old.Spec.Completions
	}
	if old.Spec.ManualSelector == nil || *old.Spec.ManualSelector {
		return
	}
	uid := string(old.UID)
	generated := map[string]string{
		batch.LegacyJobNameLabel: old.Name, batch.JobNameLabel: old.Name, batch.LegacyControllerUidLabel: uid, batch.ControllerUidLabel: uid}
	for _, each := range []*batch.Job{old, job} {
		// What defaults made of one map is one map no longer.
		each.Spec.Template.Labels = maps.Clone(each.Spec.Template.Labels)
		if each.Spec.Template.Labels == nil {
			each.Spec.Template.Labels = map[string]string{}
		}
		if each.Spec.Selector == nil {
			each.Spec.Selector = &metav1.LabelSelector{}
		}
		if each.Spec.Selector.MatchLabels == nil {
			each.Spec.Selector.MatchLabels = map[string]string{}
		}
		for key, value := range generated {
			if _, found := each.Spec.Template.Labels[key]; !found {
				each.Spec.Template.Labels[key] = value
			}
		}
		if _, found := each.Spec.Selector.MatchLabels[batch.ControllerUidLabel]; !found {
			each.Spec.Selector.MatchLabels[batch.ControllerUidLabel] = uid
		}
	}
}
