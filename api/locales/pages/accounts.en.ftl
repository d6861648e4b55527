# The accounts of institutions, and those that are asked for.

accounts-title = Users
accounts-search = Name or address
accounts-active = Active accounts
accounts-inactive = Inactive accounts
accounts-requested = Waiting for approval
accounts-declined = Refused requests
accounts-private = Without B2B account
accounts-empty = No account on this tab.
accounts-none-found = No account on this tab has this name or address.
accounts-see = See details of { $name }
accounts-lacking = Client { $number } has a requester without an approver, or an approver without a purchaser.
accounts-lacking-more = { $count ->
    [one] So has { $count } other client.
   *[other] So have { $count } other clients.
}
accounts-join = Add an existing user
accounts-join-hint = The address of the account in this bookshop.
accounts-join-role-hint = Without a choice the rights stay as they are.
accounts-join-button = Add

account-form-title = Add an account
account-form-email = E-mail *
account-form-name = Name *
account-form-role = Rights *
account-form-institutions = Assigned client(s) *
account-form-institution = Assigned client *
account-form-establishment = Assigned bookshop *
account-form-first-password = First password
account-form-password-link = A link by e-mail lets the person choose it
account-form-password-typed = I type it here and hand it over
account-form-password = Password *
account-form-password-hint = Only if you type it here: 10 to 200 characters.
account-form-confirmation = Confirmation *
account-form-button = Create the account

account-status-requested = Waiting for approval
account-status-active = Active account
account-status-inactive = Closed account
account-status-declined = Refused request
account-status-private = Without B2B account
account-locked = Locked until { $moment } after wrong passwords
account-since = Since
account-last-message = Last message of the bookshop
account-assign = Rights and clients
account-assign-button = Save
account-reactivate = Reopen the account
account-unlock = Unlock the account
account-send-link = Send a link for the password
account-close = Close the account
account-close-lead = Its sessions end, its baskets stay; colleagues may take them over.
account-close-sure = This person can no longer sign in until the account is reopened.
account-close-button = Yes, close it
account-message = Message
account-message-title = Write to this person
account-message-button = Send the message
account-approve = Grant the account
account-approve-button = Grant
account-decline = Refuse the request
account-decline-button = Refuse

registration-title = Create a B2B account
registration-lead = The bookshop looks at your request. You can sign in at once; baskets open with its approval.
registration-closed = This bookshop opens accounts itself: ask it.
registration-shop = Bookshop
registration-company = Name of the company *
registration-vat-number = VAT number *
registration-chamber-number = Chamber of commerce
registration-department = Department
registration-name = Your name *
registration-button = Send the request
waiting-title = Your account waits for the bookshop's approval
waiting-lead = You are signed in, but nothing can be ordered yet. The bookshop writes to you as soon as it has answered.
waiting-declined-title = Your request was not accepted
waiting-declined-lead = Correct what is missing, then ask again.
waiting-message = Message from the bookshop
waiting-again = Ask again
waiting-private-title = You have no B2B account
waiting-private-lead = Your account exists, but belongs to no institution. Ask for a B2B account to prepare baskets.
menu-accounts = Users
notice-account-unlocked = The account is unlocked.
