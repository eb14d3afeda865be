package smssender

// NextSteps is what to do about each of the server's complaints.
var NextSteps = nextSteps
