# My account.

account-title = My account
account-about = About me
account-name = Name
account-email = E-mail
account-role = Rights
account-shop = Bookshop
account-institutions = Institution(s)
account-password = Password
account-password-lead = A new password ends your sessions elsewhere.
account-password-button = Change the password
