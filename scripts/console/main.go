// The program demo-console changes one stored setting the way an administrator does, behind Terraform's back:
//
//	demo-console OBJECT KEY VALUE
//
// It takes base URL, organization and credentials from the variables the provider reads, but shares no code with it.
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
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: demo-console OBJECT KEY VALUE, for example: demo-console myaccount-2FA-config email_otp_enabled false")
		os.Exit(2)
	}
	if err := set(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "demo-console:", err)
		os.Exit(1)
	}
}

func set(object, key, value string) (err error) {
	for _, name := range []string{"ASGARDEO_BASE_URL", "ASGARDEO_ORGANIZATION", "ASGARDEO_CLIENT_ID", "ASGARDEO_CLIENT_SECRET"} {
		if os.Getenv(name) == "" {
			return fmt.Errorf("%s is not set: run the export line that make mock prints", name)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()

	organization := os.Getenv("ASGARDEO_BASE_URL") + "/t/" + url.PathEscape(os.Getenv("ASGARDEO_ORGANIZATION"))
	credentials := clientcredentials.Config{
		ClientID:     os.Getenv("ASGARDEO_CLIENT_ID"),
		ClientSecret: os.Getenv("ASGARDEO_CLIENT_SECRET"),
		TokenURL:     organization + "/oauth2/token",
		Scopes:       []string{"internal_config_mgt_update"},
		AuthStyle:    oauth2.AuthStyleInParams,
	}

	attribute, err := json.Marshal(map[string]string{"key": key, "value": value})
	if err != nil {
		return err
	}
	address := organization + "/api/identity/config-mgt/v1.0/resource/myaccount/" + url.PathEscape(object)
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, address, bytes.NewReader(attribute))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")

	response, err := credentials.Client(ctx).Do(request)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("PUT %s: %s: %s", address, response.Status, body)
	}
	return nil
}
