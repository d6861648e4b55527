# The institutions that are clients, and the rules that the bookshop sets for them.

menu-institutions = Clients
institutions-all = Manage clients
institutions-mine = Assigned clients
institutions-search = Name, town or Librisoft number
institutions-see = See details of { $name }
institutions-none-found = No client has this name, town or number.
institutions-all-empty = No clients yet. They come from Librisoft: tick “Client collectivité” on their record, then synchronise.
institutions-mine-empty = No client is assigned to you. The bookshop or your institution sees to it.
institution-number = Librisoft number
institution-client = Client
institution-city = Town
institution-discounts = Discounts
institution-state = State
institution-discount-school = School books: { $rate }
institution-discount-2-1 = At 2.1% VAT: { $rate }
institution-discount-5-5 = At 5.5% VAT: { $rate }
institution-discount-20 = At 20% VAT: { $rate }
institution-cap-lifted = The bookshop has justified a discount above the legal maximum.
institution-open = Active client
institution-blocked = Blocked client
institution-withdrawn = Withdrawn from Librisoft
institution-closed-lead = Baskets can still be prepared; nothing is sent, validated or ordered. Orders that were placed go on.
institution-two-persons = Two persons required
institution-accounts = See its accounts
institution-rule = Rule of two persons
institution-rule-on = Two persons are required: nobody validates or orders a basket of their own alone.
institution-rule-off = One person is enough: everybody goes as far as their role allows, with a basket of their own too.
institution-rule-whose = The bookshop sets this rule: ask it for a change.
institution-rule-lead = The bookshop alone sets this rule: whoever it binds cannot lift it. It holds at once, also for baskets on their way.
institution-rule-set = Require two persons
institution-rule-lift = No longer require two persons
institution-rule-sure = One person can then validate and order their own baskets alone.
institution-rule-lift-button = Yes, lift the rule
institution-payment = Payment of orders
institution-payment-on = Payment after delivery is allowed: orders billed to this client are paid on invoice.
institution-payment-off = Payment after delivery is not allowed: orders billed to this client are paid online.
institution-payment-whose = The bookshop grants payment after delivery: ask it for a change.
institution-payment-lead = The bookshop alone decides this. It holds at once for orders still to be placed, by invoice and by Chorus Pro alike; those already placed run on.
institution-payment-set = Allow payment after delivery
institution-payment-lift = No longer allow payment after delivery
institution-payment-sure = This client can then only order with online payment.
institution-payment-lift-button = Yes, no longer allow it
institution-kind = Kind
institution-kind-library = Public library
institution-kind-school = School or university
institution-kind-other = Other institution
institution-vat = VAT
institution-vat-exempt = Invoiced without VAT
institution-addresses = Delivery addresses
institution-source = This information comes from Librisoft and is changed there.
notice-two-persons-demanded = Two persons are required from now on.
notice-two-persons-lifted = Two persons are no longer required.
notice-payment-after-delivery-allowed = Payment after delivery is allowed from now on.
notice-payment-after-delivery-refused = Payment after delivery is no longer allowed.
accounts-of = Accounts of
accounts-of-all = See the accounts of all clients
clients-find = Find a client
clients-choose = — Choose —
clients-more = More than { $count } clients: search more precisely.
clients-others = { $count ->
    [one] and { $count } other client
   *[other] and { $count } other clients
}
clients-unseen = { $count ->
    [one] { $count } other client stays assigned without being shown here.
   *[other] { $count } other clients stay assigned without being shown here.
}
send = Send
