# De brieven van de dienst.

greeting = Beste { $name },
greeting-nameless = Beste,
signature = { $shop }
automatic = Dit bericht wordt automatisch verstuurd; u kunt er niet op antwoorden.
link-once = Opent de knop niet, kopieer dan dit adres naar uw browser:

first-password = Uw account bij { $shop }
    .body = Er is een account voor u geopend bij { $shop }. Kies een wachtwoord om het te gebruiken.
    .note = Deze link werkt één keer, zeven dagen lang.
    .action = Mijn wachtwoord kiezen

reset-password = Wachtwoord vergeten
    .body = Er is een nieuw wachtwoord gevraagd voor uw account bij { $shop }.
    .note = Deze link werkt één keer, dertig minuten lang. Hebt u niets gevraagd, negeer dan dit bericht: uw wachtwoord blijft hetzelfde.
    .action = Een nieuw wachtwoord kiezen

order-available = Uw bestelling nr. { $number } ligt klaar
    .body = Uw bestelling nr. { $number } is volledig: ze ligt klaar in de boekhandel.
    .action = De bestelling bekijken

order-shipped = Uw bestelling nr. { $number } is verzonden
    .body = Uw bestelling nr. { $number } is zojuist verzonden.
    .tracking = Volgnummer: { $tracking }
    .action = De bestelling bekijken

order-message = Een bericht over uw bestelling nr. { $number }
    .body = { $shop } schrijft u over uw bestelling nr. { $number }:
    .action = De bestelling bekijken

confirm-address = Bevestig uw nieuwe adres
    .body = U wilt dit adres gebruiken voor uw account bij { $shop }. Bevestig het om het in gebruik te nemen.
    .note = Deze link werkt één keer, vierentwintig uur lang. Hebt u niets gevraagd, negeer dan dit bericht.
    .action = Dit adres bevestigen

address-change-asked = Er is een ander aanmeldadres aangevraagd
    .body = Er is een ander adres aangevraagd om u aan te melden bij uw account bij { $shop }. Dit adres blijft gelden tot het andere bevestigd is.
    .note = Hebt u niets gevraagd, kies dan meteen een nieuw wachtwoord: dat houdt de wijziging tegen. Verwittig daarna de boekhandel.

address-changed = Uw aanmeldadres is gewijzigd
    .body = Het adres van uw account bij { $shop } is niet langer dit adres. Hebt u dit niet gevraagd, verwittig dan meteen de boekhandel.

registration-received = Een aanvraag voor een account wacht op u
    .body = Iemand vraagt een account bij { $shop }. De aanvraag wacht op uw goedkeuring.
    .action = De aanvraag bekijken

account-approved = Uw account is geopend
    .body = Uw account bij { $shop } is geopend.
    .action = Aanmelden

account-declined = Uw aanvraag voor een account
    .body = { $shop } kon geen gevolg geven aan uw aanvraag voor een account.
    .note = U kunt ze verbeteren en opnieuw aanvragen.
    .action = Mijn aanvraag bekijken

prove-login = Bevestig uw adres
    .body = Met dit adres is een account aangevraagd bij { $shop }. Bevestig dat het uw adres is: uw wachtwoord blijft dan hetzelfde wanneer het account wordt geopend.
    .note = Bevestig alleen als u het wachtwoord zelf hebt gekozen. Deze link werkt één keer. Hebt u niets aangevraagd, negeer dan dit bericht: niemand anders gebruikt een account op uw adres.
    .action = Mijn adres bevestigen

login-known = U hebt al een account
    .body = Iemand gaf zonet dit adres op voor een account bij { $shop }, waar het er al een heeft. Was u het, meld u dan aan; bent u het wachtwoord vergeten, kies dan een ander.
    .note = Was u het niet, negeer dan dit bericht: er is niets veranderd.
    .action = Een ander wachtwoord kiezen

inactive-account = Uw account wordt binnenkort verwijderd
    .body = U hebt zich lang niet aangemeld bij uw account bij { $shop }. Als u zich niet binnen { $days } dagen aanmeldt, wordt het met uw gegevens verwijderd.
    .note = Om het te behouden, volstaat het u aan te melden.
    .action = Aanmelden

account-message = Een bericht van { $shop }
    .body = { $shop } schrijft u over uw account:
    .action = Mijn account openen
