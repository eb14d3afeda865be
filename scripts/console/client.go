package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// client changes the application My Account of one organization.
type client struct {
	*http.Client
	applications string
}

func newClient(ctx context.Context) (client, error) {
	for _, name := range []string{
		"ASGARDEO_BASE_URL", "ASGARDEO_ORGANIZATION", "ASGARDEO_CLIENT_ID", "ASGARDEO_CLIENT_SECRET",
	} {
		if os.Getenv(name) == "" {
			return client{}, fmt.Errorf("%s is not set: run the export line that make mock prints", name)
		}
	}
	organization := os.Getenv("ASGARDEO_BASE_URL") + "/t/" + url.PathEscape(os.Getenv("ASGARDEO_ORGANIZATION"))
	credentials := clientcredentials.Config{
		ClientID:     os.Getenv("ASGARDEO_CLIENT_ID"),
		ClientSecret: os.Getenv("ASGARDEO_CLIENT_SECRET"),
		TokenURL:     organization + "/oauth2/token",
		Scopes: []string{
			"internal_application_mgt_view", "internal_application_mgt_update", "internal_application_script_update",
		},
		AuthStyle: oauth2.AuthStyleInParams,
	}
	return client{credentials.Client(ctx), organization + "/api/server/v1/applications"}, nil
}

// read returns the application, also as the server answered it.
func (c client) read(ctx context.Context) (current application, answer []byte, err error) {
	query := url.Values{"filter": {"name eq My Account"}, "limit": {"1"}}
	list, err := c.call(ctx, http.MethodGet, "?"+query.Encode(), nil)
	if err != nil {
		return current, nil, err
	}
	var found struct{ Applications []application }
	if err := json.Unmarshal(list, &found); err != nil {
		return current, nil, err
	}
	if len(found.Applications) == 0 {
		return current, nil, errors.New("there is no application My Account")
	}
	if answer, err = c.call(ctx, http.MethodGet, pathOf(found.Applications[0]), nil); err != nil {
		return current, nil, err
	}
	if err := json.Unmarshal(answer, &current); err != nil {
		return current, nil, err
	}
	if len(current.Sequence.Steps) == 0 {
		return current, nil, errors.New("the application has no login flow")
	}
	return current, answer, nil
}

// write sends what is to change of the application.
func (c client) write(ctx context.Context, current application, changes any) error {
	_, err := c.call(ctx, http.MethodPatch, pathOf(current), changes)
	return err
}

func pathOf(a application) string {
	return "/" + url.PathEscape(a.ID)
}

// call sends a body, if there is one, and returns the answer.
func (c client) call(ctx context.Context, method, path string, body any) (answer []byte, err error) {
	var content []byte
	if body != nil {
		if content, err = json.Marshal(body); err != nil {
			return nil, err
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, c.applications+path, bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := c.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	if answer, err = io.ReadAll(response.Body); err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s %s: %s: %s", method, request.URL, response.Status, answer)
	}
	return answer, nil
}
