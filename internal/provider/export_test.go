package provider

// What the tests, which see the package from outside, look at inside.

// MaxCertificates is the size of what is read at most.
const MaxCertificates = maxCertificates

// The parts of the provider block's configuration.
var (
	BlockSchema = blockSchema
	ReadPEM     = readPEM
	Resolve     = resolve
)
