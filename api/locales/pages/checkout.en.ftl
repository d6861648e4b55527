# Before a quote request or an order.

checkout-quote-heading = COMPLETE THE QUOTE REQUEST
checkout-order-heading = COMPLETE THE ORDER
checkout-quote-form = Your request
checkout-order-form = Your order
checkout-quote-button = Send the quote request
checkout-order-button = Place the order
checkout-reference = Your reference *
checkout-reference-hint = Required: the number or name under which you follow this purchase.
checkout-comment-hint = You may leave a comment here with your order (if need be)
checkout-coordinates = Your details
checkout-addresses = Addresses
checkout-contact = Requested by
checkout-basket = Your basket
checkout-more = { $count ->
    [one] and { $count } more line: see the basket
   *[other] and { $count } more lines: see the basket
}
checkout-changed = Prices changed since they were added
checkout-old = Old total
checkout-new = New total
checkout-difference = Difference
checkout-reprice = Update the prices and go on
