# Mon compte client.

account-title = Mon compte client
account-about = Mes informations
account-name = Nom
account-email = Email
account-role = Droits
account-shop = Librairie
account-institutions = Client(s) affecté(s)
account-password = Mot de passe
account-password-lead = En changeant de mot de passe, vous fermez vos sessions ouvertes ailleurs.
account-password-button = Changer le mot de passe
