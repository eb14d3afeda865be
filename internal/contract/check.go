package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// TB is the part of [testing.TB] the package needs.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
}

// Checker holds requests and answers against the document and fails its test for each difference.
type Checker struct {
	t        TB
	document document
	except   func(*http.Response) bool

	mutex    sync.Mutex
	seen     map[string]int
	reported map[string]bool
}

// New returns a checker for one test.
func New(t TB) *Checker {
	return &Checker{t: t, document: load(), seen: map[string]int{}, reported: map[string]bool{}}
}

// Check is New for tests that do not care what was seen.
func Check(t TB) func(http.RoundTripper) http.RoundTripper {
	return New(t).Wrap
}

// Except lets answers pass unseen, such as those of something between client and server. Requests are checked all the
// same.
func (c *Checker) Except(answers func(*http.Response) bool) *Checker {
	c.except = answers
	return c
}

// Seen returns how often each answer came, by the names that Answers has.
func (c *Checker) Seen() map[string]int {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return maps.Clone(c.seen)
}

// Wrap puts the checker around a connection.
func (c *Checker) Wrap(connection http.RoundTripper) http.RoundTripper {
	return &transport{checker: c, connection: connection}
}

type transport struct {
	checker    *Checker
	connection http.RoundTripper
}

// CloseIdleConnections lets http.Client.CloseIdleConnections reach the connection.
func (t *transport) CloseIdleConnections() {
	if closer, ok := t.connection.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

func (t *transport) RoundTrip(request *http.Request) (*http.Response, error) {
	sent, err := readAndClose(request.Body)
	if err != nil {
		return nil, err
	}
	attempt := request.Clone(request.Context())
	attempt.Body = body(sent, nil)
	checked := t.checker.request(request, sent)
	response, err := t.connection.RoundTrip(attempt)
	if err != nil || checked == nil || t.checker.except != nil && t.checker.except(response) {
		return response, err
	}
	received, err := readAndClose(response.Body)
	response.Body = body(received, err)
	if err == nil && !breaksOff(received) { // what is left of an answer says nothing about the server
		t.checker.response(checked, response, received)
	}
	return response, nil
}

func readAndClose(body io.ReadCloser) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	content, err := io.ReadAll(body)
	return content, errors.Join(err, body.Close())
}

// body is a body that was read already, with the error that its end met.
func body(content []byte, err error) io.ReadCloser {
	if err != nil {
		return io.NopCloser(io.MultiReader(bytes.NewReader(content), failing{err}))
	}
	if len(content) == 0 {
		return http.NoBody
	}
	return io.NopCloser(bytes.NewReader(content))
}

