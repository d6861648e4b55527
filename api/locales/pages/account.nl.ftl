# Mijn account.

account-title = Mijn account
account-about = Mijn gegevens
account-name = Naam
account-email = E-mail
account-role = Rechten
account-shop = Boekhandel
account-institutions = Instelling(en)
account-password = Wachtwoord
account-password-lead = Met een nieuw wachtwoord eindigen uw sessies op andere toestellen.
account-password-button = Wachtwoord wijzigen
