package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	v1 "k8s.io/api/core/v1"
	storage "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

func options(node string) controller.ProvisionOptions {
	reclaim := v1.PersistentVolumeReclaimDelete
	return controller.ProvisionOptions{
		PVName:           "pvc-1",
		SelectedNodeName: node,
		StorageClass:     &storage.StorageClass{ReclaimPolicy: &reclaim},
		PVC:              &v1.PersistentVolumeClaim{},
	}
}

func provisioned(t *testing.T) (*directories, *v1.PersistentVolume) {
	t.Helper()
	volumes, err := newDirectories(filepath.Join(t.TempDir(), "volumes"))
	if err != nil {
		t.Fatal(err)
	}
	volume, _, err := volumes.Provision(context.Background(), options("here"))
	if err != nil {
		t.Fatal(err)
	}
	return volumes, volume
}

func TestAVolumeIsOpenToEveryUserInsideAClosedRoot(t *testing.T) {
	volumes, volume := provisioned(t)
	for path, want := range map[string]os.FileMode{volumes.root: 0o700, volume.Spec.Local.Path: 0o777} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, not %o", path, got, want)
		}
	}
}

func TestAVolumeIsTiedToItsNode(t *testing.T) {
	_, volume := provisioned(t)
	term := volume.Spec.NodeAffinity.Required.NodeSelectorTerms[0].MatchExpressions[0]
	if term.Key != v1.LabelHostname || term.Values[0] != "here" {
		t.Errorf("tied to %v", term)
	}
}

func TestDeletingRemovesTheDirectoryWithItsContents(t *testing.T) {
	volumes, volume := provisioned(t)
	if err := os.WriteFile(filepath.Join(volume.Spec.Local.Path, "row"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := volumes.Delete(context.Background(), volume); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(volume.Spec.Local.Path); !os.IsNotExist(err) {
		t.Errorf("still there: %v", err)
	}
}

func TestDeletingRefusesAnythingOutsideTheRoot(t *testing.T) {
	volumes, _ := provisioned(t)
	for _, path := range []string{t.TempDir(), volumes.root, volumes.root + "/../pvc-1", volumes.root + "/pvc-1/inner"} {
		volume := &v1.PersistentVolume{
			ObjectMeta: metav1.ObjectMeta{Name: "foreign"},
			Spec:       v1.PersistentVolumeSpec{PersistentVolumeSource: v1.PersistentVolumeSource{Local: &v1.LocalVolumeSource{Path: path}}},
		}
		if err := volumes.Delete(context.Background(), volume); err == nil {
			t.Errorf("%s was accepted", path)
		}
	}
	if _, err := os.Stat(volumes.root); err != nil {
		t.Error(err)
	}
}

func TestProvisioningNeedsANode(t *testing.T) {
	volumes, _ := provisioned(t)
	if _, _, err := volumes.Provision(context.Background(), options("")); err == nil {
		t.Error("accepted without a node")
	}
}
