package mockserver

import (
	"fmt"
	"math/rand/v2"
	"net/http"
)

// configError is an error of the configuration store. Its message depends on the status alone and is "Bad Request" for
// 409, too; a server error says nothing else in its description either.
func (s *Server) configError(status int, code, description string) answer {
	message := "Bad Request"
	switch status {
	case http.StatusNotFound:
		message = "Not Found"
	case http.StatusInternalServerError:
		message, description = "Internal server error", "Internal server error"
	}
	trace := s.traceID()
	if trace == nil && rand.IntN(2) == 0 {
		// This service's mapper writes null fields, so the id may be null as well as absent.
		return jsonAnswer(status,
			map[string]any{"code": code, "message": message, "description": description, "traceId": nil})
	}
	return jsonAnswer(status, serviceError{Code: code, Message: message, Description: description, TraceID: trace})
}

func (s *Server) typeMissing(name string) answer {
	return s.configError(http.StatusNotFound, "CONFIGM_00008",
		fmt.Sprintf("Resource type with the name: %s does not exists.", name))
}

func (s *Server) resourceMissing(name string) answer {
	return s.configError(http.StatusNotFound, "CONFIGM_00017",
		fmt.Sprintf("Resource with the name: %s does not exists.", name))
}

// attributeMissing is a 400, not a 404.
func (s *Server) attributeMissing(key string) answer {
	return s.configError(http.StatusBadRequest, "CONFIGM_00027",
		fmt.Sprintf("Attribute with the key: %s does not exists.", key))
}

func (s *Server) attributeKeyMissing() answer {
	return s.configError(http.StatusBadRequest, "CONFIGM_00026", "Attribute validation failed: the key is empty.")
}

// configFailure is a server error: what the database refuses, or what nobody expected.
func (s *Server) configFailure(code string) answer {
	return s.configError(http.StatusInternalServerError, code, "")
}
