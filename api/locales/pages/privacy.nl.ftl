# Mijn gegevens: downloaden, account verwijderen.

privacy-title = Mijn persoonsgegevens
privacy-link = Mijn gegevens en het verwijderen van mijn account
privacy-data = Mijn gegevens downloaden
privacy-data-lead = Een ZIP-bestand met alles wat we van u weten: een pagina om te lezen, een tabel en de ruwe gegevens.
privacy-data-button = Mijn gegevens downloaden
privacy-leave = Mijn B2B-account verwijderen
privacy-leave-lead = Uw account blijft bestaan, maar alle B2B-gegevens worden verwijderd, meteen en voorgoed.
privacy-leave-gone = Verdwijnen: de onderneming, de nummers en de afdeling van uw inschrijving, de berichten van de boekhandel, uw rol, uw instellingen, uw machtigingen.
privacy-leave-stays = Blijven: uw naam, uw adres en uw wachtwoord; bij de instelling haar bestellingen, offertes en winkelmandjes.
privacy-leave-button = Mijn B2B-account verwijderen
privacy-leave-sure = Wilt u uw B2B-account echt verwijderen? Bevestig dat u het bent.
privacy-leave-final = B2B-account verwijderen
privacy-leave-not = Mijn B2B-account behouden
privacy-erase = Mijn account verwijderen
privacy-erase-lead = Uw gegevens worden vernietigd, meteen en voorgoed. Niemand kan dat ongedaan maken, wij ook niet.
privacy-erase-gone = Verdwijnen: uw naam, uw adres, uw telefoonnummer, uw opmerkingen, de namen van uw winkelmandjes, uw sessies.
privacy-erase-stays = Blijven, zonder uw naam: de bestellingen, offertes, bedragen en datums, die we wettelijk moeten bewaren.
privacy-erase-drafts = Uw winkelmandjes in opmaak kunnen door uw collega’s worden overgenomen.
privacy-erase-button = Mijn account verwijderen
privacy-erase-sure = Wilt u uw account echt verwijderen? Toon nog één keer dat u het bent.
privacy-erase-final = Definitief verwijderen
privacy-erase-not = Mijn account behouden
privacy-code = Code
privacy-code-hint = Die van uw app, of een herstelcode.
privacy-in-place = U handelt in de plaats van iemand anders: de gegevens zijn zijn zaak. Keer terug naar uw eigen naam.
notice-account-erased = Uw account en uw gegevens zijn verwijderd.
notice-organisation-deleted = Uw B2B-account is verwijderd. U blijft ingeschreven, zonder voor een instelling te handelen.

export-title = Uw gegevens
export-lead = Alles wat { $shop } in Bordereau van u weet, op
export-none = Er is geen account meer.
export-account = Uw account
export-new-email = Adres dat op bevestiging wacht
export-phone = Telefoon
export-fields = Uw teksten en contactgegevens
export-fields-lead = Elk persoonlijk gegeven uit het grootboek, in volgorde. Wat anderen schreven, staat er niet in.
export-at = Datum
export-event = Gebeurtenis
export-field = Veld
export-text = Tekst
export-destroyed = (vernietigd)
export-documents = Uw winkelmandjes, offertes en bestellingen
export-object = Voorwerp
export-number = Nummer
export-acts = Wat u deed
export-refusals = Wat u geweigerd werd
export-command = Opdracht
export-reason = Reden
export-sessions = Uw sessies
export-last-seen = Laatst gebruikt
export-until = Einde
export-recipients = Wie er nog iets van kreeg
export-recipients-lead = Het beheerprogramma van de boekhandel krijgt de bestellingen en offertes; de brieven gaan naar u.
export-recipient = Ontvanger
export-letter = U, per e-mail
export-retention = Hoelang we ze bewaren
export-kept-account = Account zonder aanmelding
export-kept-registration = Geweigerde of onbeantwoorde inschrijving
export-kept-refusals = Geweigerde handelingen
export-kept-letters = Spoor van e-mails
export-kept-accounting = Wat facturen moeten tonen
export-days = { $count ->
    [one] { $count } dag
   *[other] { $count } dagen
}
