package mockserver

import (
	"maps"
	"slices"
)

// Copies of the state, so that nobody outside changes what the server has.

// clone copies the state in depth and replaces nil maps of organizations by empty ones, so that an editor can assign.
func (s State) clone() State {
	organizations := make(map[string]*Organization, len(s.Organizations))
	for name, o := range s.Organizations {
		if o == nil {
			o = &Organization{}
		}
		organizations[name] = o.clone()
	}
	return State{Organizations: organizations}
}

func (o *Organization) clone() *Organization {
	c := *o
	c.MyAccount = cloneObjects(o.MyAccount)
	c.SMSSenders = make(map[string]*SMSSender, len(o.SMSSenders))
	for name, sender := range o.SMSSenders {
		c.SMSSenders[name] = sender.clone()
	}
	c.Scopes = slices.Clone(o.Scopes)
	c.OtherTypes = make(map[string]map[string]Attributes, len(o.OtherTypes))
	for resourceType, objects := range o.OtherTypes {
		c.OtherTypes[resourceType] = cloneObjects(objects)
	}
	c.Applications = slices.Clone(o.Applications)
	for i := range c.Applications {
		c.Applications[i] = c.Applications[i].clone()
	}
	c.Connections = make(map[string][]string, len(o.Connections))
	for name, authenticators := range o.Connections {
		c.Connections[name] = slices.Clone(authenticators)
	}
	c.Authenticators = slices.Clone(o.Authenticators)
	c.Governance = make(map[string]map[string]string, len(o.Governance))
	for key, properties := range o.Governance {
		c.Governance[key] = maps.Clone(properties)
	}
	return &c
}

func cloneObjects(objects map[string]Attributes) map[string]Attributes {
	c := make(map[string]Attributes, len(objects))
	for name, attributes := range objects {
		c[name] = maps.Clone(attributes)
		if c[name] == nil {
			c[name] = Attributes{}
		}
	}
	return c
}

func (s *SMSSender) clone() *SMSSender {
	if s == nil {
		return nil
	}
	c := *s
	c.ProviderURL = clonePointer(s.ProviderURL)
	c.Key = clonePointer(s.Key)
	c.Secret = clonePointer(s.Secret)
	c.Sender = clonePointer(s.Sender)
	c.Properties = maps.Clone(s.Properties)
	if s.Authentication != nil {
		c.Authentication = &SenderAuthentication{
			Type: s.Authentication.Type, Properties: maps.Clone(s.Authentication.Properties),
		}
	}
	return &c
}

func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	return new(*p)
}
