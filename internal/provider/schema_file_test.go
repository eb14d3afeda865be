package provider_test

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The types here are the format of "terraform providers schema -json". Descriptions of it, in Go: the package
// github.com/hashicorp/terraform-json, which tfplugindocs reads it with.

type schemaFile struct {
	FormatVersion   string                        `json:"format_version"`
	ProviderSchemas map[string]schemaFileProvider `json:"provider_schemas"`
}

type schemaFileProvider struct {
	Provider           schemaFileSchema              `json:"provider"`
	Resources          map[string]schemaFileSchema   `json:"resource_schemas,omitempty"`
	DataSources        map[string]schemaFileSchema   `json:"data_source_schemas,omitempty"`
	EphemeralResources map[string]schemaFileSchema   `json:"ephemeral_resource_schemas,omitempty"`
	ListResources      map[string]schemaFileSchema   `json:"list_resource_schemas,omitempty"`
	Actions            map[string]schemaFileSchema   `json:"action_schemas,omitempty"`
	Functions          map[string]schemaFileFunction `json:"functions,omitempty"`
	Identities         map[string]schemaFileIdentity `json:"resource_identity_schemas,omitempty"`
}

type schemaFileSchema struct {
	Version int64           `json:"version"`
	Block   schemaFileBlock `json:"block"`
}

type schemaFileBlock struct {
	Attributes         map[string]schemaFileAttribute   `json:"attributes,omitempty"`
	BlockTypes         map[string]schemaFileNestedBlock `json:"block_types,omitempty"`
	Description        string                           `json:"description,omitempty"`
	DescriptionKind    string                           `json:"description_kind,omitempty"`
	Deprecated         bool                             `json:"deprecated,omitempty"`
	DeprecationMessage string                           `json:"deprecation_message,omitempty"`
}

type schemaFileNestedBlock struct {
	NestingMode string          `json:"nesting_mode"`
	Block       schemaFileBlock `json:"block"`
	MinItems    int64           `json:"min_items,omitempty"`
	MaxItems    int64           `json:"max_items,omitempty"`
}

type schemaFileAttribute struct {
	Type               tftypes.Type          `json:"type,omitempty"`
	NestedType         *schemaFileNestedType `json:"nested_type,omitempty"`
	Description        string                `json:"description,omitempty"`
	DescriptionKind    string                `json:"description_kind,omitempty"`
	Deprecated         bool                  `json:"deprecated,omitempty"`
	DeprecationMessage string                `json:"deprecation_message,omitempty"`
	Required           bool                  `json:"required,omitempty"`
	Optional           bool                  `json:"optional,omitempty"`
	Computed           bool                  `json:"computed,omitempty"`
	Sensitive          bool                  `json:"sensitive,omitempty"`
	WriteOnly          bool                  `json:"write_only,omitempty"`
}

type schemaFileNestedType struct {
	Attributes  map[string]schemaFileAttribute `json:"attributes"`
	NestingMode string                         `json:"nesting_mode"`
}

type schemaFileFunction struct {
	Description        string                `json:"description,omitempty"`
	Summary            string                `json:"summary,omitempty"`
	DeprecationMessage string                `json:"deprecation_message,omitempty"`
	ReturnType         tftypes.Type          `json:"return_type"`
	Parameters         []schemaFileParameter `json:"parameters,omitempty"`
	VariadicParameter  *schemaFileParameter  `json:"variadic_parameter,omitempty"`
}

type schemaFileParameter struct {
	Name        string       `json:"name"`
	Description string       `json:"description,omitempty"`
	IsNullable  bool         `json:"is_nullable,omitempty"`
	Type        tftypes.Type `json:"type"`
}

type schemaFileIdentity struct {
	Version    int64                                  `json:"version"`
	Attributes map[string]schemaFileIdentityAttribute `json:"attributes"`
}

type schemaFileIdentityAttribute struct {
	Type              tftypes.Type `json:"type"`
	Description       string       `json:"description,omitempty"`
	RequiredForImport bool         `json:"required_for_import,omitempty"`
	OptionalForImport bool         `json:"optional_for_import,omitempty"`
}

