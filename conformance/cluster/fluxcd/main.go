// Flux-apply applies the manifests on its input to a cluster as Flux's kustomize-controller does, by its own code, and prunes
// what is in the inventory, and not on the input.
//
//	flux-apply KUSTOMIZATION NAMESPACE INVENTORY < manifests
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/fluxcd/pkg/ssa"
	"github.com/fluxcd/pkg/ssa/normalize"
	"github.com/fluxcd/pkg/ssa/utils"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

const (
	group    = "kustomize.toolkit.fluxcd.io"
	manager  = "kustomize-controller"
	patience = 2 * time.Minute
)

func main() {
	log.SetLogger(log.Log)
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(name, namespace, inventory string) error {
	objects, err := utils.ReadObjects(os.Stdin)
	if err != nil {
		return err
	}
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		return err
	}
	reach, err := client.New(config, client.Options{})
	if err != nil {
		return err
	}
	resources := ssa.NewResourceManager(reach, nil, ssa.Owner{Field: manager, Group: group})
	resources.SetOwnerLabels(objects, name, namespace)
	if err := normalize.UnstructuredList(objects); err != nil {
		return err
	}
	limit, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	changes, err := resources.ApplyAllStaged(limit, objects, options())
	if err != nil {
		return err
	}
	fmt.Println(changes)
	stale, err := leftOver(inventory, objects)
	if err != nil {
		return err
	}
	pruned, err := resources.DeleteAll(limit, stale, ssa.DeleteOptions{
		PropagationPolicy: metav1.DeletePropagationBackground,
		Inclusions:        resources.GetOwnerLabels(name, namespace),
	})
	if err != nil {
		return err
	}
	fmt.Println(pruned)
	return nil
}

// options returns those of the controller: what kubectl has applied before becomes its own.
func options() ssa.ApplyOptions {
	chosen := ssa.DefaultApplyOptions()
	chosen.Cleanup = ssa.ApplyCleanupOptions{
		Annotations: []string{corev1.LastAppliedConfigAnnotation},
		FieldManagers: []ssa.FieldManager{
			{Name: "kubectl", OperationType: metav1.ManagedFieldsOperationApply},
			{Name: "kubectl", OperationType: metav1.ManagedFieldsOperationUpdate},
			{Name: "before-first-apply", OperationType: metav1.ManagedFieldsOperationUpdate},
			{Name: manager, OperationType: metav1.ManagedFieldsOperationUpdate},
		},
	}
	return chosen
}

// leftOver returns the objects of the inventory that are not wanted any longer, and writes the new inventory.
func leftOver(inventory string, objects []*unstructured.Unstructured) ([]*unstructured.Unstructured, error) {
	var before []*unstructured.Unstructured
	text, err := os.ReadFile(inventory)
	if err == nil {
		err = json.Unmarshal(text, &before)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	wanted := map[string]bool{}
	for _, object := range objects {
		wanted[utils.FmtUnstructured(object)] = true
	}
	var stale []*unstructured.Unstructured
	for _, object := range before {
		if !wanted[utils.FmtUnstructured(object)] {
			stale = append(stale, object)
		}
	}
	now, err := json.Marshal(objects)
	if err != nil {
		return nil, err
	}
	return stale, os.WriteFile(inventory, now, 0o600)
}
