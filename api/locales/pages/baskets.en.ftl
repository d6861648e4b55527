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
since = since
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
basket-shop = Continue shopping
basket-stale = This basket has changed meanwhile
basket-stale-detail = Somebody has changed it since you opened it. Here it is as it stands now: check it, then try again.
basket-elsewhere = This basket is no longer at this step
basket-elsewhere-detail = Somebody was faster, or you had done it before. Here it is as it stands now.
step-place-order = Turn this basket into an order
step-request-quote = Turn this basket into a quote request
step-validate = Pass this basket on to the purchaser
step-validate-as-purchaser = Validate this basket
step-send = Send this basket to the approver
step-take-over = Take this basket over
step-unlock = Unlock the basket
step-return = Return this basket to the previous role
step-return-button = Return the basket
step-comment = Comment
step-word = Add a comment
step-reprice = Update the prices
step-rename = Rename
step-discard = Delete this basket
step-discard-sure = Delete “{ $name }” and all its lines? You cannot undo this.
step-discard-button = Delete for good
entry-title = Add an article
entry-ask = EAN or title
entry-hint = Scan or type an EAN, then Enter; words start a search.
entry-find = Find
entry-add = Add to the basket
cancel = Cancel
availability-withdrawn = Withdrawn from the catalogue
lines-empty-fill = This basket is empty. Scan or type a first EAN above.
lines-save = Save
lines-saved = Saved
lines-not-saved = Not saved: use “Save”.
line-remove = Remove
line-changed-since = Changed by somebody else meanwhile: { $now }. Save again to keep what you typed.
