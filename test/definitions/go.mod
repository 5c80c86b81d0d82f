// Definitions of other projects' custom resources, as their modules carry them. Nothing of these is compiled.
module tiktoklite.dev/test/definitions

go 1.25.0

require (
	github.com/kedacore/keda/v2 v2.18.0
	sigs.k8s.io/gateway-api v1.4.0
)
