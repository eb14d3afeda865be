package mockserver

import "net/http"

// applicationScript serves the script of a login flow alone. It is the only way to take a script away and keep the
// flow.
func (s *Server) applicationScript(c *call, rest []string) answer {
	if len(rest) != 3 {
		return emptyAnswer(http.StatusNotFound)
	}
	if !hasJSONBody(c) {
		return emptyAnswer(http.StatusUnsupportedMediaType)
	}
	fields, err := members(c.body, false, "script")
	var script *string
	if err == nil {
		err = member(fields, "script", &script)
	}
	switch {
	case err != nil:
		return s.invalidInput("The request is not valid: " + err.Error() + ".")
	case script == nil:
		return s.invalidInput("Property script cannot be null.")
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	was, refusal := s.findApplication(c, rest[0])
	if refusal != nil {
		return *refusal
	}
	next := was.clone()
	switch noSteps := len(was.AuthenticationSequence.Steps) == 0; {
	case blank(*script) && noSteps:
		return emptyAnswer(http.StatusOK)
	case blank(*script):
		next.AuthenticationSequence.Script = ""
	case noSteps:
		return s.serviceError(http.StatusBadRequest, "APP-60001", "Invalid request.",
			"The authentication steps need to be set before the script.")
	default:
		next.AuthenticationSequence.Script = *script
	}
	return s.updateApplication(c, was, next, "Error updating the script of application with id: "+rest[0])
}
