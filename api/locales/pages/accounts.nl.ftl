# De accounts van instellingen, en die welke aangevraagd zijn.

accounts-title = Overzicht gebruikers
accounts-search = Naam of adres
accounts-active = Actieve accounts
accounts-inactive = Inactieve accounts
accounts-requested = Wacht op bevestiging
accounts-declined = Geweigerde aanvragen
accounts-private = Zonder B2B-account
accounts-empty = Geen account op dit tabblad.
accounts-none-found = Geen account op dit tabblad heeft deze naam of dit adres.
accounts-see = Details bekijken van { $name }
accounts-lacking = Klant { $number } heeft een aanvrager zonder goedkeurder, of een goedkeurder zonder aankoper.
accounts-lacking-more = { $count ->
    [one] Dat geldt nog voor { $count } andere klant.
   *[other] Dat geldt nog voor { $count } andere klanten.
}
accounts-join = Voeg een bestaande gebruiker toe
accounts-join-hint = Het adres van het account bij deze boekhandel.
accounts-join-role-hint = Kiest u niets, dan blijven de rechten zoals ze zijn.
accounts-join-button = Toevoegen

account-form-title = Voeg een nieuwe gebruiker toe
account-form-email = E-mail *
account-form-name = Naam *
account-form-role = Rechten *
account-form-institutions = Toegewezen klant(en) *
account-form-institution = Toegewezen klant *
account-form-establishment = Toegewezen boekhandel *
account-form-first-password = Eerste wachtwoord
account-form-password-link = De persoon kiest het via een link in een e-mail
account-form-password-typed = Ik typ het hier en geef het door
account-form-password = Wachtwoord *
account-form-password-hint = Alleen als u het hier typt: 10 tot 200 tekens.
account-form-confirmation = Bevestiging *
account-form-button = Account aanmaken

account-status-requested = Wacht op bevestiging
account-status-active = Actief account
account-status-inactive = Gedeactiveerd account
account-status-declined = Geweigerde aanvraag
account-status-private = Zonder B2B-account
account-locked = Vergrendeld tot { $moment } na foute wachtwoorden
account-since = Sinds
account-last-message = Laatste bericht van de boekhandel
account-assign = Rechten en klanten
account-assign-button = Bewaren
account-reactivate = Account weer activeren
account-unlock = Account ontgrendelen
account-send-link = Link voor het wachtwoord sturen
account-close = Account deactiveren
account-close-lead = De sessies eindigen, de mandjes blijven; collega's kunnen ze overnemen.
account-close-sure = Deze persoon kan zich niet meer aanmelden zolang het account niet weer geactiveerd is.
account-close-button = Ja, deactiveren
account-message = Bericht
account-message-title = Deze persoon schrijven
account-message-button = Bericht versturen
account-approve = Account toekennen
account-approve-button = Toekennen
account-decline = Aanvraag weigeren
account-decline-button = Weigeren

registration-title = Een B2B-account aanmaken
registration-lead = De boekhandel bekijkt uw aanvraag. U kunt zich meteen aanmelden; mandjes openen kan zodra ze akkoord is.
registration-closed = Deze boekhandel opent accounts zelf: neem contact met haar op.
registration-shop = Boekhandel
registration-company = Naam van de onderneming *
registration-vat-number = Btw-nummer *
registration-chamber-number = Kamer van Koophandel
registration-department = Afdeling
registration-name = Uw naam *
registration-button = Aanvraag versturen
waiting-title = Uw account wacht op het akkoord van de boekhandel
waiting-lead = U bent aangemeld, maar er kan nog niets besteld worden. De boekhandel schrijft u zodra ze geantwoord heeft.
waiting-declined-title = Uw aanvraag werd niet aanvaard
waiting-declined-lead = Verbeter wat ontbreekt en vraag opnieuw.
waiting-message = Bericht van de boekhandel
waiting-again = Opnieuw aanvragen
waiting-private-title = U hebt geen B2B-account
waiting-private-lead = Uw account bestaat, maar is aan geen enkele instelling gekoppeld. Vraag een B2B-account aan om winkelmandjes voor te bereiden.
menu-accounts = Overzicht gebruikers
notice-account-unlocked = Het account is ontgrendeld.
