# De geschiedenis van een mandje.

story-title = Geschiedenis van mandje nr. { $number }
story-basket = Het mandje
story-lasting = loopt nog
story-passage = De weg langs de rollen
story-picture = De weg van het mandje langs de rollen, stap voor stap
story-scale = De lengte van de lijnen groeit met de duur, maar niet evenredig: de duur staat erbij. Dezelfde feiten staan in de tabel hieronder.
story-waits = Tijd bij elke rol
story-returns = Keer teruggestuurd
story-steps = De stappen
story-step = Stap
story-who = Door
story-when = Op
story-waited = Wachttijd ervoor
story-see = Zoals het was (stap { $count })
story-since-last = Sinds de laatste stap
story-link = Geschiedenis van het mandje
story-bookshop = Boekhandel
story-role-service = Dienst

turn-opened = Geopend
turn-sent = Verstuurd naar de goedkeurder
turn-validated = Goedgekeurd, doorgegeven aan de aankoper
turn-returned-to-requester = Teruggestuurd naar de aanvrager
turn-returned-to-approver = Teruggestuurd naar de goedkeurder
turn-returned-to-purchaser = Teruggestuurd naar de aankoper
turn-unlocked = Ontgrendeld
turn-taken-over = Overgenomen door een collega
turn-quoted = Omgezet in een offerteaanvraag
turn-ordered = Omgezet in een bestelling
turn-discarded = Verwijderd

span-days = { $count ->
    [one] { $count } dag
   *[other] { $count } dagen
}
span-hours = { $count } u
span-minutes = { $count } min
span-moment = minder dan 1 min

changes-added = { $count ->
    [one] { $count } titel toegevoegd
   *[other] { $count } titels toegevoegd
}
changes-removed = { $count ->
    [one] { $count } titel verwijderd
   *[other] { $count } titels verwijderd
}
changes-changed = { $count ->
    [one] { $count } wijziging
   *[other] { $count } wijzigingen
}
changes-more = { $count ->
    [one] en nog één titel
   *[other] en nog { $count } titels
}
fate-added = Toegevoegd
fate-removed = Verwijderd
fate-changed = Gewijzigd
line-copies = { $count ->
    [one] { $count } exemplaar
   *[other] { $count } exemplaren
}
difference-quantity = exemplaren: { $values }
difference-reference = referentie: { $values }
difference-price = eenheidsprijs incl. btw: { $values }
difference-discount = korting: { $values }
difference-none = geen

then-title = Mandje nr. { $number } zoals het was
then-at = Op { $moment }
then-after-step = na stap { $count }
then-neighbours = Andere stappen
then-step = Stap { $count }
then-back = De hele geschiedenis
then-lines = De regels van toen
then-empty = Het mandje was leeg.
then-line-since = Sindsdien
then-now = Subtotaal incl. btw vandaag: { $amount }
then-since = Wat sindsdien veranderd is
then-same = Er is sindsdien niets veranderd: de regels zijn vandaag dezelfde.
since-removed = sindsdien verwijderd
since-same = ongewijzigd
