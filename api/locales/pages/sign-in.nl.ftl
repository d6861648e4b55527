# Aanmelden en wachtwoorden.

sign-in-title = Aanmelden
sign-in-email = E-mail
sign-in-password = Wachtwoord
sign-in-code = Eenmalige code
sign-in-shop = Boekhandel
sign-in-button = Aanmelden
clear-title = Onbeveiligde verbinding
clear-detail = Deze pagina kwam zonder https aan: een wachtwoord kan onderweg gelezen worden. Open ze via haar https-adres.
clear-operator = Beheert u deze dienst achter een proxy met https: de proxy moet X-Forwarded-Proto meesturen en moet in BORDEREAU_TRUSTED_PROXIES staan, tenzij hij op dezelfde machine draait.
password-title = Een wachtwoord kiezen
password-lead = Deze link werkt één keer. Daarna meldt u zich aan met uw adres en dit wachtwoord.
password-new = Nieuw wachtwoord
password-hint = 10 tot 200 tekens.
password-confirmation = Bevestiging
password-current = Huidig wachtwoord
password-button = Wachtwoord bewaren
forgotten-title = Wachtwoord vergeten
forgotten-lead = Geef uw adres: hoort het bij een actief account, dan ontvangt u er een link om een nieuw wachtwoord te kiezen.
forgotten-button = Een link ontvangen
login-title = Uw adres bevestigen
login-lead = Deze link werkt één keer en toont dat dit adres het uwe is. U meldt zich ermee aan.
login-button = Dit adres bevestigen
sign-in-password-again = Typ ook uw wachtwoord opnieuw.
