# Offertes en bestellingen van instellingen.

quotes-mine = Mijn offertes
quotes-all = Offertes beheren
quotes-search = Nummer van de offerte, of een referentie
quotes-current = Lopende offertes
quotes-archived = Gearchiveerde offertes
quotes-current-empty = Geen lopende offerte. Een mandje dat een offerteaanvraag wordt, komt hier te staan.
quotes-archived-empty = Geen gearchiveerde offerte. De boekhandel archiveert offertes waarvan niets meer verwacht wordt.
quotes-none-found = Geen offerte op dit tabblad heeft dit nummer of deze referentie.
quotes-number = Nr.
quotes-created-by = Mandje opgemaakt door
quotes-requested-at = Aangevraagd op
quotes-copies = Aantal exemplaren
quotes-excl-tax = Subtotaal excl. btw
quotes-incl-tax = Totaal incl. btw
quotes-status = Status
list-actions = Acties
list-see = Details bekijken
quote-see = Details bekijken van offerte nr. { $number }
search-button = Zoeken
search-clear = Filter wissen

quote-status-requested = Wacht op de boekhandel
quote-status-collected = Opgehaald door de boekhandelaar
quote-status-answered = Beantwoord door de boekhandel
quote-status-accepted = Aanvaard
quote-status-refused = Geweigerd
quote-status-expired = Verlopen
quote-status-archived = Gearchiveerd

quote-title = Offerte nr. { $number }
quote-place-requested = In wachtrij: de boekhandel moet de aanvraag nog ophalen.
quote-place-collected = Opgehaald door de boekhandelaar: de boekhandel moet nog antwoorden.
quote-place-yours = De boekhandel heeft geantwoord: aan u om te aanvaarden of te weigeren, tot en met { $day }.
quote-place-answered = De boekhandel heeft geantwoord: de instelling moet aanvaarden of weigeren, tot en met { $day }.
quote-place-accepted = Aanvaard: de offerte is een bestelling geworden.
quote-place-refused = Geweigerd door de instelling.
quote-place-expired = Verlopen: de prijzen golden tot en met { $day }.
quote-place-archived = Gearchiveerd door de boekhandel.
quote-order = De bestelling bekijken
quote-accept = Deze offerte aanvaarden
quote-accept-lead = De offerte wordt een bestelling, tegen haar prijzen en onder haar referentie.
quote-accept-button = Aanvaarden en bestellen
quote-refuse = Deze offerte weigeren
quote-refuse-lead = Een geweigerde offerte kan niet meer worden aanvaard.
quote-refuse-comment = Opmerking voor de boekhandel
quote-refuse-button = Offerte weigeren
quote-valid-until = Geldig tot en met
asked = Gevraagd:

document-about = Gegevens
document-origin = Oorspronkelijk mandje nr. { $number } ({ $name })
document-client = Klant
document-reference = Referentie van de instelling
document-librisoft-number = Librisoft-nr.
document-comment = Opmerking
document-lines = Artikelen
document-copies = { $count ->
    [one] { $count } exemplaar
   *[other] { $count } exemplaren
}
document-history = Geschiedenis

line-article = Titel
line-publisher = Uitgever
line-quantity = Aantal
line-unit-excl-tax = Eenheidsprijs excl. btw
line-unit-incl-tax = Eenheidsprijs incl. btw
line-discount-rate = Korting %
line-discount = Korting incl. btw
line-total = Totaal incl. btw
line-reference = Uw referentie: { $value }
line-availability = Beschikbaarheid
line-availability-1 = Beschikbaar
line-availability-2 = Nog niet verschenen
line-availability-3 = In herdruk
line-availability-4 = Tijdelijk niet beschikbaar
line-availability-5 = Niet langer door ons verdeeld
line-availability-6 = Definitief uit de handel
line-availability-7 = Ontbreekt, geen datum bekend
line-availability-8 = Verschijnt opnieuw
line-availability-9 = Uitgave opgegeven
line-not-reported = Nog niet gemeld
line-deferred = Uit te stellen
line-in-stock = { $count ->
    [0] geen in voorraad
    [one] { $count } in voorraad
   *[other] { $count } in voorraad
}
line-expected = verwacht op { $day }

