# Quotes and orders of institutions.

quotes-mine = My quotes
quotes-all = Manage quotes
quotes-search = Number of the quote, or a reference
quotes-current = Current quotes
quotes-archived = Archived quotes
quotes-current-empty = No current quote. A basket that becomes a quote request stands here.
quotes-archived-empty = No archived quote. The bookshop puts away quotes of which nothing more is expected.
quotes-none-found = No quote on this tab has this number or reference.
quotes-number = No.
quotes-created-by = Basket prepared by
quotes-requested-at = Requested on
quotes-copies = Copies
quotes-excl-tax = Subtotal excl. tax
quotes-incl-tax = Total incl. tax
quotes-status = Status
list-actions = Actions
list-see = See details
quote-see = See details of quote no. { $number }
search-button = Search
search-clear = Clear the filter

quote-status-requested = Waiting for the bookshop
quote-status-collected = Collected by the bookseller
quote-status-answered = Answered by the bookshop
quote-status-accepted = Accepted
quote-status-refused = Refused
quote-status-expired = Expired
quote-status-archived = Archived

quote-title = Quote no. { $number }
quote-place-requested = Waiting: the bookshop has yet to collect it.
quote-place-collected = Collected by the bookseller: the bookshop has yet to answer.
quote-place-yours = The bookshop has answered: yours to accept or refuse, until { $day } included.
quote-place-answered = The bookshop has answered: the institution has to accept or refuse, until { $day } included.
quote-place-accepted = Accepted: it became an order.
quote-place-refused = Refused by the institution.
quote-place-expired = Expired: its prices held until { $day } included.
quote-place-archived = Put away by the bookshop.
quote-order = See the order
quote-accept = Accept this quote
quote-accept-lead = The quote becomes an order, at its prices and under its reference.
quote-accept-button = Accept and order
quote-refuse = Refuse this quote
quote-refuse-lead = A quote that was refused can no longer be accepted.
quote-refuse-comment = Comment for the bookshop
quote-refuse-button = Refuse the quote
quote-valid-until = Valid until
asked = Asked for:

document-about = About it
document-origin = Original basket no. { $number } ({ $name })
document-client = Client
document-reference = Institution's reference
document-librisoft-number = Librisoft no.
document-comment = Comment
document-lines = Articles
document-copies = { $count ->
    [one] { $count } copy
   *[other] { $count } copies
}
document-history = History

line-article = Title
line-publisher = Publisher
line-quantity = Quantity
line-unit-excl-tax = Unit price excl. tax
line-unit-incl-tax = Unit price incl. tax
line-discount-rate = Discount %
line-discount = Discount incl. tax
line-total = Total incl. tax
line-reference = Your reference: { $value }
line-availability = Availability
line-availability-1 = Available
line-availability-2 = Not yet published
line-availability-3 = Being reprinted
line-availability-4 = Temporarily unavailable
line-availability-5 = No longer distributed by us
line-availability-6 = Discontinued
line-availability-7 = Missing, no date known
line-availability-8 = To be reissued
line-availability-9 = Publication abandoned
line-not-reported = Not yet reported
line-deferred = Deferred
line-in-stock = { $count ->
    [0] none in stock
    [one] { $count } in stock
   *[other] { $count } in stock
}
line-expected = expected on { $day }

totals-title = Totals
totals-vat-rate = VAT rate
totals-vat-base = Base excl. tax
totals-vat-amount = VAT
totals-discount = Total discount incl. tax
totals-excl-tax = Subtotal excl. tax
totals-vat = Total VAT
totals-incl-tax = Subtotal incl. tax
totals-shipping = Shipping
totals-total = Total incl. tax

orders-mine = My orders
orders-all = Manage orders
orders-filter = Filter the orders
orders-any = Any
orders-number = Order no. / Librisoft no.
orders-eans = EAN codes
orders-from = Period: from
orders-to = Period: to
orders-pending = To be processed
orders-processing = In process
orders-closed = Closed
orders-cancelled = Cancelled
orders-empty = No order. A validated basket or an accepted quote becomes an order.
orders-none-found = No order on this tab answers to this filter.
orders-column-number = No.
orders-date = Date
orders-client = Client
orders-total = Total incl. tax
orders-payment = Payment and status
orders-establishment = Bookshop in charge of the order
order-see = See details of order no. { $number }

order-title = Order no. { $number }
order-status = Status
order-status-pending = To be processed
order-status-processing = In process
order-status-available = Ready to be collected
order-status-shipped = Shipped
order-status-closed = Closed
order-status-cancelled = Cancelled
supply-awaiting_supplier = Waiting for supplier(s)
supply-in_preparation = Order being prepared
order-place-pending = To be processed: the bookshop has yet to collect the order.
order-place-processing = In process: the bookshop prepares the order.
order-place-available = Ready: the order can be fetched at the bookshop.
order-place-shipped = Shipped: the order is on its way.
order-place-closed = Closed: nothing more is expected.
order-place-cancelled = Cancelled by the bookshop.
order-messages = Messages from the bookshop
order-created-by = Sent by
order-quote = Original quote
order-justification = Justification of the discount
erased-text = deleted text

terms-delivery-mode = Delivery
terms-delivered-to = Delivered client
terms-billed-to = Billed client
terms-address = Delivery address
terms-address-hint = Not needed when the order is fetched at the bookshop.
terms-address-first = First address of the delivered client
terms-payment-mode = Payment
terms-cost-centre = Cost centre
delivery-mode-pickup = Fetched at the bookshop
delivery-mode-delivery = Delivered
payment-mode-invoice = By invoice
payment-mode-chorus = Chorus Pro
payment-mode-online = Online payment

step-QuoteRequested = Quote requested
step-QuotePushedToLibrisoft = Collected by the bookseller
step-QuoteAnswered = Answer of the bookshop
step-QuoteAccepted = Accepted
step-QuoteRefused = Refused
step-QuoteExpired = Expired
step-QuoteArchived = Archived
step-OrderPlaced = Order sent
step-OrderPushedToLibrisoft = Collected by Librisoft
step-OrderLinesReported = Availability reported
step-OrderMadeAvailable = Ready to be collected
step-OrderShipped = Shipped
step-OrderClosed = Closed
step-OrderCancelled = Cancelled
step-OrderCancellationPushedToLibrisoft = Cancellation collected by Librisoft
step-OrderStatusReset = Status reset
step-OrderMessageSent = Message sent to the client
detail-librisoft-number = Librisoft no. { $value }
detail-valid-until = valid until { $value } included
detail-tracking = Tracking no. { $value }
