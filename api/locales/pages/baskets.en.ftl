# Baskets.

tray-mine = My basket
tray-sent = Sent baskets
tray-to-validate = Baskets to validate
tray-validated = Validated baskets
tray-passed-on = Baskets sent or validated
tray-empty-mine = No basket in the making. “New basket” opens one.
tray-empty-sent = No basket on its way. A basket that you send stands here until it is ordered.
tray-empty-to-validate = Nothing to validate. Baskets that are sent to you arrive here.
tray-empty-validated = No validated basket yet.
basket-new = New basket
basket-open = Open the basket
basket-number = No.
basket-name = Name of the basket
basket-name-hint = To find it again; you can change it later.
basket-institution = Institution
basket-owner = Prepared by
basket-place = Where it is
basket-copies = Copies
basket-total = Subtotal incl. tax
unnamed = unnamed
since-days = { $count ->
    [one] for { $count } day
   *[other] for { $count } days
}
place-drafting-by-you = Being prepared by you
place-drafting = Being prepared by { $owner }
place-returned-to-you = Returned: yours to take up again
place-returned = Returned to { $owner }
place-at-you = To validate: your turn
place-at-approver = Waiting for the approver
place-at-purchaser = Waiting for the purchaser
place-quote = Became a quote request
place-order = Became an order
place-discarded = Deleted
basket-numbered = Basket no. { $number }
basket-returned = Returned
basket-returned-by = Returned by { $name } on
basket-lines = Lines of the basket
basket-document = See the document
lines-count = { $count ->
    [one] { $count } line
   *[other] { $count } lines
}
copies-count = { $count ->
    [one] { $count } copy
   *[other] { $count } copies
}
lines-empty = This basket is empty.
line-title = Title
line-by = Author · Publisher
line-ean = Reference
line-reference = Line ref.
line-quantity = Quantity
line-price-excl = Price excl. tax
line-price-incl = Price incl. tax
line-discount = Discount
line-total = Total incl. tax
totals-discount = Total discount incl. tax
totals-excl = Subtotal excl. tax
totals-vat-at = VAT at { $rate }
totals-vat-base = on { $base }
totals-vat = Total VAT
totals-incl = Subtotal incl. tax
