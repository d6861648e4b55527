# My data: download it, delete my account.

privacy-title = My data
privacy-link = My data, and deleting my account
privacy-data = Download my data
privacy-data-lead = A ZIP file with all that we know about you: a page to read, a table, and the raw data.
privacy-data-button = Download my data
privacy-leave = Delete my B2B account
privacy-leave-lead = Your account is kept, but all B2B data are deleted, at once and for ever.
privacy-leave-gone = What goes: the company, numbers and department of your registration, the bookshop's messages, your role, your institutions, your delegations.
privacy-leave-stays = What stays: your name, your address and your password; with the institution, its orders, quotes and baskets.
privacy-leave-button = Delete my B2B account
privacy-leave-sure = Do you really want to delete your B2B account? Confirm that it is you.
privacy-leave-final = Delete the B2B account
privacy-leave-not = Keep my B2B account
privacy-erase = Delete my account
privacy-erase-lead = Your data are destroyed, at once and for ever. Nobody can bring them back, nor can we.
privacy-erase-gone = Gone: your name, your address, your telephone number, your comments, the names of your baskets, your sessions.
privacy-erase-stays = Kept, without your name: orders, quotes, amounts and dates, which the law makes us keep.
privacy-erase-drafts = Your colleagues may take over the baskets that you were preparing.
privacy-erase-button = Delete my account
privacy-erase-sure = Do you really want to delete your account? Show once more that it is you.
privacy-erase-final = Delete for good
privacy-erase-not = Keep my account
privacy-code = Code
privacy-code-hint = Your authenticator’s, or a recovery code.
privacy-in-place = You are acting on behalf of somebody else: the data are that person’s affair. Return to your own name.
notice-account-erased = Your account and your data were deleted.
notice-organisation-deleted = Your B2B account is deleted. You stay registered, and act for no institution.

export-title = Your data
export-lead = All that { $shop } knows about you in Bordereau, on
export-none = There is no account any more.
export-account = Your account
export-new-email = Address that waits for its confirmation
export-phone = Telephone
export-fields = Your texts and contact details
export-fields-lead = Every personal field of the ledger, in order. What others wrote is not in it.
export-at = Date
export-event = Event
export-field = Field
export-text = Text
export-destroyed = (destroyed)
export-documents = Your baskets, quotes and orders
export-object = Object
export-number = Number
export-acts = What you did
export-refusals = What you were refused
export-command = Command
export-reason = Reason
export-sessions = Your sessions
export-last-seen = Last used
export-until = End
export-recipients = Who else got some of it
export-recipients-lead = The bookshop’s management system gets orders and quotes; letters go to you.
export-recipient = Recipient
export-letter = You, by e-mail
export-retention = How long we keep it
export-kept-account = An account without a sign-in
export-kept-registration = A request refused or never answered
export-kept-refusals = Refused actions
export-kept-letters = The trace of e-mails
export-kept-accounting = What invoices must show
export-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
