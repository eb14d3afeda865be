package asgardeo

import "context"

// Application asks the server for the portal's application.
func (o *Organization) Application(ctx context.Context) (Application, error) {
	return applicationIn(o.MyAccount(ApplicationAPI).Read(ctx, TwoFactor()...))
}

// RecentApplication is Application, except that it takes what this process has read, unless it was changed since.
func (o *Organization) RecentApplication(ctx context.Context) (Application, error) {
	return applicationIn(o.MyAccount(ApplicationAPI).Recent(ctx, TwoFactor()...))
}

// SeenApplication returns what this process has read already, without asking the server.
func (o *Organization) SeenApplication() (Application, bool) {
	known := o.MyAccount(ApplicationAPI).Seen(TwoFactor()...).application
	return known, known.ID != ""
}

func applicationIn(reading *Reading, err error) (Application, error) {
	if err != nil {
		return Application{}, err
	}
	return reading.application, nil
}

// ChangeLoginFlow replaces the portal's login flow. Under a lock that other writers of this process wait for, it reads
// the application, and asks decide what the flow is to become. A flow that is right already is not written, and a
// script is sent only where it has to change. With an error of decide nothing is written. decide is asked again when the
// write has to be repeated, and never sees what this call has changed.
func (o *Organization) ChangeLoginFlow(
	ctx context.Context, decide func(live Application) (LoginFlow, error),
) error {
	_, err := o.MyAccount(ApplicationAPI).Write(ctx, TwoFactor(), func(live *Reading) (Change, error) {
		flow, err := decide(live.application)
		return Change{flow: &flow}, err
	})
	return err
}

// DescribeFlow returns a flow's steps for a message, a line each. The organization is nil while it cannot be reached:
// then there are no secrets that the server could have put into names.
func (o *Organization) DescribeFlow(flow LoginFlow) []Text {
	forMessage := func(line string) Text { return clean(line, nil) }
	if o != nil {
		forMessage = o.cleaner()
	}
	lines := []Text{}
	for _, line := range flow.Lines() {
		lines = append(lines, forMessage(line))
	}
	return lines
}
