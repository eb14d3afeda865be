# Every organization has its settings already: import them, so that the plan shows what changes. Leave the blocks here, and an
# organization that joins later is imported, too.

import {
  for_each = var.organizations
  to       = module.my_account[each.key].asgardeo_my_account_portal.this
  id       = each.key
}

import {
  for_each = var.organizations
  to       = module.my_account[each.key].asgardeo_my_account_two_factor.this[0]
  id       = each.key
}
