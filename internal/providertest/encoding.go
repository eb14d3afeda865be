package providertest

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// ResourceType is the type of an object's state and configuration.
func (p *Process) ResourceType(o *Object) tftypes.Type {
	return p.Schemas.ResourceSchemas[o.TypeName].ValueType()
}

// Encode turns values into what the protocol transmits.
func (p *Process) Encode(typ tftypes.Type, v Values) *tfprotov6.DynamicValue {
	p.T.Helper()
	encoded := Dynamic(p.T, typ, v)
	return &encoded
}

// decode is the reverse of Encode. What is null or absent becomes nil.
func (p *Process) decode(typ tftypes.Type, encoded *tfprotov6.DynamicValue) Values {
	p.T.Helper()
	if encoded == nil {
		return nil
	}
	decoded, err := encoded.Unmarshal(typ)
	Must(p.T, err)
	v, _ := FromTerraform(p.T, decoded).(Values)
	return v
}

// EncodeIdentity is Encode for the identity of an object, if it has one.
func (p *Process) EncodeIdentity(o *Object) *tfprotov6.ResourceIdentityData {
	p.T.Helper()
	if o.Identity == nil {
		return nil
	}
	return &tfprotov6.ResourceIdentityData{
		IdentityData: p.Encode(p.Identities.IdentitySchemas[o.TypeName].ValueType(), o.Identity),
	}
}

// DecodeIdentity is the reverse of EncodeIdentity.
func (p *Process) DecodeIdentity(o *Object, identity *tfprotov6.ResourceIdentityData) Values {
	p.T.Helper()
	if identity == nil {
		return nil
	}
	return p.decode(p.Identities.IdentitySchemas[o.TypeName].ValueType(), identity.IdentityData)
}

// Dynamic encodes one value.
func Dynamic(t Tester, typ tftypes.Type, value any) tfprotov6.DynamicValue {
	t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(typ, ToTerraform(typ, value))
	Must(t, err)
	return encoded
}
