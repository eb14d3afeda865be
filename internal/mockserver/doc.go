// Package mockserver imitates the management API of Asgardeo (and WSO2 Identity Server) that lies behind the settings
// of the "My Account" portal, so that a client can be tested without an organization, without network and without
// limits.
//
// # What is imitated
//
// Everything is answered with the statuses, bodies and codes of the real server, the odd ones included:
//
//   - the token endpoint /t/{org}/oauth2/token with the client_credentials grant, which silently drops scopes that the
//     application was not granted;
//   - the layers in front of every API: unknown organization (404 with a numeric code, an HTML page or a redirect),
//     missing, expired or foreign token (401), missing scope (403). A path without an access rule is a 401, too;
//   - the configuration store /api/identity/config-mgt/v1.0 (resources, attributes, resource types, search). PUT
//     replaces the whole attribute set, a missing attribute is a 400, DELETE answers 200 without a body, attributes
//     come back in random order;
//   - the SMS senders /api/server/v1/notification-senders/sms, secrets in clear text, and their version 2, which has
//     authentication, too: of that it never answers the secrets, and a replacement through version 1 loses it. Key and
//     secret together are the authentication BASIC. [Organization.SenderAPI] takes away version 2, or its novelty;
//   - the applications /api/server/v1/applications, where every organization has its "My Account": list, get, PATCH,
//     the script of the login flow, and the other view of the flow. See below;
//   - the list of authenticators, /api/server/v1/authenticators;
//   - connectors of /api/server/v1/identity-governance: get and PATCH.
//
// One server serves many organizations. The organization carbon.super is also served without the /t/{org} part, as an
// on-premise server does. All methods may be called concurrently with requests.
//
// # The portal as an application
//
// Servers keep the settings of the portal in one of two places, or in both: in the configuration store, and in the
// application "My Account". Neither knows of the other here. Of the application:
//
//   - its switch is applicationEnabled. Every update that leaves it off revokes tokens, and [Organization.Revocations]
//     counts that;
//   - its login flow, authenticationSequence, is replaced as a whole. A type that is left out resets it; a script that
//     is left out or blank stays; step ids are sorted and numbered anew; the ids of the subject and attribute step
//     become 1 when they are left out. The options of connections come back first;
//   - the flow is checked in every update, also where it is not sent, and what is wrong is not told;
//   - a flow of type DEFAULT shows what the server has for all applications, see [WithDefaultFlow];
//   - in step 1 of a shared application there is an option for users of sub-organizations that only the view
//     …/{id}/authenticators shows. Every update brings it back, so that such an application is never of type DEFAULT
//     for long;
//   - a script needs a scope of its own, in addition to the one for applications. PUT
//     …/authenticationSequence/script needs that scope alone;
//   - access READ refuses every update, with a code of another service.
//
// Switches of [Organization] imitate older servers, later servers and failures.
//
// # What is deliberately not imitated
//
// Files of resources, e-mail and push senders, sub-organizations
// (/t/{org}/o/…), Basic authentication and user tokens, paging links in the list of applications, content negotiation
// (406), inheritance of resources, and the stored twin ("Publisher") of an SMS sender in the configuration store.
// Applications are not created, deleted or replaced as a whole; of a PATCH, the members that have nothing to do with
// the portal are read and forgotten, except its name, description and access URL. Numbers and texts are not taken for
// booleans, which the real server may do. The list of authenticators has no filter, connectors cannot be listed or
// reverted, and connections exist in the state only. Rate limiting happens only where a fault asks for it, and so do
// the errors invalid_scope and server_error of the token endpoint.
//
// # In a test
//
//	server := mockserver.New(t, mockserver.WithOrganization("bifrost"))
//	// … point the client at server.URL(), with mockserver.DefaultClientID and mockserver.DefaultClientSecret …
//	server.Update(func(state *mockserver.State) { // as an administrator would in the Console
//		state.Organizations["bifrost"].MyAccount["status"] = mockserver.Attributes{"enable": "false"}
//		state.Organizations["bifrost"].MyAccountApplication().ApplicationEnabled = new(false)
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
//
// A server that was started [WithPages], as the program's is, also has pages for people. /t/{org}/myaccount, which is
// the portal's address, shows what users meet there, worked out from the application's switch and login flow. / is a
// small Console: its clicks go to the API as an administrator's do, so that the server refuses them what it refuses a
// client.
package mockserver
