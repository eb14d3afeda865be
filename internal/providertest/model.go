package providertest

const SMSSenderType = "asgardeo_sms_sender"
