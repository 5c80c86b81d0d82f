// metrics-server, put together anew: the released main does not compile with this version of the API server library.
// In the cluster it needs no flag; the kubelet's certificate must be signed by the cluster's own authority.
package main

import (
	"context"
	"os/signal"
	"syscall"
	"time"

	v1 "k8s.io/api/core/v1"
	openapinamer "k8s.io/apiserver/pkg/endpoints/openapi"
	genericapiserver "k8s.io/apiserver/pkg/server"
	genericoptions "k8s.io/apiserver/pkg/server/options"
	"k8s.io/apiserver/pkg/util/compatibility"
	"k8s.io/client-go/rest"
	"k8s.io/klog/v2"
	"sigs.k8s.io/metrics-server/pkg/api"
	generatedopenapi "sigs.k8s.io/metrics-server/pkg/api/generated/openapi"
	"sigs.k8s.io/metrics-server/pkg/scraper/client"
	"sigs.k8s.io/metrics-server/pkg/server"
)

const (
	securePort       = 10250
	kubeletPort      = 10250
	metricResolution = 15 * time.Second
	scrapeTimeout    = 10 * time.Second
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		klog.ErrorS(err, "The metrics server stopped")
		klog.FlushAndExit(klog.ExitFlushTimeout, 1)
	}
}

func run(ctx context.Context) error {
	cluster, err := rest.InClusterConfig()
	if err != nil {
		return err
	}
	cluster.ContentType = "application/vnd.kubernetes.protobuf"
	if err := rest.SetKubernetesDefaults(cluster); err != nil {
		return err
	}
	apiServer, err := apiServerConfig()
	if err != nil {
		return err
	}
	metrics, err := server.Config{
		Apiserver:        apiServer,
		Rest:             cluster,
		Kubelet:          kubeletConfig(cluster),
		MetricResolution: metricResolution,
		ScrapeTimeout:    scrapeTimeout,
	}.Complete()
	if err != nil {
		return err
	}
	return metrics.RunUntil(ctx.Done())
}

// apiServerConfig serves with a certificate made at start, and lets the cluster's API server decide who may read.
func apiServerConfig() (*genericapiserver.Config, error) {
	config := genericapiserver.NewConfig(api.Codecs)
	config.EffectiveVersion = compatibility.DefaultBuildEffectiveVersion()
	names := openapinamer.NewDefinitionNamer(api.Scheme)
	config.OpenAPIConfig = genericapiserver.DefaultOpenAPIConfig(generatedopenapi.GetOpenAPIDefinitions, names)
	config.OpenAPIV3Config = genericapiserver.DefaultOpenAPIV3Config(generatedopenapi.GetOpenAPIDefinitions, names)

	serving := genericoptions.NewSecureServingOptions().WithLoopback()
	serving.BindPort = securePort
	serving.ServerCert.CertDirectory = "" // in memory
	if err := serving.MaybeDefaultWithSelfSignedCerts("metrics-server", nil, nil); err != nil {
		return nil, err
	}
	if err := serving.ApplyTo(&config.SecureServing, &config.LoopbackClientConfig); err != nil {
		return nil, err
	}
	authentication := genericoptions.NewDelegatingAuthenticationOptions()
	if err := authentication.ApplyTo(&config.Authentication, config.SecureServing, nil); err != nil {
		return nil, err
	}
	return config, genericoptions.NewDelegatingAuthorizationOptions().ApplyTo(&config.Authorization)
}

func kubeletConfig(cluster *rest.Config) *client.KubeletClientConfig {
	return &client.KubeletClientConfig{
		Client:              *rest.CopyConfig(cluster),
		Scheme:              "https",
		DefaultPort:         kubeletPort,
		AddressTypePriority: []v1.NodeAddressType{v1.NodeInternalIP},
	}
}
