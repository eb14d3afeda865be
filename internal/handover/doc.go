// Package handover says what resources remember of the time before Terraform, and what becomes of it.
//
// The settings of a portal always exist. A resource takes them over and, when it is destroyed, hands them back:
//
//   - A [Record] holds what the settings were before, and what Terraform made of them. It is kept beside the state.
//   - A [Handback] decides, when a resource is destroyed, what becomes of its settings.
//   - [BrokenRules] says whether values that are to be in effect break a rule of the product, and who is to blame.
//   - A [Run] lets the resources of one run of Terraform find out about each other.
//
// All of it is about plain values: it knows neither Terraform's framework nor the server.
package handover
