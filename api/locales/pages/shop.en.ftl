# The bookshop itself: what it sets for all its clients.

menu-shop = My bookshop
shop-registration = Requests for accounts
shop-registration-open = Anybody may ask for a B2B account
shop-registration-closed = The bookshop alone creates accounts
shop-registration-lead = A request opens nothing by itself: you grant or refuse it. Requests that have come stay when you close this.
shop-registration-close = Close requests
shop-registration-reopen = Open requests
shop-groups = Buyers' groups
shop-groups-lead = Each account is in one group and no more; the account's page changes it.
shop-group-name = Name of the group *
shop-group-default = New accounts
shop-group-rename = Rename the group
shop-group-prefer = Put new accounts into it
shop-group-new = Add a group
shop-group-new-button = Create the group
shop-establishments = Points of sale
notice-shop-changed = The bookshop's settings are saved.
