# What surrounds every page.

skip = Skip to content
menu = Main menu
menu-mine = My basket
menu-to-validate = Baskets to validate
menu-passed-on = Baskets sent or validated
menu-validated = Validated baskets
on-behalf-of = on behalf of { $name }
menu-account = My account
menu-quotes = My quotes
menu-orders = My orders
menu-quotes-all = Manage quotes
menu-orders-all = Manage orders
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
role-librisoft = Librisoft
role-integrator = Program
role-buyer = Subscriber
role-system = Automatic processing

notice-signed-out = You are signed out.
notice-password-set = Your password is saved: sign in.
notice-password-changed = Your password is changed; your other sessions have ended.
notice-link-asked = If this address is that of an active account, a message is sent to it. Its link works once, for thirty minutes.
notice-login-confirmed = Your new address is confirmed: sign in with it.
notice-basket-opened = The basket is open.
notice-quote-accepted = The quote is accepted: here is the order.
notice-quote-refused = The quote is refused.

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
