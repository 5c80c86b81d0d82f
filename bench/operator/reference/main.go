// A toy operator on controller-runtime: one Toy becomes a ConfigMap, a Deployment, a Service and an Ingress.
// The same operator on this project's machinery is ../toy.ts.
package main

import (
	"context"
	"flag"
	"os"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/tools/clientcmd"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
)

var toyKind = schema.GroupVersionKind{Group: "bench.example", Version: "v1", Kind: "Toy"}

func newToy() *unstructured.Unstructured {
	toy := &unstructured.Unstructured{}
	toy.SetGroupVersionKind(toyKind)
	return toy
}

type reconciler struct{ client.Client }

func (r *reconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	toy := newToy()
	if err := r.Get(ctx, request.NamespacedName, toy); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	image, _, err := unstructured.NestedString(toy.Object, "spec", "image")
	if err != nil {
		return ctrl.Result{}, err
	}
	for _, child := range childrenOf(toy, image) {
		if _, err := controllerutil.CreateOrUpdate(ctx, r.Client, child.object, func() error {
			child.set()
			return controllerutil.SetControllerReference(toy, child.object, r.Scheme())
		}); err != nil {
			return ctrl.Result{}, err
		}
	}
	return ctrl.Result{}, nil
}

type child struct {
	object client.Object
	set    func()
}

func childrenOf(toy *unstructured.Unstructured, image string) []child {
	meta := metav1.ObjectMeta{Namespace: toy.GetNamespace(), Name: toy.GetName()}
	selector := map[string]string{"app": toy.GetName()}
	labels := map[string]string{"app.kubernetes.io/managed-by": "toy-operator", "image": image}
	replicas, pathType := int32(0), networkingv1.PathTypePrefix
	config := &corev1.ConfigMap{ObjectMeta: meta}
	deployment := &appsv1.Deployment{ObjectMeta: meta}
	service := &corev1.Service{ObjectMeta: meta}
	ingress := &networkingv1.Ingress{ObjectMeta: meta}
	return []child{
		{config, func() {
			config.Labels = labels
			config.Data = map[string]string{"image": image}
		}},
		{deployment, func() {
			deployment.Labels = labels
			deployment.Spec.Replicas = &replicas
			deployment.Spec.Selector = &metav1.LabelSelector{MatchLabels: selector}
			deployment.Spec.Template.Labels = selector
			if len(deployment.Spec.Template.Spec.Containers) == 0 {
				deployment.Spec.Template.Spec.Containers = make([]corev1.Container, 1)
			}
			container := &deployment.Spec.Template.Spec.Containers[0]
			container.Name, container.Image = "web", image
		}},
		{service, func() {
			service.Labels = labels
			service.Spec.Selector = selector
			if len(service.Spec.Ports) == 0 {
				service.Spec.Ports = make([]corev1.ServicePort, 1)
			}
			service.Spec.Ports[0].Port, service.Spec.Ports[0].TargetPort = 80, intstr.FromInt32(8080)
		}},
		{ingress, func() {
			ingress.Labels = labels
			ingress.Spec.Rules = []networkingv1.IngressRule{{
				Host: toy.GetName() + ".example.org",
				IngressRuleValue: networkingv1.IngressRuleValue{HTTP: &networkingv1.HTTPIngressRuleValue{
					Paths: []networkingv1.HTTPIngressPath{{
						Path: "/", PathType: &pathType,
						Backend: networkingv1.IngressBackend{Service: &networkingv1.IngressServiceBackend{
							Name: toy.GetName(), Port: networkingv1.ServiceBackendPort{Number: 80},
						}},
					}},
				}},
			}}
		}},
	}
}

func run() error {
	kubeconfig := flag.String("api-kubeconfig", "", "kubeconfig of the API server")
	flag.Parse()
	ctrl.SetLogger(zap.New(zap.WriteTo(os.Stderr)))
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		return err
	}
	// The API server's own flow control decides, as for the other contestant.
	config.QPS, config.Burst = -1, -1
	manager, err := ctrl.NewManager(config, ctrl.Options{
		Metrics: metricsserver.Options{BindAddress: "0"},
		Cache:   cache.Options{DefaultTransform: cache.TransformStripManagedFields()},
	})
	if err != nil {
		return err
	}
	err = ctrl.NewControllerManagedBy(manager).
		For(newToy()).
		Owns(&corev1.ConfigMap{}).Owns(&appsv1.Deployment{}).Owns(&corev1.Service{}).Owns(&networkingv1.Ingress{}).
		WithOptions(controller.Options{MaxConcurrentReconciles: 10}).
		Complete(&reconciler{manager.GetClient()})
	if err != nil {
		return err
	}
	return manager.Start(ctrl.SetupSignalHandler())
}

func main() {
	if err := run(); err != nil {
		ctrl.Log.Error(err, "the operator ended")
		os.Exit(1)
	}
}
