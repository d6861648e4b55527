# What surrounds every page.

skip = Skip to content
menu = Main menu
menu-mine = My basket
menu-to-validate = Baskets to validate
menu-passed-on = Baskets sent or validated
menu-validated = Validated baskets
on-behalf-of = on behalf of { $name }
menu-account = My account
sign-out = Sign out
languages = Language of the pages
tabs = Tabs
pages = Pages of the list
pages-next = Next page
optional = (optional)
erased = deleted account
back-to-start = Back to the start
trace = To tell us about it:

role-requester = Requester
role-approver = Approver
role-purchaser = Purchaser
role-bookseller = Bookseller
role-auditor = Auditor

notice-signed-out = You are signed out.
notice-password-set = Your password is saved: sign in.
notice-password-changed = Your password is changed; your other sessions have ended.
notice-link-asked = If this address is that of an active account, a message is sent to it. Its link works once, for thirty minutes.
notice-login-confirmed = Your new address is confirmed: sign in with it.
notice-basket-opened = The basket is open.

start-title = Start
start-baskets = Baskets
start-quotes = Quotes
start-quotes-current = Current
start-quotes-archived = Archived
start-orders = Orders
start-orders-pending = To be processed
start-orders-processing = In process
start-orders-closed = Closed
start-orders-cancelled = Cancelled
yours = Your turn
notice-basket-saved = Your changes are saved.
notice-line-added = The article is in the basket.
notice-line-removed = The line is removed.
notice-basket-renamed = The basket is renamed.
notice-basket-discarded = The basket is deleted.
notice-basket-sent = The basket is sent to the approver.
notice-basket-validated = The basket is passed on to the purchaser.
notice-basket-unlocked = The basket is unlocked: you can change it.
notice-basket-given-back = The basket is returned.
notice-basket-taken-over = The basket is yours now.
notice-basket-repriced = The basket has today's prices.
notice-quote-requested = The quote request is sent.
notice-order-placed = The order is placed.
pages-previous = Previous page
