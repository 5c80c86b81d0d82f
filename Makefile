# Two commands matter: `make up` and `make test`. The work is done by the scripts in local/.

.DEFAULT_GOAL := help
.PHONY: help up dev status down clean lint-manifests test lint format verify-counters replay-dead-letters bench-api bench-operator bench-transcode
.PHONY: test-unit test-go test-services test-transcoding test-api test-properties test-cluster test-acceptance test-faults test-drift test-outbox test-gateway test-warm-up test-hostile-media test-media test-transcoders
.PHONY: test-skaffold test-install test-upgrade test-autoscaling test-gateway-rollout test-many-platforms

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo '  make up CLUSTER=packages|kind|minikube   a cluster of one kind (default: auto, what this machine has)'
	@echo '  make up CLUSTER=current REGISTRY=…       the cluster of the current kubeconfig; images are pushed to REGISTRY'

up: ## start or repair a cluster of its own with the operator, a platform and demo videos
	@local/up.sh

dev: ## the platform by skaffold, and every saved source file in the running pods within seconds
	@local/dev.sh

status: ## what runs, and what does not
	@local/status.sh

down: ## take the cluster and its data away; programs and images stay cached
	@local/down.sh

clean: ## remove the cached programs and images too
	@local/clean.sh

test: ## every check: lint, unit, real servers, a real API server, end to end
	@local/test.sh

lint: ## format, types, dependency rules, scripts
	@local/test.sh lint

lint-manifests: ## the chart and every object that the operator makes for the samples, for Kubernetes 1.32 to 1.35
	@local/test.sh manifests

test-unit: ## the tests that need nothing running
	@local/test.sh unit

test-go: ## the programs of the local cluster that are ours
	@local/test.sh go

test-services: ## the services against real MariaDB, Redis, Kafka and object storage
	@local/test.sh services

test-transcoding: ## from an original to what people watch: real ffmpeg, hostile files, a browser
	@local/test.sh transcoding

test-api: ## the official API over HTTP, twice without a reset, on one Redis and on a Redis Cluster
	@API_FORM=full local/test.sh api

test-properties: ## 20,000 operations while processes die and Redis forgets; SEED=… repeats a run, TEST_REDIS=cluster runs it on a Redis Cluster
	@PROPERTY_FORM=full local/test.sh properties

test-cluster: ## the operator against a real API server
	@local/test.sh cluster

test-faults: ## the operator's machinery behind an API server that misbehaves: the full form, about 40 minutes
	@local/test.sh faults

test-acceptance: ## end to end, on the cluster that is up
	@local/test.sh acceptance

test-outbox: ## 200 processes killed between a commit and what it has to send: about ten minutes
	@local/test.sh outbox

test-gateway: ## 20,000 requests on connections that are kept, while the gateway is rolled four times
	@local/test.sh gateway

test-warm-up: ## 100,000 users and 10,000 videos into an empty Redis while the feed is served: about four minutes
	@local/test.sh warm_up

test-upgrade: ## a rolling upgrade with a migration, and back, under 50 requests a second: about ten minutes, on a cluster
	@local/test.sh upgrade

test-gateway-rollout: ## 20,000 requests on connections that are kept, while the gateway of a cluster is rolled four times
	@local/test.sh gateway_rollout

test-autoscaling: ## transcoders that come with twenty uploads and go after them, on a cluster; prints a table: about ten minutes
	@local/test.sh autoscaling

test-many-platforms: ## fifty platforms, of which all but one have servers that refuse: how fast is the one?
	@local/test.sh many_platforms

test-drift: ## every kind of child edited and deleted by hand: back within 2 s, Secrets within a minute: about three minutes
	@local/test.sh drift

test-skaffold: ## skaffold run, verify and dev on a cluster without a platform; prints how fast an edit shows
	@local/test.sh skaffold

test-install: ## kubectl apply of install.yaml and helm install, each on a cluster without a platform
	@local/test.sh install

verify-counters: ## whether every counter of the platform equals its rows; SETTINGS=FILE asks other servers
	@local/maintenance.sh verify-counters

replay-dead-letters: ## has likes and uploads that were given up handled again, once; SETTINGS=FILE as above
	@local/maintenance.sh replay-dead-letters

test-hostile-media: ## a hundred uploads that mean harm, through the transcoder, under strace: about three minutes
	@local/test.sh hostile_media

test-transcoders: ## workers killed at ten moments of a job, thirty uploads while workers are restarted; SEED=… repeats it
	@local/test.sh transcoders

test-media: ## every way in which videos differ, transcoded: aligned, in time, alike, played in a browser: about twenty minutes
	@local/test.sh media

bench-api: ## requests per second of the API next to Koa's, on data sets S and M: about twenty minutes
	@local/bench-api.sh

bench-operator: ## the operator's machinery next to controller-runtime: about ten minutes
	@local/bench-operator.sh

bench-transcode: ## what transcoding takes longer than bare ffmpeg, how soon one can watch, how alike it is: about an hour
	@local/bench-transcode.sh

format: ## write the formatting that lint asks for
	@PATH=node_modules/.bin:$$PATH biome check --write .
