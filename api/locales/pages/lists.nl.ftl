# Een lijst in een mandje importeren.

list-ready = Kan worden toegevoegd
list-not-orderable = Kan worden toegevoegd. Gemelde beschikbaarheid: { $availability }
list-added-to-another = Zelfde artikel als op regel { $line }: de exemplaren zijn daar meegeteld
list-ean-missing = De EAN-code ontbreekt
list-ean-damaged = Het rekenblad heeft deze code afgerond: de laatste cijfers zijn verloren. Geef de kolom de opmaak Tekst en voer de code opnieuw in
list-ean-malformed = Dit is geen EAN-code: 13 cijfers, of 10 voor een oud ISBN
list-wrong-check-digit = Tikfout: het laatste cijfer zou { $expected } moeten zijn
list-unknown-article = Dit artikel staat niet in de catalogus van uw boekhandel
list-quantity-not-whole = Het aantal is geen geheel getal
list-quantity-out-of-range = Het aantal ligt tussen 1 en 9999
list-reference-too-long = De referentie is langer dan 200 tekens
list-no-room = Het mandje zou meer dan 2000 regels hebben
list-title = Een lijst importeren
list-paste = Een lijst plakken
list-paste-hint = Eén regel per artikel: EAN-code, aantal, referentie. Een selectie uit een rekenblad is goed.
list-file = Of een bestand kiezen
list-file-hint = CSV, XLSX of ODS, hoogstens 1 MB en 5.000 regels.
list-check = Lijst nakijken
list-back = Terug naar het mandje
list-how = Hoe de lijst wordt gelezen
list-how-columns = De kolommen worden herkend aan hun kop (EAN of ISBN, Aantal, Referentie), in om het even welke volgorde, of aan hun inhoud. Zonder aantal is het één exemplaar. Er wordt niets toegevoegd voor u het gezien hebt.
list-how-excel = Geef in een rekenblad de kolom met EAN-codes de opmaak Tekst: anders kunnen de laatste cijfers verloren gaan (9,78E+12).
list-good = { $count ->
    [0] Geen enkele regel kan worden toegevoegd
    [one] { $count } regel kan worden toegevoegd
   *[other] { $count } regels kunnen worden toegevoegd
}
list-bad = { $count ->
    [one] { $count } regel te verbeteren
   *[other] { $count } regels te verbeteren
}
list-added = { $count ->
    [one] { $count } regel is aan het mandje toegevoegd. De rest is te verbeteren.
   *[other] { $count } regels zijn aan het mandje toegevoegd. De rest is te verbeteren.
}
list-read = Zo gelezen:
list-read-header = kop op regel { $count }
list-read-ean = EAN-code in kolom { $count }
list-read-quantity = aantal in kolom { $count }
list-read-reference = referentie in kolom { $count }
list-take = Toevoegen
list-take-line = Regel { $count } toevoegen
list-line = Regel
list-untitled = titel onbekend
list-verdict = Controle
list-together = met inbegrip van regel { $lines }
list-mend = Te verbeteren regels
list-rest = EAN-code; aantal; referentie
list-rest-hint = Verbeter hier en kies “Opnieuw nakijken”. Wat hier blijft staan, wordt niet toegevoegd en gaat niet verloren.
list-add = Aangevinkte regels toevoegen
list-again = Opnieuw nakijken
list-other = Andere lijst
notice-list-added = De aangevinkte regels zijn aan het mandje toegevoegd.

# Een mandje of een bestelling kopiëren.

copy-basket = Naar een nieuw mandje kopiëren
copy-order = Opnieuw bestellen
copy-of-basket = Kopie van mandje nr. { $number }
copy-of-order = Volgens bestelling nr. { $number }
copied-title = Mandje gekopieerd
copied-whole = Alle regels zijn gekopieerd, aan de prijzen van vandaag.
copied-missing = { $count ->
    [one] { $count } artikel staat niet meer in de catalogus en is niet gekopieerd. De andere regels staan aan de prijzen van vandaag.
   *[other] { $count } artikelen staan niet meer in de catalogus en zijn niet gekopieerd. De andere regels staan aan de prijzen van vandaag.
}
copied-see = Het nieuwe mandje bekijken
notice-basket-copied = De regels zijn naar dit nieuwe mandje gekopieerd, aan de prijzen van vandaag.

# Goed om te weten. Niets belet om verder te gaan.

warning-title = Goed om te weten
warning-ordered = Al besteld op { $day }: bestelling nr. { $number }, { $count ->
    [one] { $count } exemplaar
   *[other] { $count } exemplaren
}
warning-received = Al ontvangen: bestelling nr. { $number } van { $day }, { $count ->
    [one] { $count } exemplaar
   *[other] { $count } exemplaren
}
warning-in-basket = Al in mandje nr. { $number } van { $owner }, verzonden op { $day }: { $count ->
    [one] { $count } exemplaar
   *[other] { $count } exemplaren
}
warning-in-own-draft = Al in uw mandje nr. { $number }: { $count ->
    [one] { $count } exemplaar
   *[other] { $count } exemplaren
}
warning-not-orderable = Gemelde beschikbaarheid: { $availability }
warning-gone = Staat niet meer in de catalogus van uw boekhandel
warning-price-changed = De prijs is veranderd: { $old } bij het toevoegen, { $new } vandaag
warning-discount-changed = De korting is veranderd: { $old } % bij het toevoegen, { $new } % vandaag
warning-above-cap = Korting boven het maximum van { $percent } %: { $law }
law-france-art-1 = Franse wet van 10 augustus 1981, art. 1
law-france-art-3 = Franse wet van 10 augustus 1981, art. 3
law-flanders = Vlaams decreet van 23 december 2016
law-french-community = decreet van de Franse Gemeenschap van 19 oktober 2017
rate-capped = Korting beperkt tot { $percent } %: { $law }
warning-more = { $count ->
    [one] … en { $count } andere regel
   *[other] … en { $count } andere regels
}
