# De mandjes.

tray-mine = Mijn mandje
tray-sent = Verzonden mandjes
tray-to-validate = Goed te keuren mandjes
tray-validated = Goedgekeurde mandjes
tray-passed-on = Verzonden of goedgekeurde mandjes
tray-empty-mine = Geen mandje in opmaak. Met “Nieuw mandje” opent u er een.
tray-empty-sent = Geen mandje onderweg. Een mandje dat u verstuurt, staat hier tot het besteld is.
tray-empty-to-validate = Niets goed te keuren. Mandjes die u toegestuurd krijgt, komen hier aan.
tray-empty-validated = Nog geen goedgekeurde mandjes.
basket-new = Nieuw mandje
basket-open = Mandje openen
basket-number = Nr.
basket-name = Naam van het mandje
basket-name-hint = Om het terug te vinden; u kunt hem later wijzigen.
basket-institution = Klant
basket-owner = Opgemaakt door
basket-place = Waar het staat
basket-copies = Exemplaren
basket-total = Subtotaal incl. btw
unnamed = zonder naam
since = sinds
since-days = { $count ->
    [one] sinds { $count } dag
   *[other] sinds { $count } dagen
}
place-drafting-by-you = In opmaak bij u
place-drafting = In opmaak bij { $owner }
place-returned-to-you = Teruggestuurd: neem het weer op
place-returned = Teruggestuurd naar { $owner }
place-at-you = Wacht op uw goedkeuring
place-at-approver = Wacht op de goedkeurder
place-at-purchaser = Wacht op de aankoper
place-quote = Omgezet in een offerteaanvraag
place-order = Omgezet in een bestelling
place-discarded = Verwijderd
basket-numbered = Mandje nr. { $number }
basket-returned = Teruggestuurd
basket-returned-by = Teruggestuurd door { $name } op
basket-lines = Regels van het mandje
basket-document = Document bekijken
lines-count = { $count ->
    [one] { $count } regel
   *[other] { $count } regels
}
copies-count = { $count ->
    [one] { $count } exemplaar
   *[other] { $count } exemplaren
}
lines-empty = Dit mandje is leeg.
line-title = Titel
line-by = Auteur · Uitgever
line-ean = Referentie
line-reference = Lijnreferentie
line-quantity = Aantal
line-price-excl = Prijs excl. btw
line-price-incl = Prijs incl. btw
line-discount = Korting
line-total = Totaal incl. btw
totals-discount = Totale korting incl. btw
totals-excl = Subtotaal excl. btw
totals-vat-at = Btw { $rate }
totals-vat-base = op { $base }
totals-vat = Totaal btw
totals-incl = Subtotaal incl. btw
basket-shop = Verder zoeken
basket-stale = Dit mandje is intussen gewijzigd
basket-stale-detail = Iemand heeft het gewijzigd sinds u het opende. Hier ziet u het zoals het nu is: kijk het na en probeer opnieuw.
basket-elsewhere = Dit mandje is niet meer in deze fase
basket-elsewhere-detail = Iemand was u voor, of u had het al gedaan. Hier ziet u het zoals het nu is.
step-place-order = Dit mandje bestellen
step-request-quote = Offerte vragen voor dit mandje
step-validate = Dit mandje doorsturen naar de aankoper
step-validate-as-purchaser = Dit mandje goedkeuren
step-send = Dit mandje naar de goedkeurder sturen
step-take-over = Dit mandje overnemen
step-unlock = Het mandje ontgrendelen
step-return = Dit mandje terugsturen naar de vorige rol
step-return-button = Mandje terugsturen
step-comment = Opmerking
step-word = Een opmerking toevoegen
step-reprice = Prijzen bijwerken
step-rename = Naam wijzigen
step-discard = Dit mandje verwijderen
step-discard-sure = “{ $name }” met alle regels verwijderen? U kunt dit niet ongedaan maken.
step-discard-button = Definitief verwijderen
entry-title = Een artikel toevoegen
entry-ask = EAN of titel
entry-hint = Scan of typ een EAN en druk op Enter; met woorden zoekt u.
entry-find = Zoeken
entry-add = In het mandje leggen
cancel = Annuleren
availability-withdrawn = Uit de catalogus gehaald
lines-empty-fill = Dit mandje is leeg. Scan of typ hierboven een eerste EAN.
lines-save = Opslaan
lines-saved = Opgeslagen
lines-not-saved = Niet opgeslagen: gebruik “Opslaan”.
line-remove = Verwijderen
line-changed-since = Intussen door iemand anders gewijzigd: { $now }. Sla opnieuw op om uw invoer te behouden.
