# The story of a basket.

story-title = Story of basket no. { $number }
story-basket = The basket
story-lasting = still going on
story-passage = Its way through the roles
story-picture = The basket's way through the roles, step by step
story-scale = Lines grow longer with the time they stand for, but not in proportion: the times are written. The table below holds the same facts.
story-waits = Time spent with each role
story-returns = Times it came back
story-steps = The steps
story-step = Step
story-who = By
story-when = On
story-waited = Waited before
story-see = As it was (step { $count })
story-since-last = Since the last step
story-link = Story of the basket
story-bookshop = Bookshop
story-role-service = Service

turn-opened = Opened
turn-sent = Sent to the approver
turn-validated = Validated, passed on to the purchaser
turn-returned-to-requester = Returned to the requester
turn-returned-to-approver = Returned to the approver
turn-returned-to-purchaser = Returned to the purchaser
turn-unlocked = Unlocked
turn-taken-over = Taken over by a colleague
turn-quoted = Became a quote request
turn-ordered = Became an order
turn-discarded = Deleted

span-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
span-hours = { $count } h
span-minutes = { $count } min
span-moment = under 1 min

changes-added = { $count ->
    [one] { $count } title added
   *[other] { $count } titles added
}
changes-removed = { $count ->
    [one] { $count } title removed
   *[other] { $count } titles removed
}
changes-changed = { $count ->
    [one] { $count } change
   *[other] { $count } changes
}
changes-more = { $count ->
    [one] and one more title
   *[other] and { $count } more titles
}
fate-added = Added
fate-removed = Removed
fate-changed = Changed
line-copies = { $count ->
    [one] { $count } copy
   *[other] { $count } copies
}
difference-quantity = copies: { $values }
difference-reference = reference: { $values }
difference-price = unit price incl. tax: { $values }
difference-discount = discount: { $values }
difference-none = none

then-title = Basket no. { $number } as it was
then-at = On { $moment }
then-after-step = after step { $count }
then-neighbours = Other steps
then-step = Step { $count }
then-back = The whole story
then-lines = Its lines at that moment
then-empty = The basket was empty.
then-line-since = Since then
then-now = Subtotal incl. tax today: { $amount }
then-since = What has changed since
then-same = Nothing has changed since: the lines are the same today.
since-removed = removed since
since-same = unchanged