totals-title = Totalen
totals-vat-rate = Btw-tarief
totals-vat-base = Basis excl. btw
totals-vat-amount = Btw
totals-discount = Totale korting incl. btw
totals-excl-tax = Subtotaal excl. btw
totals-vat = Totaal btw
totals-incl-tax = Subtotaal incl. btw
totals-shipping = Verzendkosten
totals-total = Totaal incl. btw

orders-mine = Mijn bestellingen
orders-all = Bestellingen beheren
orders-filter = Bestellingen filteren
orders-any = Alle mogelijkheden
orders-number = Bestelnr. / Librisoft-nr.
orders-eans = EAN-codes
orders-from = Periode: van
orders-to = Periode: tot en met
orders-pending = Te verwerken
orders-processing = In verwerking
orders-closed = Afgesloten
orders-cancelled = Geannuleerd
orders-empty = Geen bestelling. Een goedgekeurd mandje of een aanvaarde offerte wordt een bestelling.
orders-none-found = Geen bestelling op dit tabblad beantwoordt aan deze filter.
orders-column-number = Nr.
orders-date = Datum
orders-client = Klant
orders-total = Totaal incl. btw
orders-payment = Betaalwijze en status
orders-establishment = Boekhandel die de bestelling uitvoert
order-see = Details bekijken van bestelling nr. { $number }

order-title = Bestelling nr. { $number }
order-status = Status
order-status-pending = Te verwerken
order-status-processing = In verwerking
order-status-available = Klaar om af te halen
order-status-shipped = Verzonden
order-status-closed = Afgesloten
order-status-cancelled = Geannuleerd
supply-awaiting_supplier = Wacht op leverancier(s)
supply-in_preparation = Bestelling in voorbereiding
order-place-pending = Te verwerken: de boekhandel moet de bestelling nog ophalen.
order-place-processing = In verwerking: de boekhandel maakt de bestelling klaar.
order-place-available = Klaar: de bestelling kan in de boekhandel worden afgehaald.
order-place-shipped = Verzonden: de bestelling is onderweg.
order-place-closed = Afgesloten: er wordt niets meer verwacht.
order-place-cancelled = Geannuleerd door de boekhandel.
order-messages = Berichten van de boekhandel
order-created-by = Verstuurd door
order-quote = Oorspronkelijke offerte
order-justification = Verantwoording van de korting
erased-text = verwijderde tekst

terms-delivery-mode = Leveringswijze
terms-delivered-to = Geleverde klant
terms-billed-to = Gefactureerde klant
terms-address = Leveringsadres
terms-address-hint = Niet nodig als u de bestelling in de boekhandel afhaalt.
terms-address-first = Eerste adres van de geleverde klant
terms-payment-mode = Betaalwijze
terms-cost-centre = Kostenplaats
delivery-mode-pickup = Afhalen in de boekhandel
delivery-mode-delivery = Levering
payment-mode-invoice = Op factuur
payment-mode-chorus = Chorus Pro
payment-mode-online = Onlinebetaling

step-QuoteRequested = Offerte aangevraagd
step-QuotePushedToLibrisoft = Opgehaald door de boekhandelaar
step-QuoteAnswered = Antwoord van de boekhandel
step-QuoteAccepted = Aanvaard
step-QuoteRefused = Geweigerd
step-QuoteExpired = Verlopen
step-QuoteArchived = Gearchiveerd
step-OrderPlaced = Bestelling verstuurd
step-OrderPushedToLibrisoft = Opgehaald door Librisoft
step-OrderLinesReported = Beschikbaarheid gemeld
step-OrderMadeAvailable = Klaar om af te halen
step-OrderShipped = Verzonden
step-OrderClosed = Afgesloten
step-OrderCancelled = Geannuleerd
step-OrderCancellationPushedToLibrisoft = Annulering opgehaald door Librisoft
step-OrderStatusReset = Status teruggezet
step-OrderMessageSent = Bericht aan de klant gestuurd
detail-librisoft-number = Librisoft-nr. { $value }
detail-valid-until = geldig tot en met { $value }
detail-tracking = Volgnummer { $value }
