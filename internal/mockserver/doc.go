// Package mockserver imitates the management API of Asgardeo (and WSO2 Identity Server) that lies behind the settings of
// the "My Account" portal, so that a client can be tested without an organization, without network and without limits.
//
// # What is imitated
//
// Everything is answered with the statuses, bodies and codes of the real server, the odd ones included:
//
//   - the token endpoint /t/{org}/oauth2/token with the client_credentials grant, which silently drops scopes that the
//     application was not granted;
//   - the layers in front of every API: unknown organization (404 with a numeric code, an HTML page or a redirect),
//     missing, expired or foreign token (401), missing scope (403). A path without an access rule is a 401, too;
//   - the configuration store /api/identity/config-mgt/v1.0 (resources, attributes, resource types, search). PUT replaces
//     the whole attribute set, a missing attribute is a 400, DELETE answers 200 without a body, attributes come back
//     in random order;
//   - the SMS senders /api/server/v1/notification-senders/sms, secrets in clear text;
//   - list and get of /api/server/v1/applications, where every organization has its "My Account" application.
//
// One server serves many organizations. The organization carbon.super is also served without the /t/{org} part, as an
// on-premise server does. All methods may be called concurrently with requests.
//
// # What is deliberately not imitated
//
// Files of resources, version 2 of the notification senders, e-mail and push senders, sub-organizations (/t/{org}/o/…),
// Basic authentication and user tokens, changes to applications and paging links in their list, content negotiation
// (406), inheritance of resources, and the stored twin ("Publisher") of an SMS sender in the configuration store.
// Rate limiting happens only where a fault asks for it, and so do the errors invalid_scope and server_error of the token
// endpoint.
//
// # In a test
//
//	server := mockserver.New(t, mockserver.WithOrganization("bifrost"))
//	// … point the client at server.URL(), with mockserver.DefaultClientID and mockserver.DefaultClientSecret …
//	server.Update(func(state *mockserver.State) { // as an administrator would in the Console
//		state.Organizations["bifrost"].MyAccount["status"] = mockserver.Attributes{"enable": "false"}
//	})
//	server.AddFault(mockserver.Fault{
//		Match:  mockserver.Match{Method: "PUT"},
//		Action: mockserver.ActionStatus, Status: 503,
//	})
//	for _, request := range server.Requests() { … }
//
// # By hand
//
// The program cmd/asgardeo-mock serves the same, and anything that speaks HTTP can steer it through /_mock/:
//
//	GET    /_mock/requests   the journal, oldest first        DELETE empties it
//	GET    /_mock/state      the whole store as JSON          PUT    replaces it
//	POST   /_mock/faults     adds a fault (see [Fault])       DELETE removes all, GET lists those still armed
package mockserver
