// Administrators give a second factor; others sign in with their password.
var rolesToStepUp = ['admin', 'support'];

var onLoginRequest = function(context) {
    executeStep(1, {
        onSuccess: function(context) {
            if (hasAnyOfTheRolesV2(context, rolesToStepUp)) {
                executeStep(2);
            }
        }
    });
};
