package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

// directories provisions volumes as directories below root.
type directories struct{ root string }

// newDirectories keeps other users of the host out at the root, so that the volumes inside can be open to any user of a pod.
func newDirectories(root string) (*directories, error) {
	if !filepath.IsAbs(root) {
		return nil, fmt.Errorf("the root of the volumes must be an absolute path, not %q: pass --root", root)
	}
	if err := os.MkdirAll(root, 0o700); err != nil {
		return nil, err
	}
	return &directories{root: filepath.Clean(root)}, os.Chmod(root, 0o700)
}

// Provision makes the directory and describes it; repeating it is harmless.
func (d *directories) Provision(_ context.Context, options controller.ProvisionOptions) (*v1.PersistentVolume, controller.ProvisioningState, error) {
	if options.SelectedNodeName == "" {
		return nil, controller.ProvisioningFinished, errors.New("no node was chosen: the storage class must say volumeBindingMode: WaitForFirstConsumer")
	}
	if options.PVC.Spec.Selector != nil {
		return nil, controller.ProvisioningFinished, errors.New("a claim with a selector cannot be provisioned: remove spec.selector")
	}
	path := filepath.Join(d.root, options.PVName)
	if err := makeOpenDirectory(path); err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	return volumeFor(options, path), controller.ProvisioningFinished, nil
}

// Delete removes the directory of a volume and what is in it.
func (d *directories) Delete(_ context.Context, volume *v1.PersistentVolume) error {
	if volume.Spec.Local == nil || filepath.Dir(filepath.Clean(volume.Spec.Local.Path)) != d.root {
		return fmt.Errorf("volume %s does not lie in %s: it is left as it is", volume.Name, d.root)
	}
	return os.RemoveAll(volume.Spec.Local.Path)
}

// makeOpenDirectory sets the mode in a second step, because the first is subject to the umask.
func makeOpenDirectory(path string) error {
	if err := os.MkdirAll(path, 0o777); err != nil {
		return err
	}
	return os.Chmod(path, 0o777)
}

func volumeFor(options controller.ProvisionOptions, path string) *v1.PersistentVolume {
	return &v1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: options.PVName},
		Spec: v1.PersistentVolumeSpec{
			PersistentVolumeReclaimPolicy: *options.StorageClass.ReclaimPolicy,
			AccessModes:                   options.PVC.Spec.AccessModes,
			VolumeMode:                    options.PVC.Spec.VolumeMode,
			Capacity:                      v1.ResourceList{v1.ResourceStorage: options.PVC.Spec.Resources.Requests[v1.ResourceStorage]},
			PersistentVolumeSource:        v1.PersistentVolumeSource{Local: &v1.LocalVolumeSource{Path: path}},
			NodeAffinity:                  onNode(options.SelectedNodeName),
		},
	}
}

func onNode(name string) *v1.VolumeNodeAffinity {
	here := v1.NodeSelectorRequirement{Key: v1.LabelHostname, Operator: v1.NodeSelectorOpIn, Values: []string{name}}
	return &v1.VolumeNodeAffinity{Required: &v1.NodeSelector{
		NodeSelectorTerms: []v1.NodeSelectorTerm{{MatchExpressions: []v1.NodeSelectorRequirement{here}}},
	}}
}
