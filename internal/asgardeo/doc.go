// Package asgardeo is a client of the part of Asgardeo's (and WSO2 Identity Server's) management API that keeps
// the settings of the My Account self-service portal and the organization's SMS sender.
//
// A [Client] serves many organizations in one process; [Client.Organization] gives the handle that reads and
// writes one of them. Callers speak of settings (package portal); which calls change them is known here only.
// The package knows nothing of Terraform's types.
package asgardeo
