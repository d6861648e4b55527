# The letters of the service.

greeting = Hello { $name },
greeting-nameless = Hello,
signature = { $shop }
automatic = This message was sent automatically; please do not reply to it.
link-once = If the button does not open, copy this address into your browser:

first-password = Your account with { $shop }
    .body = An account was opened for you with { $shop }. Choose your password to use it.
    .note = This link works once, for seven days.
    .action = Choose my password

reset-password = Forgotten password
    .body = You asked for a new password for your account with { $shop }.
    .note = This link works once, for thirty minutes. If you asked for nothing, ignore this message: your password stays as it is.
    .action = Choose a new password

order-available = Your order no. { $number } is ready
    .body = Your order no. { $number } is complete: it is waiting for you at the bookshop.
    .action = See the order

order-shipped = Your order no. { $number } has been shipped
    .body = Your order no. { $number } has just been shipped.
    .tracking = Tracking number: { $tracking }
    .action = See the order

order-message = A message about your order no. { $number }
    .body = { $shop } writes to you about your order no. { $number }:
    .action = See the order
