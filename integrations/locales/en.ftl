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
    .body = A new password was asked for, for your account with { $shop }.
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

confirm-address = Confirm your new address
    .body = You asked to use this address for your account with { $shop }. Confirm it to use it.
    .note = This link works once, for twenty-four hours. If you asked for nothing, ignore this message.
    .action = Confirm this address

address-change-asked = Another sign-in address is asked for
    .body = Another address was asked for to sign in to your account with { $shop }. This one holds until the other is confirmed.
    .note = If you did not ask for it, set a new password now: that stops the change. Then tell the bookshop.

address-changed = Your sign-in address has changed
    .body = The address of your account with { $shop } is no longer this one. If you did not ask for it, tell the bookshop at once.

registration-received = A request for an account awaits you
    .body = Somebody asks for an account with { $shop }. The request awaits your approval.
    .action = See the request

account-approved = Your account is open
    .body = Your account with { $shop } is open.
    .action = Sign in

account-declined = Your request for an account
    .body = { $shop } could not grant your request for an account.
    .note = You can correct it and ask again.
    .action = See my request

prove-login = Confirm your address
    .body = An account with { $shop } was asked for with this address. Confirm that it is yours: your password then stays the same when the account is opened.
    .note = Confirm only if you chose the password yourself. This link works once. If you have asked for nothing, ignore this message: nobody else will use an account on your address.
    .action = Confirm my address

login-known = You already have an account
    .body = Somebody has just given this address for an account with { $shop }, where it has one already. If it was you, sign in; if you have forgotten the password, choose another one.
    .note = If it was not you, ignore this message: nothing has changed.
    .action = Choose another password

inactive-account = Your account will soon be deleted
    .body = You have not signed in to your account with { $shop } for a long time. Unless you sign in within { $days } days, it will be deleted with your data.
    .note = To keep it, you only have to sign in.
    .action = Sign in

account-message = A message from { $shop }
    .body = { $shop } writes to you about your account:
    .action = Open my account