func newSchemaFile(schemas *tfprotov6.GetProviderSchemaResponse,
	identities *tfprotov6.GetResourceIdentitySchemasResponse) schemaFile {
	return schemaFile{
		FormatVersion: "1.0",
		ProviderSchemas: map[string]schemaFileProvider{
			// Where tfplugindocs looks for "asgardeo", whoever publishes it.
			"registry.terraform.io/hashicorp/asgardeo": {
				Provider:           newSchemaFileSchema(schemas.Provider),
				Resources:          mapEach(schemas.ResourceSchemas, newSchemaFileSchema),
				DataSources:        mapEach(schemas.DataSourceSchemas, newSchemaFileSchema),
				EphemeralResources: mapEach(schemas.EphemeralResourceSchemas, newSchemaFileSchema),
				ListResources:      mapEach(schemas.ListResourceSchemas, newSchemaFileSchema),
				Actions: mapEach(schemas.ActionSchemas, func(action *tfprotov6.ActionSchema) schemaFileSchema {
					return newSchemaFileSchema(action.Schema)
				}),
				Functions:  mapEach(schemas.Functions, newSchemaFileFunction),
				Identities: mapEach(identities.IdentitySchemas, newSchemaFileIdentity),
			},
		},
	}
}

func newSchemaFileSchema(schema *tfprotov6.Schema) schemaFileSchema {
	return schemaFileSchema{Version: schema.Version, Block: newSchemaFileBlock(schema.Block)}
}

func newSchemaFileBlock(block *tfprotov6.SchemaBlock) schemaFileBlock {
	nested := make(map[string]schemaFileNestedBlock, len(block.BlockTypes))
	for _, b := range block.BlockTypes {
		nested[b.TypeName] = schemaFileNestedBlock{
			NestingMode: strings.ToLower(b.Nesting.String()),
			Block:       newSchemaFileBlock(b.Block),
			MinItems:    b.MinItems,
			MaxItems:    b.MaxItems,
		}
	}
	return schemaFileBlock{
		Attributes:         newSchemaFileAttributes(block.Attributes),
		BlockTypes:         nested,
		Description:        block.Description,
		DescriptionKind:    strings.ToLower(block.DescriptionKind.String()),
		Deprecated:         block.Deprecated,
		DeprecationMessage: block.DeprecationMessage,
	}
}

func newSchemaFileAttributes(attributes []*tfprotov6.SchemaAttribute) map[string]schemaFileAttribute {
	all := make(map[string]schemaFileAttribute, len(attributes))
	for _, a := range attributes {
		attribute := schemaFileAttribute{
			Type:               a.Type,
			Description:        a.Description,
			DescriptionKind:    strings.ToLower(a.DescriptionKind.String()),
			Deprecated:         a.Deprecated,
			DeprecationMessage: a.DeprecationMessage,
			Required:           a.Required,
			Optional:           a.Optional,
			Computed:           a.Computed,
			Sensitive:          a.Sensitive,
			WriteOnly:          a.WriteOnly,
		}
		if a.NestedType != nil {
			attribute.NestedType = &schemaFileNestedType{
				Attributes:  newSchemaFileAttributes(a.NestedType.Attributes),
				NestingMode: strings.ToLower(a.NestedType.Nesting.String()),
			}
		}
		all[a.Name] = attribute
	}
	return all
}

func newSchemaFileFunction(function *tfprotov6.Function) schemaFileFunction {
	file := schemaFileFunction{
		Description:        function.Description,
		Summary:            function.Summary,
		DeprecationMessage: function.DeprecationMessage,
		ReturnType:         function.Return.Type,
	}
	for _, parameter := range function.Parameters {
		file.Parameters = append(file.Parameters, newSchemaFileParameter(parameter))
	}
	if function.VariadicParameter != nil {
		variadic := newSchemaFileParameter(function.VariadicParameter)
		file.VariadicParameter = &variadic
	}
	return file
}

func newSchemaFileParameter(parameter *tfprotov6.FunctionParameter) schemaFileParameter {
	return schemaFileParameter{
		Name:        parameter.Name,
		Description: parameter.Description,
		IsNullable:  parameter.AllowNullValue,
		Type:        parameter.Type,
	}
}

func newSchemaFileIdentity(identity *tfprotov6.ResourceIdentitySchema) schemaFileIdentity {
	attributes := make(map[string]schemaFileIdentityAttribute, len(identity.IdentityAttributes))
	for _, a := range identity.IdentityAttributes {
		attributes[a.Name] = schemaFileIdentityAttribute{
			Type:              a.Type,
			Description:       a.Description,
			RequiredForImport: a.RequiredForImport,
			OptionalForImport: a.OptionalForImport,
		}
	}
	return schemaFileIdentity{Version: identity.Version, Attributes: attributes}
}

func mapEach[From, To any](all map[string]From, one func(From) To) map[string]To {
	mapped := make(map[string]To, len(all))
	for name, value := range all {
		mapped[name] = one(value)
	}
	return mapped
}
