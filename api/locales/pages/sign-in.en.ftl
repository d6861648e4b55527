# Signing in, and passwords.

sign-in-title = Sign in
sign-in-email = E-mail
sign-in-password = Password
sign-in-code = One-time code
sign-in-shop = Bookshop
sign-in-button = Sign in
clear-title = Unprotected connection
clear-detail = This page came without https: a password could be read on its way. Open it by its https address.
clear-operator = If you run this service behind a proxy with https: the proxy has to send X-Forwarded-Proto, and BORDEREAU_TRUSTED_PROXIES has to name it unless it is on the same machine.
password-title = Choose a password
password-lead = This link works once. Then sign in with your address and this password.
password-new = New password
password-hint = 10 to 200 characters.
password-confirmation = Confirmation
password-current = Present password
password-button = Save the password
forgotten-title = Forgotten password
forgotten-lead = Give your address: if it is that of an active account, you will receive a link to choose a new password.
forgotten-button = Receive a link
login-title = Confirm your address
login-lead = This link works once and shows that this address is yours. You will sign in with it.
login-button = Confirm this address
sign-in-password-again = Type your password again too.
