// Makes a directory on this node for every claim of the storage class, and removes it with the volume.
//
// The volumes are of type `local`, not `hostPath`, because the kubelet applies fsGroup to those only.
package main

import (
	"context"
	"flag"
	"os/signal"
	"syscall"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

func main() {
	name := flag.String("name", "tiktoklite.dev/local", "provisioner that the storage class names")
	kubeconfig := flag.String("kubeconfig", "", "file with the address and the credentials of the API server")
	root := flag.String("root", "", "directory that holds the volumes")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *name, *kubeconfig, *root); err != nil {
		klog.ErrorS(err, "The volume provisioner stopped")
		klog.FlushAndExit(klog.ExitFlushTimeout, 1)
	}
}

func run(ctx context.Context, name, kubeconfig, root string) error {
	directories, err := newDirectories(root)
	if err != nil {
		return err
	}
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	controller.NewProvisionController(ctx, client, name, directories, controller.LeaderElection(false)).Run(ctx)
	return nil
}
