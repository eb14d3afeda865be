// Package contract holds the management API as an OpenAPI document and checks exchanges against it. It is for tests:
// the provider itself does not import it.
package contract

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

//go:embed openapi.yaml
var source []byte

type document struct {
	*openapi3.T
	router routers.Router
}

// load reads the document once. Every test shares it; nothing changes it.
var load = sync.OnceValue(func() document {
	parsed, err := openapi3.NewLoader().LoadFromData(source)
	if err == nil {
		err = parsed.Validate(context.Background(), openapi3.EnableExamplesValidation())
	}
	if err != nil {
		panic(fmt.Sprintf("openapi.yaml: %v", err))
	}
	// The router cannot match a variable that stands for scheme, host and path, so requests are cut down to what comes
	// behind it.
	routed := *parsed
	routed.Servers = nil
	router, err := gorillamux.NewRouter(&routed)
	if err != nil {
		panic(fmt.Sprintf("openapi.yaml: %v", err))
	}
	return document{T: parsed, router: router}
})

// answers calls visit for every documented answer, in the document's order of paths.
func (d document) answers(visit func(method, path, status string, operation *openapi3.Operation)) {
	for _, path := range d.Paths.InMatchingOrder() {
		operations := d.Paths.Value(path).Operations()
		for _, method := range slices.Sorted(maps.Keys(operations)) {
			responses := operations[method].Responses.Map()
			for _, status := range slices.Sorted(maps.Keys(responses)) {
				visit(method, path, status, operations[method])
			}
		}
	}
}

// Answers lists every documented answer by operation and status, such as "deleteSender 204". The status "5XX" stands
// for those that are not documented on their own.
func Answers() []string {
	var all []string
	load().answers(func(_, _, status string, operation *openapi3.Operation) {
		all = append(all, name(operation, status))
	})
	return all
}

func name(operation *openapi3.Operation, status string) string {
	return operation.OperationID + " " + status
}

// Failure is a documented answer other than a success, with one of its documented bodies.
type Failure struct {
	Operation string
	Method    string
	Path      string // up to the first variable, below the organization's address
	Status    int
	Name      string // of the example
	Header    map[string]string
	Body      string
}

// Failures lists every documented failure with each of its examples.
func Failures() []Failure {
	var all []Failure
	load().answers(func(method, path, status string, operation *openapi3.Operation) {
		code, err := strconv.Atoi(strings.ReplaceAll(status, "XX", "02"))
		if err != nil || code < 300 {
			return
		}
		response := operation.Responses.Value(status).Value
		failure := Failure{Operation: operation.OperationID, Method: method, Status: code, Header: map[string]string{}}
		failure.Path, _, _ = strings.Cut(path, "{")
		for header, documented := range response.Headers {
			failure.Header[header] = fmt.Sprint(documented.Value.Example)
		}
		bodies := bodies(response)
		for _, example := range slices.Sorted(maps.Keys(bodies)) {
			one := failure
			one.Name, one.Body = example, bodies[example]
			all = append(all, one)
		}
	})
	return all
}

// bodies returns the examples of an answer by name. Where the document leaves the body open, it is empty.
func bodies(response *openapi3.Response) map[string]string {
	found := map[string]string{}
	if len(response.Content) == 0 || response.Content["*/*"] != nil {
		found["no body"] = ""
	}
	for _, content := range response.Content {
		if page, ok := content.Example.(string); ok {
			found["page"] = page
		}
		for example, value := range content.Examples {
			encoded, err := json.Marshal(value.Value.Value)
			if err != nil {
				panic(fmt.Sprintf("openapi.yaml: example %q: %v", example, err))
			}
			found[example] = string(encoded)
		}
	}
	return found
}