// breaksOff reports JSON that ends too early although the connection did not break: something in between lost the rest.
func breaksOff(content []byte) bool {
	var value any
	return len(content) > 0 && errors.Is(json.NewDecoder(bytes.NewReader(content)).Decode(&value), io.ErrUnexpectedEOF)
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// servicePath cuts off what the document's server URL stands for: base, and the organization where there is one.
var servicePath = regexp.MustCompile(`/(oauth2|api)/.*`)

// request checks a request and returns what the check of its answer needs; nil where the document does not know the
// call.
func (c *Checker) request(request *http.Request, sent []byte) *openapi3filter.RequestValidationInput {
	c.t.Helper()
	below := request.Clone(context.Background())
	below.URL = &url.URL{Path: servicePath.FindString(request.URL.Path), RawQuery: request.URL.RawQuery}
	below.Body, below.GetBody, below.ContentLength = body(sent, nil), nil, int64(len(sent))
	route, parameters, err := c.document.router.FindRoute(below)
	if err != nil {
		c.report("%s %s: %v", request.Method, request.URL.Path, err)
		return nil
	}
	input := &openapi3filter.RequestValidationInput{
		Request: below, PathParams: parameters, Route: route,
		Options: &openapi3filter.Options{
			MultiError: true, IncludeResponseStatus: true, RejectWhenRequestBodyNotSpecified: true, SkipSettingDefaults: true,
			AuthenticationFunc: hasToken,
		},
	}
	input.Options.WithCustomSchemaErrorFunc(withoutValues)
	err = errors.Join(openapi3filter.ValidateRequest(context.Background(), input), unknownParameters(route, below, sent),
		saysJSON(route, below))
	if err != nil {
		c.report("the request %s %s:\n%v", request.Method, request.URL.Path, err)
	}
	return input
}

func (c *Checker) response(request *openapi3filter.RequestValidationInput, response *http.Response, received []byte) {
	c.t.Helper()
	answer := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: request, Status: response.StatusCode, Header: response.Header, Options: request.Options,
		Body: body(received, nil),
	}
	err := openapi3filter.ValidateResponse(context.Background(), answer)
	documented := request.Route.Operation.Responses.Status(response.StatusCode)
	if len(received) > 0 && documented != nil && len(documented.Value.Content) == 0 && response.StatusCode < 300 {
		err = errors.Join(err, errors.New("a body where there must be none"))
	}
	if err != nil {
		c.report("the answer %d to %s %s:\n%v", response.StatusCode, request.Request.Method, request.Request.URL.Path, err)
		return
	}
	status := strconv.Itoa(response.StatusCode)
	if request.Route.Operation.Responses.Value(status) == nil {
		status = status[:1] + "XX"
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.seen[name(request.Route.Operation, status)]++
}

// report fails the test, once for each complaint: a request that is repeated would repeat it.
func (c *Checker) report(format string, args ...any) {
	c.t.Helper()
	complaint := fmt.Sprintf(format, args...)
	c.mutex.Lock()
	repeated := c.reported[complaint]
	c.reported[complaint] = true
	c.mutex.Unlock()
	if !repeated {
		c.t.Errorf("contract: %s", complaint)
	}
}

// hasToken is all that a check of a bearer token can look at from outside.
func hasToken(_ context.Context, input *openapi3filter.AuthenticationInput) error {
	token, found := strings.CutPrefix(input.RequestValidationInput.Request.Header.Get("Authorization"), "Bearer ")
	if !found || strings.TrimSpace(token) == "" {
		return errors.New("no bearer token")
	}
	return nil
}

// withoutValues says where a value is wrong and why, without the value: it may be long, or a secret.
func withoutValues(err *openapi3.SchemaError) string {
	where := "/" + strings.Join(err.JSONPointer(), "/")
	if err.Origin != nil {
		return fmt.Sprintf("at %s: %s: %v", where, err.Reason, err.Origin)
	}
	return fmt.Sprintf("at %s: %s", where, err.Reason)
}

// unknownParameters finds what the library lets pass: parameters of the query and fields of a form that are not
// documented.
func unknownParameters(route *routers.Route, request *http.Request, sent []byte) error {
	var errs []error
	for parameter := range request.URL.Query() {
		if route.Operation.Parameters.GetByInAndName(openapi3.ParameterInQuery, parameter) == nil {
			errs = append(errs, fmt.Errorf("the query has %q, which is not documented", parameter))
		}
	}
	const form = "application/x-www-form-urlencoded"
	if route.Operation.RequestBody == nil || route.Operation.RequestBody.Value.Content[form] == nil {
		return errors.Join(errs...)
	}
	fields, err := url.ParseQuery(string(sent))
	errs = append(errs, err)
	documented := slices.Collect(maps.Keys(route.Operation.RequestBody.Value.Content[form].Schema.Value.Properties))
	for field, values := range fields {
		if !slices.Contains(documented, field) || len(values) != 1 {
			errs = append(errs, fmt.Errorf("the form has %q %d times, which is not documented", field, len(values)))
		}
	}
	return errors.Join(errs...)
}

// saysJSON insists on the media type also where there is no body: it decides how the server answers an unknown
// organization. OpenAPI has no means to say that.
func saysJSON(route *routers.Route, request *http.Request) error {
	got := request.Header.Get("Content-Type")
	if route.Operation.RequestBody == nil && !strings.HasPrefix(got, "application/json") {
		return fmt.Errorf("the Content-Type is %q, not application/json", got)
	}
	return nil
}
