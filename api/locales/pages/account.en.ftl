# My account.

account-title = My account
account-about = About me
account-name = Name
account-email = E-mail
account-role = Rights
account-shop = Bookshop
account-institutions = Institution(s)
account-institutions-more = { $count ->
    [one] See { $count } other client
   *[other] See { $count } other clients
}
account-password = Password
account-password-lead = A new password ends your sessions elsewhere.
account-password-button = Change the password
account-sections = Sections of the account
account-details = Name and telephone
account-phone = Telephone
account-details-button = Save
account-new-email-title = E-mail for signing in
account-new-email = New e-mail
account-new-email-lead = A link goes to the new address; the present one holds until it is confirmed.
account-new-email-button = Receive the link
account-pending-email = { $email } waits to be confirmed by its link.
account-not-yours = You act for a colleague: return to your own name to change what is yours.
act-for-oneself = Return to my own name

sessions-title = Open sessions
sessions-lead = The browsers and programs where you are signed in. End what you do not recognise, then change your password.
sessions-begun = Begun on
sessions-seen = Last used
sessions-ends = Ends on, at the latest
sessions-this = This session
sessions-in-place = in a colleague's place
sessions-end = End
sessions-end-that = End the session begun on { $moment }
sessions-end-others = End all other sessions

factor-title = Second factor
factor-enabled = In use: each sign-in asks for a code.
factor-disabled = Not in use: your password is enough to come in.
factor-begin-title = Protect signing in with a code
factor-begin-lead = An authenticator shows a code that changes every thirty seconds; you will be asked for it after the password.
factor-begin = Begin
factor-prove-title = Connect your authenticator
factor-prove-lead = Scan this picture with your authenticator, or type its key there, then type here the code that it shows. The key is shown once.
factor-prove-again = Type the code that your authenticator shows now. Could you not scan the picture?
factor-begin-again = Begin again
factor-picture = Picture to scan with an authenticator; its key follows as text.
factor-secret = Key:
factor-code = Code of six digits, or recovery code
factor-confirm = Take it into use
factor-enabled-now = The second factor is in use; your other sessions have ended.
factor-codes = Your recovery codes
factor-codes-lead = Each stands in once for the authenticator's code, when you no longer have it. Print them or copy them now: they are not shown again.
factor-codes-kept = I have kept them
factor-give-up-title = Ask for no code any more
factor-give-up-lead = Your password will be enough to come in again.
factor-give-up = Turn the second factor off

delegations-title = Delegations
delegations-received = Who lets me act
delegations-received-empty = Nobody lets you act in his place. When a colleague does, you stand in for him from here.
delegations-given = Who acts in my place
delegations-given-empty = You have given no delegation. Before you are away, choose a colleague: he validates for you, under both names.
delegation-from = On behalf of
delegation-to = Delegate
delegation-first-day = First day
delegation-last-day = Last day
delegation-last-day-hint = Included; 90 days in all at most.
delegation-email = E-mail of the colleague
delegation-email-hint = An active colleague of one of your institutions.
delegation-today = Now
delegation-give = Delegate
delegation-give-lead = He acts with your rights; the history keeps both names.
delegation-revoke = Take back
delegation-revoke-name = Take back the delegation of { $name }
act-for = Act in his place
act-for-name = Act in the place of { $name }
substitution-lead = Your account has the power of substitution: you may open a session in the place of another account of your institutions.
