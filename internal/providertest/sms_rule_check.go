package providertest

import (
	"slices"
)

const (
	SenderList = "GET sms"
	NeedSender = "sms_otp_enabled needs an SMS sender"
)

var SMSOn, SMSOff = Values{"sms_otp_enabled": true}, Values{"sms_otp_enabled": false}

// Asked reports whether the senders were asked for since the last look.
func (w *Workspace) Asked() bool {
	w.T.Helper()
	return slices.Contains(w.Calls(), SenderList)
}
