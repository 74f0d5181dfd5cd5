// Argocd-sync synchronizes the manifests on its input with a cluster by Argo CD's own engine, as one application with pruning.
//
//	argocd-sync APPLICATION NAMESPACE < manifests
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/argoproj/gitops-engine/pkg/cache"
	"github.com/argoproj/gitops-engine/pkg/engine"
	"github.com/argoproj/gitops-engine/pkg/sync"
	"github.com/argoproj/gitops-engine/pkg/sync/common"
	"github.com/argoproj/gitops-engine/pkg/utils/kube"
	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	tracking = "argocd.argoproj.io/tracking-id"
	patience = 2 * time.Minute
)

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(application, namespace string) error {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	wanted, err := kube.SplitYAML(text)
	if err != nil {
		return err
	}
	for _, object := range wanted {
		track(application, namespace, object)
	}
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		return err
	}
	remember := cache.SetPopulateResourceInfoHandler(func(object *unstructured.Unstructured, _ bool) (any, bool) {
		id := object.GetAnnotations()[tracking]
		return id, id != ""
	})
	syncing := engine.NewEngine(config, cache.NewClusterCache(config, remember, cache.SetLogr(logr.Discard())), engine.WithLogr(logr.Discard()))
	stop, err := syncing.Run()
	if err != nil {
		return err
	}
	defer stop()
	limit, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	isManaged := func(resource *cache.Resource) bool {
		id, _ := resource.Info.(string)
		return strings.HasPrefix(id, application+":")
	}
	results, err := syncing.Sync(limit, wanted, isManaged, "main", namespace, sync.WithPrune(true), sync.WithLogr(logr.Discard()), sync.WithOperationSettings(false, true, false, false))
	if err != nil {
		return err
	}
	for _, result := range results {
		fmt.Printf("%s %s\n", result.ResourceKey.String(), result.Message)
		if result.Status == common.ResultCodeSyncFailed {
			err = fmt.Errorf("not synchronized")
		}
	}
	return err
}

// track gives an object the annotation by which Argo CD recognizes what belongs to an application.
func track(application, namespace string, object *unstructured.Unstructured) {
	annotations := object.GetAnnotations()
	if annotations == nil {
		annotations = map[string]string{}
	}
	kind := object.GroupVersionKind()
	own := object.GetNamespace()
	if own == "" {
		own = namespace
	}
	annotations[tracking] = fmt.Sprintf("%s:%s/%s:%s/%s", application, kind.Group, kind.Kind, own, object.GetName())
	object.SetAnnotations(annotations)
}
